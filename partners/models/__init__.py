"""Whom we settle with and on what terms."""

from partners.models.partner import (
    AccountStatus,
    BusinessStatus,
    ConnectionStatus,
    Partner,
    PartnerStatus,
    PartnerType,
    PartnerVersion,
    TaxationType,
)
from partners.models.policies import (
    AdditionalFeePolicy,
    AdditionalFeePolicyVersion,
    Contract,
    ContractVersion,
    CycleType,
    DatePolicy,
    DiscountSharePolicy,
    DiscountSharePolicyVersion,
    VatPayer,
)
from partners.models.properties import PropertyDefinition
from partners.models.settings import PlatformSetting, SettlementAmountType
from partners.models.verifications import AccountVerification, CompanyVerification
from partners.models.versions import Version, VersionedRow

__all__ = [
    "AccountStatus",
    "AccountVerification",
    "AdditionalFeePolicy",
    "AdditionalFeePolicyVersion",
    "BusinessStatus",
    "CompanyVerification",
    "ConnectionStatus",
    "Contract",
    "ContractVersion",
    "CycleType",
    "DatePolicy",
    "DiscountSharePolicy",
    "DiscountSharePolicyVersion",
    "Partner",
    "PartnerStatus",
    "PartnerType",
    "PartnerVersion",
    "PlatformSetting",
    "PropertyDefinition",
    "SettlementAmountType",
    "TaxationType",
    "VatPayer",
    "Version",
    "VersionedRow",
]
