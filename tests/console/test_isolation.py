"""The backstop behind every page: a query that forgot its workspace finds nothing foreign."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import include, path

from core.companies import isolation, walls
from core.companies.services import create_api_secret
from core.console.access import console_page
from core.events.models import Event
from core.jobs.models import Job, JobFailure
from tests.cast import PASSWORD, assemble
from tests.console.conftest import job, jobs

TABLES_OF_WORKSPACES = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'workspace_id'
"""
PARTS_OF_THEIR_ROWS = {
    "events_deliveryattempt",
    "events_reaction",
    "jobs_jobfailure",
    "notifications_attachment",
    "payouts_statementtemplateversion",
}
WALLED = "SELECT tablename FROM pg_policies WHERE policyname = 'of_one_workspace'"
LIVE, TEST = "/console/market-a/live/", "/console/market-a/test/"


@console_page()
def careless(request):
    return HttpResponse(Job.objects.count())


@console_page()
def careless_file(request):
    return StreamingHttpResponse(f"{title}\n" for title in titles())


def titles():
    yield from Job.objects.order_by("title").values_list("title", flat=True)


inside = [path("count", careless), path("file", careless_file)]
urlpatterns = [path("console/<slug:company_slug>/<str:environment>/", include(inside))]


@pytest.fixture
def both(cast):
    """Three jobs of one company, two of another, one of the first's test environment."""
    jobs(cast.live, 3)
    Job.objects.bulk_create([job(cast.foreign, 91), job(cast.foreign, 92)])
    Job.objects.bulk_create([job(cast.test, 71)])
    return cast


def seen() -> list[str]:
    return sorted(Job.objects.values_list("public_id", flat=True))


@pytest.fixture
def confined(both):
    isolation.confine(both.live)
    yield both
    isolation.release()


def execute(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()} if cursor.description else set()


def test_every_table_of_a_workspace_is_walled(db):
    tables = execute(TABLES_OF_WORKSPACES)
    assert {"settlements_transfer", "payouts_payout", "partners_partner"} <= tables
    assert execute(WALLED) == tables | PARTS_OF_THEIR_ROWS


def test_a_new_table_is_walled_by_the_next_migration(db):
    execute("CREATE TABLE novelty (workspace_id bigint)")
    call_command("migrate", verbosity=0)
    assert "novelty" in execute(WALLED)


def test_without_the_wall_everything_is_seen(both):
    """The control: forgetting the workspace would show six rows of three workspaces."""
    assert len(seen()) == 6


def test_a_confined_connection_sees_one_workspace(confined):
    assert seen() == ["job-00001", "job-00002", "job-00003"]


def test_and_changes_nothing_elsewhere(confined):
    assert Job.objects.update(stage="변경") == 3
    assert Job.objects.filter(public_id="job-00091").delete()[0] == 0
    isolation.release()
    assert sorted(Job.objects.filter(stage="변경").values_list("public_id", flat=True)) == [
        "job-00001",
        "job-00002",
        "job-00003",
    ]


def test_and_writes_nothing_elsewhere(confined):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Job.objects.bulk_create([job(confined.foreign, 93)])
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Job.objects.filter(public_id="job-00001").update(workspace=confined.foreign)


def test_and_cannot_change_the_tables(confined):
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        execute("ALTER TABLE jobs_job DISABLE ROW LEVEL SECURITY")


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("environment", "count"), [("live", "3"), ("test", "1")])
def test_a_page_that_forgot_its_workspace(both, browser, environment, count):
    answer = browser(both.owner).get(f"/console/market-a/{environment}/count")
    assert answer.content.decode() == count
    assert len(seen()) == 6


@pytest.mark.urls(__name__)
def test_a_file_that_is_written_after_the_page_was_answered(both, browser):
    answer = browser(both.owner).get("/console/market-a/live/file")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines == ["작업 1", "작업 2", "작업 3"]
    assert len(seen()) == 6


