"""Two people, or two calls, choose the statement template of a workspace at the same moment."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from payouts.models import StatementTemplate
from payouts.services.statements import Wording, create_template, default_template, make_default
from payouts.services.statements import templates as services
from tests.concurrency.racing import Meeting, at_once
from tests.payouts.factories import ACTOR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(monkeypatch) -> Meeting:
    return Meeting(monkeypatch)


@pytest.fixture
def unguarded(monkeypatch) -> None:
    monkeypatch.setattr(services, "_one_at_a_time", lambda workspace: None)


def first_sendings(workspace, meeting) -> list[object]:
    meeting.before(services, "create_template")
    return at_once(*[lambda: default_template(workspace)] * 2)


def test_the_first_two_sendings_share_one_template(workspace, meeting) -> None:
    first, second = first_sendings(workspace, meeting)
    assert first == second == StatementTemplate.objects.get()


def test_without_waiting_one_of_them_ends_in_an_error(workspace, meeting, unguarded) -> None:
    assert any(isinstance(end, IntegrityError) for end in first_sendings(workspace, meeting))


def two_choices(workspace, meeting) -> list[object]:
    default_template(workspace)
    chosen = [
        create_template(workspace=workspace, actor=ACTOR, name=name, wording=Wording())
        for name in ("둘째", "셋째")
    ]
    meeting.after(services, "_locked")
    return at_once(*[lambda t=each: make_default(template=t, actor=ACTOR) for each in chosen])


def test_of_two_choices_the_last_one_counts(workspace, meeting) -> None:
    assert two_choices(workspace, meeting) == [None, None]
    assert StatementTemplate.objects.get(is_default=True).name in ("둘째", "셋째")


def test_without_waiting_a_choice_ends_in_an_error(workspace, meeting, unguarded) -> None:
    assert any(isinstance(end, IntegrityError) for end in two_choices(workspace, meeting))
