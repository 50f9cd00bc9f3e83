"""Break-glass: a superuser may look at every row and change nothing that money depends on.

People and companies are the exception, because a locked-out owner must be let in again.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Field, Model
from django.http import HttpRequest

from core.companies.models import HolidayOverride, Member, User

READABLE_APPS = (
    "companies",
    "events",
    "ledger",
    "jobs",
    "notifications",
    "partners",
    "settlements",
    "invoices",
    "payouts",
)
NEVER_SHOWN = ("_encrypted", "_hash")


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every column but the sealed ones, nothing to press."""

    show_full_result_count = False
    list_per_page = 50

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(field.name for field in self._shown())[:10]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [field.name for field in self._shown()]

    def _shown(self) -> list[Field[Any, Any]]:
        fields = self.model._meta.concrete_fields
        return [field for field in fields if not field.name.endswith(NEVER_SHOWN)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("email", "first_name", "is_active", "last_login")


class MemberAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "company", "role", "is_active")
    list_select_related = ("user", "company")


for model in (
    model for label in READABLE_APPS for model in apps.get_app_config(label).get_models()
):
    if model not in (User, Member, HolidayOverride):
        admin.site.register(model, ReadOnlyAdmin)
admin.site.register(User, PeopleAdmin)
admin.site.register(Member, MemberAdmin)
admin.site.register(HolidayOverride)
