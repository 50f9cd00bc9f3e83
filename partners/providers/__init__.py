"""Which provider answers a workspace: test workspaces never leave the house."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from core.companies.models import Workspace
from partners.providers.base import BusinessRegistry, CompanyDirectory, HolderCheck
from partners.providers.nts_open_api import NtsOpenApi
from partners.providers.sandbox import (
    SandboxBusinessRegistry,
    SandboxCompanyDirectory,
    SandboxHolderCheck,
)

HOLDER_CHECKS: dict[str, Callable[[], HolderCheck]] = {"sandbox": SandboxHolderCheck}
BUSINESS_REGISTRIES: dict[str, Callable[[], BusinessRegistry]] = {
    "sandbox": SandboxBusinessRegistry,
    "nts": lambda: NtsOpenApi(settings.NTS_SERVICE_KEY),
}
COMPANY_DIRECTORIES: dict[str, Callable[[], CompanyDirectory]] = {
    "sandbox": SandboxCompanyDirectory
}
"""By the names settings use; another adapter is one more entry."""


def holder_check(workspace: Workspace) -> HolderCheck:
    return HOLDER_CHECKS["sandbox" if workspace.is_test else settings.HOLDER_CHECK]()


def business_registry(workspace: Workspace) -> BusinessRegistry:
    return BUSINESS_REGISTRIES["sandbox" if workspace.is_test else settings.BUSINESS_REGISTRY]()


def company_directory(workspace: Workspace) -> CompanyDirectory:
    return COMPANY_DIRECTORIES["sandbox" if workspace.is_test else settings.COMPANY_DIRECTORY]()
