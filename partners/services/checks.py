"""Look up partners' account holders and business status, and write down what was answered.

Three phases: read who is to be checked, ask with no transaction open, record. An answer counts
only for the account and number it was asked about. A failed look-up never takes a proof away:
what was verified stays so until the bank says otherwise.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q

from core import clock
from core.companies.models import Workspace
from core.crypto import Unreadable
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record
from core.sweeping import going_on
from partners.models import AccountStatus, BusinessStatus, Partner
from partners.names import NameMatch, compare_names
from partners.providers import business_registry, holder_check
from partners.providers.base import (
    AccountUnknown,
    BusinessFacts,
    BusinessQuery,
    BusinessRegistry,
    HolderCheck,
    HolderQuery,
    LookUpFailed,
)
from partners.services.versions import note

log = logging.getLogger(__name__)

CHECKER = Actor.system("자동 조회")
CLAIM = 200
LEASE = timedelta(minutes=10)
RETRY_AFTER = timedelta(hours=1)
FRESH_FOR = timedelta(hours=24)
"""The tax office refreshes its data daily (korea-rules 5.1)."""
RECHECK_AFTER = timedelta(days=30)

UNKNOWN_YET = frozenset({AccountStatus.NOT_VERIFIED, AccountStatus.VERIFY_ERROR})
NO_STATUS_YET = frozenset({BusinessStatus.NOT_VERIFIED, BusinessStatus.VERIFY_ERROR})
MATCHES = {
    NameMatch.MATCH: AccountStatus.VERIFIED,
    NameMatch.REVIEW: AccountStatus.UNKNOWN,
    NameMatch.MISMATCH: AccountStatus.VERIFY_FAILED,
}
NO_NEWS = frozenset({("NOT_VERIFIED", "VERIFIED"), ("NOT_VERIFIED", "IN_BUSINESS")})
"""From unchecked to fine leaves no event of its own: the row says when it was checked."""

Facts = dict[str, Any]


@dataclass
class CheckOutcome:
    """How many partners ended in which status."""

    holders: Counter[str] = field(default_factory=Counter)
    businesses: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: CheckOutcome) -> CheckOutcome:
        return CheckOutcome(self.holders + other.holders, self.businesses + other.businesses)


def run_due_checks(*, workspace: Workspace | None = None) -> CheckOutcome:
    """Check every partner that waits for it. Rung after registrations and changes, swept by beat;
    two runs at a time share the work."""
    outcome = CheckOutcome()
    while claimed := _claim_due(workspace):
        lease, ids = claimed
        partners = Partner.objects.select_related("workspace__company", "default_contract")
        by_workspace = partners.filter(pk__in=ids).order_by("workspace_id", "pk")
        for _, group in groupby(by_workspace, key=lambda partner: partner.workspace_id):
            some = list(group)
            with going_on("checking the partners of", some[0].workspace):
                outcome += _check_due(some)
                _release([partner.pk for partner in some], lease)
    return outcome


def _check_due(partners: list[Partner]) -> CheckOutcome:
    holders = [p for p in partners if p.currency == "KRW" and p.account_status in UNKNOWN_YET]
    outcome = check_holders(partners=holders, actor=CHECKER)
    outcome += check_businesses(partners=[p for p in partners if p.is_business], actor=CHECKER)
    record(
        "partner.bulk_checked",
        workspace=partners[0].workspace,
        object_type="partner",
        object_id="",
        actor=CHECKER,
        changes={"holders": dict(outcome.holders), "businesses": dict(outcome.businesses)},
    )
    return outcome


@transaction.atomic
def _claim_due(workspace: Workspace | None) -> tuple[datetime, list[int]] | None:
    """Push the due moment of some partners away: whoever dies leaves them due again."""
    due = Partner.objects.filter(checks_due_at__lte=clock.now())
    if workspace is not None:
        due = due.filter(workspace=workspace)
    some = due.order_by("checks_due_at", "pk").select_for_update(skip_locked=True)
    ids = list(some.values_list("pk", flat=True)[:CLAIM])
    lease = clock.now() + LEASE
    Partner.objects.filter(pk__in=ids).update(checks_due_at=lease)
    return (lease, ids) if ids else None


def _release(ids: list[int], lease: datetime) -> None:
    """Done, unless a row changed meanwhile; what was not answered is due again later."""
    checked = Partner.objects.filter(pk__in=ids, checks_due_at=lease)
    unanswered = Q(account_status=AccountStatus.VERIFY_ERROR) | Q(
        business_status=BusinessStatus.VERIFY_ERROR
    )
    checked.filter(unanswered).update(checks_due_at=clock.now() + RETRY_AFTER)
    checked.update(checks_due_at=None)


def check_holders(*, partners: Sequence[Partner], actor: Actor) -> CheckOutcome:
    """Ask the bank who holds each won account and compare names (korea-rules 6.4)."""
    outcome = CheckOutcome()
    if not partners:
        return outcome
    provider = holder_check(partners[0].workspace)
    with ThreadPoolExecutor(provider.concurrency) as pool:
        found = list(pool.map(lambda partner: _holder_facts(provider, partner), partners))
    with transaction.atomic():
        for partner, facts in zip(partners, found, strict=True):
            if _write_holder(partner, facts, actor):
                outcome.holders[partner.account_status] += 1
    return outcome


def _holder_facts(provider: HolderCheck, partner: Partner) -> Facts:
    try:
        number = partner.account_number
    except Unreadable:  # one must not keep the others from being asked about
        log.exception("the account of partner %s", partner.public_id)
        return {"account_status": AccountStatus.VERIFY_ERROR}
    query = HolderQuery(bank=partner.bank, number=number, claimed_holder=partner.account_holder)
    try:
        name = provider.look_up(query)
    except AccountUnknown:
        return {"account_status": AccountStatus.VERIFY_FAILED, "account_holder_found": ""}
    except LookUpFailed:
        return {"account_status": AccountStatus.VERIFY_ERROR}
    return {
        "account_status": MATCHES[compare_names(partner.account_holder, name)],
        "account_holder_found": name,
    }


def _write_holder(partner: Partner, facts: Facts, actor: Actor) -> bool:
    if facts["account_status"] == AccountStatus.VERIFY_ERROR and (
        partner.account_status not in UNKNOWN_YET
    ):
        note(partner, "account_check_failed", actor=actor)
        return False
    same_account = Partner.objects.filter(
        pk=partner.pk,
        bank=partner.bank,
        account_number_hash=partner.account_number_hash,
        account_holder=partner.account_holder,
    )
    if facts["account_status"] == AccountStatus.VERIFY_ERROR:  # a proof may have come meanwhile
        same_account = same_account.filter(account_status__in=UNKNOWN_YET)
    return _write(partner, same_account, facts | {"account_checked_at": clock.now()}, actor)


def check_businesses(*, partners: Sequence[Partner], actor: Actor) -> CheckOutcome:
    """Ask the tax office about each registration number."""
    outcome = CheckOutcome()
    if not partners:
        return outcome
    provider = business_registry(partners[0].workspace)
    for start in range(0, len(partners), provider.batch_size):
        some = partners[start : start + provider.batch_size]
        found = _business_facts(provider, some)
        with transaction.atomic():
            for partner in some:
                if _write_business(partner, found.get(partner.business_registration_number), actor):
                    outcome.businesses[partner.business_status] += 1
    return outcome


def _business_facts(
    provider: BusinessRegistry, partners: Sequence[Partner]
) -> dict[str, BusinessFacts]:
    queries = [
        BusinessQuery(partner.business_registration_number, partner.taxation_type)
        for partner in partners
    ]
    try:
        return provider.statuses(queries)
    except LookUpFailed:
        return {}


def _write_business(partner: Partner, facts: BusinessFacts | None, actor: Actor) -> bool:
    if facts is None or facts.status == BusinessStatus.VERIFY_ERROR:
        if partner.business_status not in NO_STATUS_YET:
            note(partner, "business_check_failed", actor=actor)
            return False
        facts = BusinessFacts(partner.business_registration_number, BusinessStatus.VERIFY_ERROR)
    same_number = Partner.objects.filter(
        pk=partner.pk, business_registration_number=partner.business_registration_number
    )
    if facts.status == BusinessStatus.VERIFY_ERROR:
        same_number = same_number.filter(business_status__in=NO_STATUS_YET)
    answer = {
        "business_status": facts.status,
        "taxation_type_found": facts.taxation_type,
        "closed_suspended_on": facts.closed_suspended_on,
        "business_status_checked_at": clock.now(),
    }
    return _write(partner, same_number, answer, actor)


def _write(partner: Partner, still_so: Any, facts: Facts, actor: Actor) -> bool:
    """Write an answer and, when it says something new or bad, an event."""
    if not still_so.update(**facts):
        return False
    changes = {
        name: [getattr(partner, name), value]
        for name, value in facts.items()
        if name.endswith("status") and getattr(partner, name) != value
    }
    for name, value in facts.items():
        setattr(partner, name, value)
    if any((str(old), str(new)) not in NO_NEWS for old, new in changes.values()):
        note(partner, "checked", actor=actor, changes=changes)
    return True


def refresh_business_status(
    *, partners: Sequence[Partner], actor: Actor, max_age: timedelta = FRESH_FOR
) -> CheckOutcome:
    """Ask again about those whose status is older than this; before invoices and payouts."""
    since = clock.now() - max_age
    stale = [
        partner
        for partner in partners
        if partner.is_business
        and (
            partner.business_status_checked_at is None
            or partner.business_status_checked_at < since
            or partner.business_status in NO_STATUS_YET
        )
    ]
    return check_businesses(partners=stale, actor=actor)


def plan_rechecks() -> int:
    """Make active businesses due again a month after their last check. Returns how many."""
    stale = Partner.objects.filter(
        type="BUSINESS",
        is_archived=False,
        checks_due_at=None,
        business_status_checked_at__lt=clock.now() - RECHECK_AFTER,
    )
    return stale.update(checks_due_at=clock.now())


@transaction.atomic
def accept_holder(*, partner: Partner, actor: Actor, reason: str) -> None:
    """A person vouches that a similar name is the same holder (예금주 확인). Only for 확인 필요:
    a different name needs another account or another holder."""
    accepted = Partner.objects.filter(
        pk=partner.pk,
        account_status=AccountStatus.UNKNOWN,
        account_number_hash=partner.account_number_hash,
        account_holder_found=partner.account_holder_found,
    ).update(account_status=AccountStatus.VERIFIED)
    if not accepted:
        raise Conflict("확인하지 않았습니다. 예금주 확인이 필요한 계좌가 아닙니다.")
    partner.account_status = AccountStatus.VERIFIED
    note(
        partner,
        "holder_accepted",
        actor=actor,
        reason=reason,
        changes={
            "account_status": [AccountStatus.UNKNOWN, AccountStatus.VERIFIED],
            "holder": [partner.account_holder, partner.account_holder_found],
        },
    )
