from datetime import date

import pytest
from django.db import IntegrityError, connection

from core.companies.models import Workspace
from core.companies.services import create_company
from core.ledger.models import Entry, Line
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
