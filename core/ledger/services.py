"""Post and reverse entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from core.companies.models import Workspace
from core.events.models import Event
from core.ledger.models import Account, Entry, Line
from core.money import WON


@dataclass(frozen=True)
class Posting:
    """An amount on an account: positive debits it, negative credits it."""

    code: str
    amount: int
    subject: str = ""
    currency: str = WON


@dataclass(frozen=True)
class Draft:
    """An entry still to be posted; `key` cannot be used twice."""

    key: str
    kind: str
    on: date
    postings: Sequence[Posting]
    memo: str = ""


class Unbalanced(ValueError):
    """The postings of an entry do not sum to zero in a currency: a bug in the caller."""


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

    Zero postings are dropped. Amounts in the smallest unit of their currency; Σ postings per
    currency must be zero, else Unbalanced.
    """
    _refuse_unbalanced(key, postings)
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


def _refuse_unbalanced(key: str, postings: Sequence[Posting]) -> None:
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.currency] += posting.amount
    if any(sums.values()):
        raise Unbalanced(f"{key}: {postings}")


POST_ENTRIES = """
    INSERT INTO ledger_entry (workspace_id, key, kind, posted_on, memo, event_id, created_at)
    SELECT %(workspace)s, key, kind, posted_on, memo, %(event)s, now()
    FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(days)s::date[], %(memos)s::text[])
        AS draft (key, kind, posted_on, memo)
    ON CONFLICT (workspace_id, key) DO NOTHING
    RETURNING key, id
"""
POST_LINES = """
    INSERT INTO ledger_line (workspace_id, entry_id, account_id, debit, credit)
    SELECT %(workspace)s, entry_id, account_id, greatest(amount, 0), greatest(-amount, 0)
    FROM unnest(%(entries)s::bigint[], %(accounts)s::bigint[], %(amounts)s::bigint[])
        AS posting (entry_id, account_id, amount)
"""


@transaction.atomic
def post_many(*, workspace: Workspace, drafts: Sequence[Draft], event: Event | None = None) -> int:
    """Post many entries in three statements, each once per key; returns how many were new.

    The same rules as `post`: zero postings dropped, Σ of every draft is zero in each currency.
    """
    for draft in drafts:
        _refuse_unbalanced(draft.key, draft.postings)
    accounts = ensure_accounts(workspace, (p for draft in drafts for p in draft.postings))
    with connection.cursor() as cursor:
        cursor.execute(POST_ENTRIES, _entry_arrays(workspace, drafts, event))
        entry_ids: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(POST_LINES, _line_arrays(workspace, drafts, entry_ids, accounts))
    return len(entry_ids)


def _entry_arrays(
    workspace: Workspace, drafts: Sequence[Draft], event: Event | None
) -> dict[str, Any]:
    return {
        "workspace": workspace.pk,
        "event": event.pk if event else None,
        "keys": [draft.key for draft in drafts],
        "kinds": [draft.kind for draft in drafts],
        "days": [draft.on for draft in drafts],
        "memos": [draft.memo for draft in drafts],
    }


def _line_arrays(
    workspace: Workspace,
    drafts: Sequence[Draft],
    entry_ids: dict[str, int],
    accounts: dict[tuple[str, str, str], Account],
) -> dict[str, Any]:
    lines = [
        (entry_ids[draft.key], accounts[p.code, p.subject, p.currency].pk, p.amount)
        for draft in drafts
        if draft.key in entry_ids
        for p in draft.postings
        if p.amount
    ]
    entries, account_ids, amounts = map(list, zip(*lines, strict=True)) if lines else ([], [], [])
    return {
        "workspace": workspace.pk,
        "entries": entries,
        "accounts": account_ids,
        "amounts": amounts,
    }


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


REVERSE_ENTRIES = """
    WITH mirror AS (
        INSERT INTO ledger_entry
            (workspace_id, key, kind, posted_on, memo, event_id, reverses_id, created_at)
        SELECT workspace_id, key || ':reversed', kind || '.reversal', %(on)s, memo,
               %(event)s, id, now()
        FROM ledger_entry WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s)
        ON CONFLICT DO NOTHING
        RETURNING id, reverses_id
    )
    INSERT INTO ledger_line (workspace_id, entry_id, account_id, debit, credit)
    SELECT line.workspace_id, mirror.id, line.account_id, line.credit, line.debit
    FROM mirror JOIN ledger_line line ON line.entry_id = mirror.reverses_id
"""


def reverse_many(
    *, workspace: Workspace, keys: Sequence[str], on: date, event: Event | None = None
) -> None:
    """Undo the entries of these keys, each at most once, in one statement (key `…:reversed`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            REVERSE_ENTRIES,
            {
                "workspace": workspace.pk,
                "keys": list(keys),
                "on": on,
                "event": event.pk if event else None,
            },
        )


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
