"""The four kinds of versioned rows: what differs between them, so verbs are written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import Conflict, NotFound
from partners import errors, inputs, snapshots
from partners.models import (
    AdditionalFeePolicy,
    AdditionalFeePolicyVersion,
    Contract,
    ContractVersion,
    DiscountSharePolicy,
    DiscountSharePolicyVersion,
    Partner,
    PartnerVersion,
    VersionedRow,
)
from partners.services import facts, terms


@dataclass(frozen=True)
class Kind:
    word: str
    model: type[VersionedRow]
    version: type[Any]
    update_shape: type[Any]
    id_prefix: str
    change: Callable[[Any, Any, Any], None]
    """(row, input, references): put the input onto the row, or refuse."""
    snapshot: Callable[[Any], snapshots.Snapshot]
    not_found: type[NotFound]
    already_exists: type[Conflict]
    archived: type[Conflict]
    cannot_archive_scheduled: type[Conflict]
    schedule_already_exists: type[Conflict]

    @property
    def name(self) -> str:
        """As events call it: contract, partner …"""
        return self.model._meta.model_name or ""


CONTRACT = Kind(
    word="계약",
    model=Contract,
    version=ContractVersion,
    update_shape=inputs.UpdateContract,
    id_prefix="ctr",
    change=terms.change_contract,
    snapshot=snapshots.contract_snapshot,
    not_found=errors.ContractNotFound,
    already_exists=errors.ContractAlreadyExists,
    archived=errors.ArchivedContract,
    cannot_archive_scheduled=errors.CannotArchiveScheduledContract,
    schedule_already_exists=errors.ContractScheduleAlreadyExists,
)
DISCOUNT_SHARE = Kind(
    word="할인 분담 정책",
    model=DiscountSharePolicy,
    version=DiscountSharePolicyVersion,
    update_shape=inputs.UpdateDiscountSharePolicy,
    id_prefix="dsp",
    change=terms.change_discount_share,
    snapshot=snapshots.discount_share_snapshot,
    not_found=errors.DiscountSharePolicyNotFound,
    already_exists=errors.DiscountSharePolicyAlreadyExists,
    archived=errors.ArchivedDiscountSharePolicy,
    cannot_archive_scheduled=errors.CannotArchiveScheduledDiscountSharePolicy,
    schedule_already_exists=errors.DiscountSharePolicyScheduleAlreadyExists,
)
ADDITIONAL_FEE = Kind(
    word="추가 수수료 정책",
    model=AdditionalFeePolicy,
    version=AdditionalFeePolicyVersion,
    update_shape=inputs.UpdateAdditionalFeePolicy,
    id_prefix="afp",
    change=terms.change_additional_fee,
    snapshot=snapshots.additional_fee_snapshot,
    not_found=errors.AdditionalFeePolicyNotFound,
    already_exists=errors.AdditionalFeePolicyAlreadyExists,
    archived=errors.ArchivedAdditionalFeePolicy,
    cannot_archive_scheduled=errors.CannotArchiveScheduledAdditionalFeePolicy,
    schedule_already_exists=errors.AdditionalFeePolicyScheduleAlreadyExists,
)
PARTNER = Kind(
    word="파트너",
    model=Partner,
    version=PartnerVersion,
    update_shape=inputs.UpdatePartner,
    id_prefix="ptn",
    change=facts.change_partner,
    snapshot=snapshots.partner_snapshot,
    not_found=errors.PartnerNotFound,
    already_exists=errors.PartnerIdAlreadyExists,
    archived=errors.ArchivedPartner,
    cannot_archive_scheduled=errors.CannotArchiveScheduledPartner,
    schedule_already_exists=errors.PartnerScheduleAlreadyExists,
)

KINDS = (CONTRACT, DISCOUNT_SHARE, ADDITIONAL_FEE, PARTNER)
BY_MODEL = {kind.model: kind for kind in KINDS}


def kind_of(row: VersionedRow) -> Kind:
    return BY_MODEL[type(row)]
