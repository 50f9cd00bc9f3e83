"""Reading partners and policies. Nothing here writes."""

from partners.queries.histories import History, histories, scheduled_snapshot, version_in_force
from partners.queries.lists import (
    additional_fee_policies_matching,
    contracts_matching,
    discount_share_options,
    discount_share_policies_matching,
    partner_options,
    partners_matching,
)
from partners.queries.payable import Problem, payable_problems, payment_warnings
from partners.queries.properties import (
    Properties,
    defined_properties,
    hidden_properties,
    seen_properties,
)
from partners.queries.terms import PartnerTerms, default_contracts, partner_terms

__all__ = [
    "History",
    "PartnerTerms",
    "Problem",
    "Properties",
    "additional_fee_policies_matching",
    "contracts_matching",
    "default_contracts",
    "defined_properties",
    "discount_share_options",
    "discount_share_policies_matching",
    "hidden_properties",
    "histories",
    "partner_options",
    "partner_terms",
    "partners_matching",
    "payable_problems",
    "payment_warnings",
    "scheduled_snapshot",
    "seen_properties",
    "version_in_force",
]
