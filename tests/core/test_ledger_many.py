from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from core.companies.models import Workspace
from core.companies.services import create_company
from core.ledger.invariants import trial_balance_is_zero
from core.ledger.models import Account, Entry, Line
from core.ledger.queries import balance, balances_by_subject, trial_balance
from core.ledger.services import Draft, Posting, Unbalanced, post, post_many, reverse_many

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)


@pytest.fixture
def workspace() -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


def owed(key: str, amount: int, subject: str = "seller") -> Draft:
    postings = [Posting("CLEARING", amount), Posting("PAYABLE", -amount, subject)]
    return Draft(key, "test", DAY, postings)


def test_many_entries_are_posted_once_per_key(workspace):
    drafts = [owed("a", 1_000, "one"), owed("b", 250, "two"), owed("c", -400, "two")]

    assert post_many(workspace=workspace, drafts=drafts) == 3
    assert post_many(workspace=workspace, drafts=[*drafts, owed("d", 7, "one")]) == 1

    assert balances_by_subject(workspace, "PAYABLE") == {"one": -1_007, "two": 150}
    assert balance(workspace, "CLEARING") == 857
    assert sum(trial_balance(workspace).values()) == 0


def test_zero_postings_leave_no_line(workspace):
    post_many(
        workspace=workspace,
        drafts=[Draft("z", "test", DAY, [Posting("CLEARING", 0), Posting("PAYABLE", 0, "one")])],
    )

    assert Entry.objects.get(workspace=workspace, key="z").lines.count() == 0


def test_one_unbalanced_draft_posts_nothing(workspace):
    crooked = Draft("x", "test", DAY, [Posting("CLEARING", 5), Posting("PAYABLE", -4, "one")])

    with pytest.raises(Unbalanced):
        post_many(workspace=workspace, drafts=[owed("a", 1), crooked])

    assert not Entry.objects.filter(workspace=workspace).exists()


MIXED = [Posting("CLEARING", 5), Posting("PAYABLE", -5, "one", "USD")]


def test_currencies_do_not_balance_each_other_in_a_draft(workspace):
    with pytest.raises(Unbalanced):
        post(workspace=workspace, key="x", kind="test", on=DAY, postings=MIXED)
    with pytest.raises(Unbalanced):
        post_many(workspace=workspace, drafts=[Draft("x", "test", DAY, MIXED)])

    assert not Entry.objects.filter(workspace=workspace).exists()


def test_a_balance_is_of_one_currency(workspace):
    dollars = [Posting("CLEARING", 70, "", "USD"), Posting("PAYABLE", -70, "seller", "USD")]
    post_many(workspace=workspace, drafts=[owed("won", 1_000), Draft("usd", "test", DAY, dollars)])

    assert balance(workspace, "PAYABLE", "seller") == -1_000
    assert balance(workspace, "PAYABLE", currency="USD") == -70
    assert balances_by_subject(workspace, "PAYABLE") == {"seller": -1_000}
    assert balances_by_subject(workspace, "PAYABLE", "USD") == {"seller": -70}
    assert trial_balance(workspace) == {"CLEARING": 1_000, "PAYABLE": -1_000}
    assert trial_balance(workspace, "USD") == {"CLEARING": 70, "PAYABLE": -70}


def test_books_out_of_balance_in_two_currencies_are_found(workspace):
    """Five won too many and five cents too few cancel out as numbers only."""
    entry = Entry.objects.create(workspace=workspace, key="x", kind="x", posted_on=DAY)
    with transaction.atomic():
        for currency, side in (("KRW", {"debit": 5}), ("USD", {"credit": 5})):
            account = Account.objects.create(workspace=workspace, code="CASH", currency=currency)
            Line.objects.create(workspace=workspace, entry=entry, account=account, **side)
        found = trial_balance_is_zero(workspace)
        transaction.set_rollback(True)  # before the trigger is asked

    assert found == [{"currency": "KRW", "gap": 5}, {"currency": "USD", "gap": -5}]


def test_no_drafts_is_nothing(workspace):
    assert post_many(workspace=workspace, drafts=[]) == 0


def test_reversing_copies_lines_with_sides_swapped_once(workspace):
    post_many(workspace=workspace, drafts=[owed("a", 1_000), owed("b", 30)])
    kept = post(
        workspace=workspace,
        key="kept",
        kind="test",
        on=DAY,
        postings=[Posting("CLEARING", 5), Posting("PAYABLE", -5, "seller")],
    )

    reverse_many(workspace=workspace, keys=["a", "b"], on=DAY)
    reverse_many(workspace=workspace, keys=["a"], on=DAY)

    assert balance(workspace, "PAYABLE", "seller") == -5
    mirror = Entry.objects.get(workspace=workspace, key="a:reversed")
    assert mirror.reverses.key == "a"
    assert mirror.kind == "test.reversal"
    assert not Entry.objects.filter(reverses=kept).exists()


def test_the_database_refuses_lines_that_do_not_balance(workspace):
    post_many(workspace=workspace, drafts=[owed("a", 10)])
    line = Line.objects.filter(entry__key="a").first()
    Line.objects.create(
        workspace=workspace, entry=line.entry, account=line.account, debit=1, credit=0
    )

    with pytest.raises(IntegrityError, match="out of balance by 1"):
        connection.check_constraints()


def accounts_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'ledger_account'"
        )
        return int(cursor.fetchone()[0])


def test_balancing_an_entry_does_not_read_the_accounts_of_others(workspace):
    drafts = [owed(f"e{number}", 100, f"seller-{number}") for number in range(2_000)]
    post_many(workspace=workspace, drafts=drafts)
    before = accounts_read()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ledger_line_balanced IMMEDIATE")
    assert accounts_read() == before
