from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.notifications import links, services
from core.notifications.channels import email
from core.notifications.channels.base import Refused
from core.notifications.links import Target
from core.notifications.models import Message
from core.notifications.services import Letter
from tests.cast import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return assemble()


def letter(**facts):
    defaults = {"key": "k1", "template": "t", "recipient": "a@example.com", "subject": "안녕하세요"}
    return Letter(**{**defaults, "text": "본문", **facts})


def test_a_message_with_the_same_key_is_written_and_sent_once(cast):
    first = services.prepare(workspace=cast.live, letter=letter())
    assert services.prepare(workspace=cast.live, letter=letter(text="다른 본문")).pk == first.pk
    assert services.deliver_waiting() == 1
    assert services.deliver_waiting() == 0
    assert [(m.subject, m.body) for m in mail.outbox] == [("안녕하세요", "본문")]
    first.refresh_from_db()
    assert first.status == "SENT"


def test_attachments_travel_with_the_message(cast):
    path = default_storage.save("test/paper.pdf", ContentFile(b"%PDF"))
    services.prepare(
        workspace=cast.live, letter=letter(attachments=[("명세.pdf", "application/pdf", path)])
    )
    services.deliver_waiting()
    assert mail.outbox[0].attachments[0][:2] == ("명세.pdf", b"%PDF")


def test_a_test_workspace_never_mails_the_world(cast, settings):
    services.prepare(workspace=cast.test, letter=letter())
    assert services.deliver_waiting() == 1
    assert mail.outbox == []
    written = [file.read_bytes() for file in settings.MAIL_DIR.iterdir()]
    assert any(b"a@example.com" in content for content in written)


@pytest.mark.parametrize(
    ("failure", "status"),
    [(Refused("no such mailbox"), "FAILED"), (TimeoutError("no answer"), "UNKNOWN")],
)
def test_a_lost_answer_is_unknown_and_is_not_sent_again(cast, monkeypatch, failure, status):
    def fail(line, message):
        raise failure

    monkeypatch.setattr(email.Line, "send", fail)
    services.prepare(workspace=cast.live, letter=letter())
    assert services.deliver_waiting() == 0
    assert services.deliver_waiting() == 0
    message = Message.objects.get()
    assert (message.status, message.error) == (status, str(failure))


def test_a_line_break_in_the_subject_is_refused_not_sent(cast):
    services.prepare(workspace=cast.live, letter=letter(subject="안녕\nBcc: all@example.com"))
    services.deliver_waiting()
    assert Message.objects.get().status == "FAILED"
    assert mail.outbox == []


def test_messages_of_a_dead_postman_become_unknown(cast):
    message = services.prepare(workspace=cast.live, letter=letter())
    long_ago = clock.now() - services.ABANDONED_AFTER - timedelta(seconds=1)
    Message.objects.filter(pk=message.pk).update(status="SENDING", status_updated_at=long_ago)
    assert services.sweep_messages() == 1
    message.refresh_from_db()
    assert message.status == "UNKNOWN"


def test_a_batch_of_letters_costs_the_same_whatever_it_holds(cast):
    def cost(count: int) -> int:
        targets = [
            Target("paper", f"p-{count}-{number}", f"{number}@example.com")
            for number in range(count)
        ]
        made = links.create_links(workspace=cast.live, purpose="test", targets=targets)
        letters = [
            letter(key=link.public_id, recipient=link.recipient, text=links.mention(link))
            for link in made
        ]
        services.prepare_many(workspace=cast.live, letters=letters)
        with CaptureQueriesContext(connection) as queries:
            assert services.deliver_waiting() == count
        return len(queries)

    assert (cost(10), cost(100)) == (19, 19)
    assert len({message.body for message in mail.outbox}) == 110
