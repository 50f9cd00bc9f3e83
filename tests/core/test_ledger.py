"""The database itself keeps the books: balanced, unchangeable, each entry once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.companies.models import Workspace
from core.companies.services import create_company
from core.ledger.models import Account, Entry, Line
from core.ledger.queries import balance
from core.ledger.services import Posting, post, reverse

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 10, 31)
INSERT_LINE = """
    INSERT INTO ledger_line (workspace_id, entry_id, account_id, debit, credit)
    VALUES (%s, %s, %s, %s, %s)
"""


@pytest.fixture
def workspace() -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


def owe(workspace: Workspace, amount: int, key: str = "settlement:1") -> Entry:
    return post(
        workspace=workspace,
        key=key,
        kind="settlement",
        on=DAY,
        postings=[Posting("CLEARING", amount), Posting("PAYABLE", -amount, "partner-1")],
    )


def sides(entry: Entry) -> list[tuple[str, int, int]]:
    lines = entry.lines.order_by("account__code")
    return list(lines.values_list("account__code", "debit", "credit"))


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(("debit", "credit"), [(1, 0), (0, 1)])
def test_an_unbalanced_entry_cannot_be_committed(workspace, debit, credit):
    entry = owe(workspace, 10_000)
    account = Account.objects.get(code="CLEARING")

    with pytest.raises(IntegrityError, match="out of balance by 1"):
        sql(INSERT_LINE, workspace.pk, entry.pk, account.pk, debit, credit)

    assert sides(entry) == [("CLEARING", 10_000, 0), ("PAYABLE", 0, 10_000)]


def test_two_currencies_do_not_balance_each_other(workspace):
    won, dollar = (
        Account.objects.create(workspace=workspace, code="CLEARING", currency=currency)
        for currency in ("KRW", "USD")
    )
    entry = Entry.objects.create(workspace=workspace, key="x", kind="x", posted_on=DAY)
    lines = [
        Line(workspace=workspace, entry=entry, account=won, debit=5),
        Line(workspace=workspace, entry=entry, account=dollar, credit=5),
    ]
    with pytest.raises(IntegrityError, match="out of balance"):
        Line.objects.bulk_create(lines)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_line SET debit = debit * 2, credit = credit * 2",
        "DELETE FROM ledger_line",
        "UPDATE ledger_entry SET posted_on = '2026-11-01'",
        "DELETE FROM ledger_entry",
    ],
)
def test_the_past_cannot_be_rewritten(workspace, statement):
    entry = owe(workspace, 10_000)

    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)

    assert sides(entry) == [("CLEARING", 10_000, 0), ("PAYABLE", 0, 10_000)]


@pytest.mark.parametrize(("debit", "credit"), [(0, 0), (5, 5), (-5, 0), (0, -5)])
def test_a_line_has_exactly_one_side(workspace, debit, credit):
    entry = owe(workspace, 10_000)
    account = Account.objects.get(code="CLEARING")

    with pytest.raises(IntegrityError, match="ledger_line_one_side"):
        sql(INSERT_LINE, workspace.pk, entry.pk, account.pk, debit, credit)


def test_rows_of_two_workspaces_never_touch(workspace):
    foreign = create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")
    entry = owe(workspace, 10_000)
    account = Account.objects.create(workspace=foreign, code="CLEARING")

    with pytest.raises(IntegrityError, match="same_workspace"):
        sql(INSERT_LINE, workspace.pk, entry.pk, account.pk, 5, 0)


def test_posting_twice_is_posting_once(workspace):
    first, second = owe(workspace, 10_000), owe(workspace, 99_999)

    assert first == second
    assert balance(workspace, "PAYABLE", "partner-1") == -10_000


def test_of_two_writers_at_once_one_posts(workspace):
    together = Barrier(2)

    def post_in_own_connection() -> int:
        try:
            together.wait()
            return owe(workspace, 10_000).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        posted = [pool.submit(post_in_own_connection) for _ in range(2)]
        assert len({future.result() for future in posted}) == 1

    assert balance(workspace, "PAYABLE", "partner-1") == -10_000


def test_a_reversal_copies_the_lines_with_sides_swapped(workspace):
    entry = owe(workspace, 10_000)
    mirror = reverse(entry, key="settlement:1:reversed", on=DAY)

    assert reverse(entry, key="settlement:1:reversed", on=DAY) == mirror
    assert mirror.reverses == entry
    assert sides(mirror) == [("CLEARING", 0, 10_000), ("PAYABLE", 10_000, 0)]
    assert balance(workspace, "PAYABLE", "partner-1") == 0


def test_an_entry_is_reversed_once(workspace):
    entry = owe(workspace, 10_000)
    reverse(entry, key="first", on=DAY)

    with pytest.raises(IntegrityError):
        reverse(entry, key="second", on=DAY)

    assert balance(workspace, "PAYABLE", "partner-1") == 0
