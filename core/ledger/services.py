"""Post and reverse entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core.companies.models import Workspace
from core.events.models import Event
from core.ledger.models import Account, Entry, Line


@dataclass(frozen=True)
class Posting:
    """An amount on an account: positive debits it, negative credits it."""

    code: str
    amount: int
    subject: str = ""
    currency: str = "KRW"


class Unbalanced(ValueError):
    """The postings of an entry do not sum to zero: a bug in the caller, never an input error."""


@transaction.atomic
def post(
    *,
    workspace: Workspace,
    key: str,
    kind: str,
    on: date,
    postings: Sequence[Posting],
    event: Event | None = None,
    memo: str = "",
) -> Entry:
    """Post once per key; the second call returns the first entry unchanged.

    Zero postings are dropped. Amounts in won; Σ postings per currency must be zero.
    """
    if sum(posting.amount for posting in postings) != 0:
        raise Unbalanced(f"{key}: {postings}")
    entry, created = Entry.objects.get_or_create(
        workspace=workspace,
        key=key,
        defaults={"kind": kind, "posted_on": on, "event": event, "memo": memo},
    )
    if created:
        accounts = ensure_accounts(workspace, postings)
        Line.objects.bulk_create(
            _line(entry, accounts[posting.code, posting.subject, posting.currency], posting.amount)
            for posting in postings
            if posting.amount
        )
    return entry


def reverse(entry: Entry, *, key: str, on: date, memo: str = "") -> Entry:
    """Undo an entry by copying its lines with sides swapped; nothing is computed anew."""
    with transaction.atomic():
        mirror, created = Entry.objects.get_or_create(
            workspace=entry.workspace,
            key=key,
            defaults={
                "kind": f"{entry.kind}.reversal",
                "posted_on": on,
                "reverses": entry,
                "memo": memo,
            },
        )
        if created:
            Line.objects.bulk_create(
                _line(mirror, line.account, -line.amount)
                for line in entry.lines.select_related("account").order_by("pk")
            )
    return mirror


def ensure_accounts(
    workspace: Workspace, postings: Iterable[Posting]
) -> dict[tuple[str, str, str], Account]:
    """The accounts of these postings, created where missing (safe under races)."""
    wanted = {(p.code, p.subject, p.currency) for p in postings}
    Account.objects.bulk_create(
        (
            Account(workspace=workspace, code=code, subject=subject, currency=currency)
            for code, subject, currency in sorted(wanted)
        ),
        ignore_conflicts=True,
    )
    rows = Account.objects.filter(
        workspace=workspace,
        code__in={code for code, _, _ in wanted},
        subject__in={subject for _, subject, _ in wanted},
    )
    return {(row.code, row.subject, row.currency): row for row in rows}


def _line(entry: Entry, account: Account, amount: int) -> Line:
    return Line(
        workspace_id=entry.workspace_id,
        entry=entry,
        account=account,
        debit=max(amount, 0),
        credit=max(-amount, 0),
    )
