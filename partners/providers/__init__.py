"""Which provider answers a workspace: test workspaces never leave the house."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings

from core.companies.models import Workspace
from core.popbill import Popbill
from partners.providers.base import BusinessRegistry, CompanyDirectory, HolderCheck
from partners.providers.nts_open_api import NtsOpenApi
from partners.providers.popbill import (
    SCOPES,
    PopbillBusinessRegistry,
    PopbillCompanyDirectory,
    PopbillHolderCheck,
)
from partners.providers.sandbox import (
    SandboxBusinessRegistry,
    SandboxCompanyDirectory,
    SandboxHolderCheck,
)


@cache
def popbill() -> Popbill:
    """One client per process: its tokens are worth keeping."""
    return Popbill(
        settings.POPBILL_LINK_ID, settings.POPBILL_SECRET_KEY, SCOPES, test=settings.POPBILL_TEST
    )


def _member(workspace: Workspace) -> str:
    return workspace.company.business_registration_number


HOLDER_CHECKS: dict[str, Callable[[Workspace], HolderCheck]] = {
    "sandbox": lambda workspace: SandboxHolderCheck(),
    "popbill": lambda workspace: PopbillHolderCheck(popbill(), _member(workspace)),
}
BUSINESS_REGISTRIES: dict[str, Callable[[Workspace], BusinessRegistry]] = {
    "sandbox": lambda workspace: SandboxBusinessRegistry(),
    "nts": lambda workspace: NtsOpenApi(settings.NTS_SERVICE_KEY),
    "popbill": lambda workspace: PopbillBusinessRegistry(popbill(), _member(workspace)),
}
COMPANY_DIRECTORIES: dict[str, Callable[[Workspace], CompanyDirectory]] = {
    "sandbox": lambda workspace: SandboxCompanyDirectory(),
    "popbill": lambda workspace: PopbillCompanyDirectory(popbill(), _member(workspace)),
}
"""By the names settings use; another adapter is one more entry."""


def holder_check(workspace: Workspace) -> HolderCheck:
    name = "sandbox" if workspace.is_test else settings.HOLDER_CHECK
    return HOLDER_CHECKS[name](workspace)


def business_registry(workspace: Workspace) -> BusinessRegistry:
    name = "sandbox" if workspace.is_test else settings.BUSINESS_REGISTRY
    return BUSINESS_REGISTRIES[name](workspace)


def company_directory(workspace: Workspace) -> CompanyDirectory:
    name = "sandbox" if workspace.is_test else settings.COMPANY_DIRECTORY
    return COMPANY_DIRECTORIES[name](workspace)
