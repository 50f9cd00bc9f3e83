"""Who issues for a workspace: the sandbox for test, what the operator configured for live."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from core.companies.models import Workspace
from invoices.providers.base import ETaxProvider

PROVIDERS = {"sandbox": "invoices.providers.sandbox.provider.sandbox"}
"""Configured name → function of an environment name that gives the provider."""


def provider_for(workspace: Workspace) -> ETaxProvider:
    name = "sandbox" if workspace.is_test else settings.ETAX_PROVIDER
    return _provider(name, workspace.environment)


@lru_cache(maxsize=8)
def _provider(name: str, environment: str) -> ETaxProvider:
    provider: ETaxProvider = import_string(PROVIDERS[name])(environment)
    return provider
