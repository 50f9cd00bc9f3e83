"""How a workspace settles (contract.md c.4)."""

from __future__ import annotations

from django.db import transaction
from msgspec import UNSET, UnsetType

from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record
from partners import inputs
from partners.models import PlatformSetting
from partners.snapshots import differences, setting_snapshot

COLUMNS = {
    "default_withdrawal_memo": "default_withdrawal_memo",
    "default_deposit_memo": "default_deposit_memo",
    "supports_multiple_order_transfers_per_partner": "supports_multiple_orders_per_partner",
    "adjust_settlement_date_after_holiday_if_earlier": "adjusts_date_after_holiday_if_earlier",
    "deduct_wht": "deducts_withholding",
    "settlement_amount_type": "settlement_amount_type",
    "manual_settlement_per_transfer": "settles_manual_per_transfer",
    "issues_commission_invoices": "issues_commission_invoices",
    "requests_supply_invoices": "requests_supply_invoices",
    "requires_second_person": "requires_second_person",
    "requires_otp": "requires_otp",
    "account_change_hold_hours": "account_change_hold_hours",
}
"""Input field → column."""


def ensure_setting(workspace: Workspace) -> PlatformSetting:
    """The workspace's setting; the first reader creates it with the defaults."""
    setting, _ = PlatformSetting.objects.select_related("workspace").get_or_create(
        workspace=workspace
    )
    return setting


@transaction.atomic
def update_setting(
    *, workspace: Workspace, actor: Actor, update: inputs.UpdateSetting
) -> PlatformSetting:
    """Change what is given; an empty memo clears it. Payouts made earlier keep what they froze."""
    ensure_setting(workspace)
    locked = PlatformSetting.objects.select_related("workspace").select_for_update(of=("self",))
    setting = locked.get(workspace=workspace)
    before = setting_snapshot(setting)
    for name, column in COLUMNS.items():
        value = getattr(update, name, UNSET)
        if not isinstance(value, UnsetType):
            setattr(setting, column, value)
    changes = differences(before, setting_snapshot(setting))
    if changes:
        setting.save()
        record(
            "setting.updated",
            workspace=workspace,
            object_type="setting",
            object_id="",
            actor=actor,
            changes=changes,
        )
    return setting
