"""Letters over a real line to a mail server that refuses, puts off, breaks and goes away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core.notifications import services
from core.notifications.models import Message
from core.notifications.services import WAITS, Letter
from tests.cast import Cast, assemble
from tests.mailserver import HANG_UP, MailServer, mail_server

pytestmark = pytest.mark.django_db
LATER = timedelta(seconds=1)


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        yield running


def write(cast: Cast, *names: str) -> None:
    letters = [
        Letter(key=name, template="t", recipient=f"{name}@example.com", subject="정산", text="본문")
        for name in names
    ]
    services.prepare_many(workspace=cast.live, letters=letters)


def statuses() -> dict[str, str]:
    return dict(Message.objects.values_list("key", "status"))


def wait(delay: timedelta) -> None:
    """As if that much time had passed."""
    for message in Message.objects.exclude(not_before=None):
        assert message.not_before is not None
        Message.objects.filter(pk=message.pk).update(not_before=message.not_before - delay)


def test_many_letters_share_a_connection(cast: Cast, server: MailServer) -> None:
    write(cast, *(f"a{number}" for number in range(250)))
    assert services.deliver_waiting() == 250
    assert (server.connection_count, len(server.letters)) == (1, 250)


def test_a_server_that_hangs_up_after_some_letters_is_called_again(
    cast: Cast, server: MailServer
) -> None:
    server.letters_per_connection = 2
    write(cast, "a", "b", "c", "d", "e")
    assert services.deliver_waiting() == 5
    assert (server.connection_count, len(server.letters)) == (3, 5)


def test_letters_wait_for_a_server_that_is_away(cast: Cast, server: MailServer) -> None:
    server.go_away()
    write(cast, "a", "b")
    assert services.deliver_waiting() == 0
    assert statuses() == {"a": "PREPARED", "b": "PREPARED"}
    why = Message.objects.get(key="a").error
    assert "refused" in why
    write(cast, "c")
    assert services.deliver_waiting() == 0
    assert set(Message.objects.values_list("error", flat=True)) == {why}


def test_letters_of_the_test_workspace_need_no_server(cast: Cast, server: MailServer) -> None:
    server.go_away()
    write(cast, "a")
    letter = Letter(key="b", template="t", recipient="b@example.com", subject="s", text="t")
    services.prepare(workspace=cast.test, letter=letter)
    assert services.deliver_waiting() == 1
    assert statuses() == {"a": "PREPARED", "b": "SENT"}


def test_a_server_that_does_not_greet_has_taken_nothing(cast: Cast, server: MailServer) -> None:
    server.answers |= {"EHLO": "421 busy", "HELO": "421 busy"}
    write(cast, "a", "b")
    assert services.deliver_waiting() == 0
    assert statuses() == {"a": "PREPARED", "b": "PREPARED"}
    assert server.connection_count == 1, "a server in trouble is called once"


@pytest.mark.parametrize("verb", ["MAIL", "DATA", "END"])
def test_what_is_refused_for_good_leaves_the_line_clean(
    cast: Cast, server: MailServer, verb: str
) -> None:
    server.answers[verb] = "554 not this one"
    write(cast, "a")
    services.deliver_waiting()
    del server.answers[verb]
    write(cast, "b", "c")
    assert services.deliver_waiting() == 2
    assert statuses() == {"a": "FAILED", "b": "SENT", "c": "SENT"}


def test_data_refused_for_one_letter_does_not_fail_the_next(cast: Cast, server: MailServer) -> None:
    server.answers_once["DATA"] = "554 not this one"
    write(cast, "a", "b")
    assert services.deliver_waiting() == 1
    assert statuses() == {"a": "FAILED", "b": "SENT"}


def test_an_answer_that_says_nothing_is_unknown(cast: Cast, server: MailServer) -> None:
    server.answers["END"] = "200 well"
    write(cast, "a")
    services.deliver_waiting()
    assert statuses() == {"a": "UNKNOWN"}


def test_a_letter_without_its_paper_is_refused(cast: Cast, server: MailServer) -> None:
    paper = ("명세.pdf", "application/pdf", "nowhere/paper.pdf")
    lost = Letter("a", "t", "a@example.com", "정산", "본문", attachments=[paper])
    services.prepare(workspace=cast.live, letter=lost)
    write(cast, "b")
    assert services.deliver_waiting() == 1
    assert statuses() == {"a": "FAILED", "b": "SENT"}


def test_a_batch_that_takes_too_long_gives_the_rest_back(
    cast: Cast, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "ABANDONED_AFTER", timedelta())
    monkeypatch.setattr(services, "BATCH", 1)
    write(cast, "a")
    batch = services._claim(cast.live)
    assert statuses() == {"a": "SENDING"}
    with services.email.line(cast.live) as line:
        assert services._send_batch(cast.live, batch, line) == 0
    assert statuses() == {"a": "PREPARED"}


def test_who_is_refused_does_not_stop_the_others(cast: Cast, server: MailServer) -> None:
    server.answers["b@example.com"] = "550 no such mailbox"
    write(cast, "a", "b", "c")
    assert services.deliver_waiting() == 2
    assert statuses() == {"a": "SENT", "b": "FAILED", "c": "SENT"}
    assert server.letters == ["a@example.com", "c@example.com"]


@pytest.mark.parametrize("answer", ["451 greylisted", "421 too many letters"])
def test_not_now_is_offered_again(cast: Cast, server: MailServer, answer: str) -> None:
    server.answers["b@example.com"] = answer
    write(cast, "a", "b", "c")
    assert services.deliver_waiting() == 2
    assert statuses() == {"a": "SENT", "b": "PREPARED", "c": "SENT"}
    assert services.deliver_waiting() == 0, "not before its time"
    wait(WAITS[0] + LATER)
    del server.answers["b@example.com"]
    assert services.deliver_waiting() == 1
    assert Message.objects.get(key="b").error == ""


def test_not_now_for_too_long_is_a_failure(cast: Cast, server: MailServer) -> None:
    server.answers["a@example.com"] = "451 greylisted"
    write(cast, "a")
    for delay in WAITS:
        services.deliver_waiting()
        assert statuses() == {"a": "PREPARED"}
        wait(delay + LATER)
    services.deliver_waiting()
    assert statuses() == {"a": "FAILED"}
    assert "greylisted" in Message.objects.get().error


def test_a_line_that_breaks_after_the_letter_leaves_that_one_unknown(
    cast: Cast, server: MailServer
) -> None:
    server.answers["END"] = HANG_UP
    write(cast, "a")
    assert services.deliver_waiting() == 0
    del server.answers["END"]
    write(cast, "b")
    assert services.deliver_waiting() == 1
    assert statuses() == {"a": "UNKNOWN", "b": "SENT"}
    assert server.letters == ["b@example.com"], "what may have arrived is not sent again"


def test_a_server_that_goes_away_between_two_letters(cast: Cast, server: MailServer) -> None:
    """The first may have left; those behind it have not, and wait."""
    server.answers["END"] = HANG_UP
    server.go_away_after_a_connection()
    write(cast, "a", "b", "c")
    assert services.deliver_waiting() == 0
    assert statuses() == {"a": "UNKNOWN", "b": "PREPARED", "c": "PREPARED"}
