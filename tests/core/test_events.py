from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import IllegalTransition, LostRace
from core.events import relay
from core.events.actors import Actor
from core.events.models import Event, Reaction
from core.events.services import HANDLERS, record
from core.events.transitions import transition, transition_all
from core.invariants import violations
from core.jobs.models import Job
from tests.cast import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return assemble()


def say(cast, kind="thing.happened", **changes):
    return record(
        kind,
        workspace=cast.live,
        object_type="thing",
        object_id="1",
        actor=cast.actor,
        changes=changes,
    )


def job(cast, status="WAITING", name="job-1"):
    return Job.objects.create(
        workspace=cast.live, public_id=name, kind="x", title="x", status=status, actor_kind="SYSTEM"
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE events_event SET kind = 'x'", "DELETE FROM events_event"]
)
def test_events_cannot_be_changed_even_by_sql(cast, statement):
    say(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("to", Job.Status.values)
@pytest.mark.parametrize("came_from", Job.Status.values)
def test_transitions_follow_the_declared_table(cast, came_from, to):
    subject = job(cast, came_from)
    if to in Job.TRANSITIONS[came_from]:
        event = transition(subject, to, actor=cast.actor)
        assert event.kind == f"job.{to.lower()}"
        assert Job.objects.get(pk=subject.pk).status == to
    else:
        with pytest.raises(IllegalTransition):
            transition(subject, to, actor=cast.actor)
        assert Job.objects.get(pk=subject.pk).status == came_from
        assert not Event.objects.exists()


def test_the_second_of_two_writers_loses(cast):
    first, second = job(cast), Job.objects.get(public_id="job-1")
    transition(first, "RUNNING", actor=cast.actor)
    with pytest.raises(LostRace):
        transition(second, "CANCELLED", actor=cast.actor)
    assert Job.objects.get(pk=first.pk).status == "RUNNING"


def test_many_move_with_one_event_and_others_stay(cast):
    job(cast, "WAITING", "a"), job(cast, "WAITING", "b"), job(cast, "SUCCEEDED", "c")
    moved = transition_all(
        Job.objects.all(), "CANCELLED", workspace=cast.live, actor=Actor.system()
    )
    assert moved == 2
    assert Event.objects.get().changes == {"status": "CANCELLED", "count": 2}
    assert Job.objects.get(public_id="c").status == "SUCCEEDED"


def test_a_reaction_runs_once_and_a_failing_one_is_put_off(cast, monkeypatch):
    calls = []

    def fragile(event):
        calls.append(event.pk)
        if len(calls) == 1:
            raise RuntimeError("the first try fails")

    monkeypatch.setitem(HANDLERS, "thing.happened", {"fragile": fragile})
    event = say(cast)
    assert relay.react() == 0
    waiting = Reaction.objects.get()
    assert waiting.attempts == 1
    assert "RuntimeError" in waiting.error
    assert relay.react() == 0, "it must wait its turn"
    Reaction.objects.update(next_attempt_at=event.occurred_at)
    assert relay.react() == 1
    assert relay.react() == 0
    assert calls == [event.pk, event.pk]


def test_the_seal_finds_a_changed_event(cast, monkeypatch):
    monkeypatch.setattr(relay, "SETTLED_AFTER", timedelta(0))
    for number in range(3):
        say(cast, number=number)
    assert relay.seal(cast.live) == 3
    assert relay.seal(cast.live) == 0
    assert list(violations(cast.live)) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_event DISABLE TRIGGER events_event_append_only")
        cursor.execute(
            "UPDATE events_event SET reason = 'forged' WHERE (changes->>'number')::int = 1"
        )
        cursor.execute("ALTER TABLE events_event ENABLE TRIGGER events_event_append_only")
    assert [(each.invariant.name, each.offenders) for each in violations(cast.live)] == [
        ("the trail is as it was sealed", [{"seal": 2}])
    ]


def test_a_reaction_that_fails_for_days_stops_nobody_elses(cast, monkeypatch):
    """Its wait was 10 s × 2^attempts before it was cut to an hour: from the 44th try on the sum
    left the calendar, and the relay died on its oldest row for ever."""

    def broken(event):
        raise RuntimeError("never works")

    handlers = {"thing.broke": {"broken": broken}, "thing.happened": {"fine": lambda event: None}}
    for kind, handler in handlers.items():
        monkeypatch.setitem(HANDLERS, kind, handler)
    say(cast, "thing.broke")
    Reaction.objects.update(attempts=60)
    say(cast)
    assert relay.react() == 1
    assert Reaction.objects.get(done_at=None).attempts == 61
