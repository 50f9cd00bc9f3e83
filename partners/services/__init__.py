"""Verbs of partners and policies: the only writers."""

from partners.services.batches import create_partners
from partners.services.partners import (
    ARCHIVE_GUARDS,
    approve_partner,
    archive_partner,
    create_partner,
    recover_partner,
    reject_partner,
    set_connection_status,
    update_partner,
)
from partners.services.policies import (
    archive_policy,
    create_additional_fee_policy,
    create_contract,
    create_discount_share_policy,
    recover_policy,
    update_policy,
)
from partners.services.properties import define_property, update_property
from partners.services.schedules import (
    apply_due_schedules,
    cancel_schedule,
    reschedule_update,
    schedule_partners,
    schedule_update,
)
from partners.services.settings import ensure_setting, update_setting

__all__ = [
    "ARCHIVE_GUARDS",
    "apply_due_schedules",
    "approve_partner",
    "archive_partner",
    "archive_policy",
    "cancel_schedule",
    "create_additional_fee_policy",
    "create_contract",
    "create_discount_share_policy",
    "create_partner",
    "create_partners",
    "define_property",
    "ensure_setting",
    "recover_partner",
    "recover_policy",
    "reject_partner",
    "reschedule_update",
    "schedule_partners",
    "schedule_update",
    "set_connection_status",
    "update_partner",
    "update_policy",
    "update_property",
    "update_setting",
]