def test_parts_of_rows_are_seen_with_their_row(both):
    for each in Job.objects.all():
        JobFailure.objects.create(job=each, row_number=1, code="X", message=each.public_id)
    isolation.confine(both.test)
    assert [failure.message for failure in JobFailure.objects.all()] == ["job-00071"]
    isolation.release()
    assert JobFailure.objects.count() == 6


def test_something_is_written_down_elsewhere_and_the_wall_stands_again(confined):
    with isolation.within(confined.foreign):
        assert seen() == ["job-00091", "job-00092"]
    assert seen() == ["job-00001", "job-00002", "job-00003"]
    with pytest.raises(ProgrammingError), transaction.atomic(), isolation.within(confined.foreign):
        execute("SELECT nonsense")
    assert seen() == ["job-00001", "job-00002", "job-00003"]


def test_affairs_of_the_company_are_settled_from_its_test_environment_too(browser, cast):
    """Their events are kept in live, which a request in test does not see."""
    client = browser(cast.owner)
    person = {"name": "새", "email": "new@a.example", "role": "MANAGER", "password": PASSWORD}
    secret, _ = create_api_secret(company=cast.market_a, name="s")
    other, _ = create_api_secret(company=cast.market_a, name="t")
    acts = {
        "members": person,
        f"members/{cast.viewer.pk}": {"role": "MANAGER"},
        "secrets": {"name": "x", "scopes": ["PARTNER_READ"]},
        f"secrets/{secret.pk}/rotate": {"overlap_hours": "1"},
        f"secrets/{other.pk}/revoke": {},
        "brand": {"colour": "#123456", "sender_email": ""},
    }
    for address, fields in acts.items():
        assert client.post(TEST + address, fields).status_code in {200, 302}, address
    kinds = Event.objects.filter(workspace=cast.live).values_list("kind", flat=True)
    assert sorted(kinds) == sorted(
        [
            "apisecret.created",
            "apisecret.revoked",
            "apisecret.rotated",
            "company.branded",
            "member.added",
            "member.role_changed",
        ]
    )


def test_each_database_has_a_role_of_its_own():
    """Roles belong to the whole server: another installation on it must not share ours."""
    assert isolation.role() == f"{connection.settings_dict['NAME']}_workspace"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_comes_back_confined(both):
    isolation.confine(both.live)
    connection.close()
    assert seen() == ["job-00001", "job-00002", "job-00003"]
    isolation.release()
    assert len(seen()) == 6


def test_without_its_role_the_server_is_not_healthy(db):
    assert walls.stand()
    role = connection.ops.quote_name(isolation.role())
    execute(f"DROP OWNED BY {role}")
    execute(f"DROP ROLE {role}")
    assert not walls.stand()
    call_command("migrate", verbosity=0)
    assert walls.stand()
    assert "settlements_transfer" in execute(WALLED)


def test_triggers_that_add_up_run_as_the_owner(db):
    """Confined, they would add up what is seen."""
    readers = execute(
        "SELECT proname FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid "
        "WHERE NOT tgisinternal AND prosrc ~ 'SELECT' AND NOT prosecdef"
    )
    assert readers == set()


def test_a_failed_statement_does_not_keep_the_wall(both):
    """A request that ends inside a broken transaction: its end takes the wall down with it."""
    with pytest.raises(ProgrammingError), transaction.atomic():
        break_while_confined(both.live)
    assert len(seen()) == 6


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_begins_with_the_wall_ends_with_it_too():
    """As above, where the wall is the first thing that its transaction hears of."""
    cast = assemble()
    with pytest.raises(ProgrammingError), transaction.atomic():
        break_while_confined(cast.live)
    assert current_user() != isolation.role()

    isolation.confine(cast.live)
    with pytest.raises(ProgrammingError), transaction.atomic(), isolation.within(cast.test):
        execute("SELECT nonsense")
    assert walled_to() == str(cast.live.pk)
    isolation.release()


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def walled_to() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [isolation.SETTING])
        return str(cursor.fetchone()[0])


def break_while_confined(workspace):
    isolation.confine(workspace)
    try:
        execute("SELECT nonsense")
    finally:
        isolation.release()
