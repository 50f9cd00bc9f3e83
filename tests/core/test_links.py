"""Mailed links: 256 bits, hash only, two months, replaced on resend, never in a stored letter."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from core import clock
from core.companies.models import Workspace
from core.companies.services import create_company
from core.notifications import links, services
from core.notifications.links import LinkState, Target
from core.notifications.models import AccessLink, Message

pytestmark = pytest.mark.django_db
TARGET = Target("paper", "paper-1", "seller@example.com")


@pytest.fixture
def workspace() -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def link(workspace: Workspace) -> AccessLink:
    return links.create_link(workspace=workspace, purpose="reading", target=TARGET)


def test_only_the_hash_is_stored(link: AccessLink) -> None:
    token = links.token_of(link)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert links.find_link(token) == link
    assert links.find_link(token[:-1]) is None


def test_the_database_alone_does_not_give_the_token(link, settings) -> None:
    token = links.token_of(link)
    settings.LINK_KEY = b"another key"
    assert links.token_of(link) != token
    assert links.find_link(token) == link


def test_it_lives_two_months(workspace, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 31, 3, tzinfo=UTC))
    link = links.create_link(workspace=workspace, purpose="reading", target=TARGET)
    assert link.expires_at == datetime(2027, 2, 28, 3, tzinfo=UTC)
    assert links.state_of(link) is LinkState.LIVE
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 2, 28, 3, tzinfo=UTC))
    assert links.state_of(link) is LinkState.EXPIRED


def test_sending_again_replaces_it(workspace, link) -> None:
    other = links.create_link(
        workspace=workspace, purpose="reading", target=Target("paper", "paper-2", "a@example.com")
    )
    fresh = links.create_link(workspace=workspace, purpose="reading", target=TARGET)
    link.refresh_from_db()
    other.refresh_from_db()
    assert links.state_of(link) is LinkState.REPLACED
    assert links.state_of(other) is LinkState.LIVE
    assert links.token_of(fresh) != links.token_of(link)


def test_the_first_opening_is_remembered(link) -> None:
    links.note_opened(link)
    link.refresh_from_db()
    first = link.opened_at
    assert first is not None
    links.note_opened(link)
    link.refresh_from_db()
    assert link.opened_at == first


def test_a_letter_holds_the_address_only_when_it_leaves(workspace, link, mailoutbox) -> None:
    message = services.prepare(
        workspace=workspace,
        letter=services.Letter(
            key="k",
            template="t",
            recipient=TARGET.recipient,
            subject="문서",
            text=f"여기: {links.mention(link)}",
        ),
    )
    assert links.token_of(link) not in Message.objects.get(pk=message.pk).text
    assert services.deliver_waiting() == 1
    assert mailoutbox[0].body == f"여기: {links.url_of(link)}"


def test_a_letter_reveals_only_its_own_recipients_links(workspace, link) -> None:
    message = Message(workspace=workspace, recipient="someone-else@example.com")
    text = f"여기: {links.mention(link)}"
    assert links.reveal(message, text) == text


def test_letters_of_a_batch_ask_for_their_links_once(workspace, django_assert_num_queries) -> None:
    targets = [Target("document", f"d-{n}", f"{n}@example.com") for n in range(100)]
    made = links.create_links(workspace=workspace, purpose="test", targets=targets)
    others = [*made[1:], made[0]]
    messages = [
        Message(
            workspace=workspace,
            recipient=link.recipient,
            text=f"{links.mention(link)} {links.mention(other)}",
            html=f"<p>{links.mention(link)}</p>",
        )
        for link, other in zip(made, others, strict=True)
    ]
    with django_assert_num_queries(1):
        links.reveal_all(messages)
    for message, link, other in zip(messages, made, others, strict=True):
        assert message.text == f"{links.url_of(link)} {links.mention(other)}"
        assert message.html == f"<p>{links.url_of(link)}</p>"
