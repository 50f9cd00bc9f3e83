"""Verbs of partners and policies: the only writers."""

from partners.services.batches import create_partners
from partners.services.checks import (
    CheckOutcome,
    accept_holder,
    check_businesses,
    check_holders,
    plan_rechecks,
    refresh_business_status,
    run_due_checks,
)
from partners.services.lookups import look_up_companies, look_up_company, look_up_holder
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
    sweep_schedules,
)
from partners.services.secrets import (
    reveal_account_number,
    reveal_resident_number,
    set_resident_number,
)
from partners.services.settings import ensure_setting, update_setting
from partners.services.versions import preview

__all__ = [
    "ARCHIVE_GUARDS",
    "CheckOutcome",
    "accept_holder",
    "apply_due_schedules",
    "approve_partner",
    "archive_partner",
    "archive_policy",
    "cancel_schedule",
    "check_businesses",
    "check_holders",
    "create_additional_fee_policy",
    "create_contract",
    "create_discount_share_policy",
    "create_partner",
    "create_partners",
    "define_property",
    "ensure_setting",
    "look_up_companies",
    "look_up_company",
    "look_up_holder",
    "plan_rechecks",
    "preview",
    "recover_partner",
    "recover_policy",
    "refresh_business_status",
    "reject_partner",
    "reschedule_update",
    "reveal_account_number",
    "reveal_resident_number",
    "run_due_checks",
    "schedule_partners",
    "schedule_update",
    "set_connection_status",
    "set_resident_number",
    "sweep_schedules",
    "update_partner",
    "update_policy",
    "update_property",
    "update_setting",
]
