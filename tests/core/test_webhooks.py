import json
import socket
import threading
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from portone_server_sdk import webhook

from core import clock
from core.errors import Conflict, InvalidRequest, NotFound
from core.events.models import DeliveryAttempt, WebhookDelivery, WebhookEndpoint
from core.events.services import HANDLERS, record
from core.events.webhooks import delivering, sending, services
from core.events.webhooks.delivering import deliver_due
from core.events.webhooks.forgetting import forget_old
from tests.cast import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return assemble()


def endpoint(cast, listener, types=()):
    return services.create_endpoint(
        workspace=cast.live, actor=cast.actor, url=listener.url, event_types=list(types)
    )


def happen(cast, type="TaxInvoice.Issued"):
    event = record(
        "thing.happened", workspace=cast.live, object_type="t", object_id="1", actor=cast.actor
    )
    services.enqueue(event, [(type, {"taxInvoiceId": "txi-1", "totalAmount": 1100})])


def due_again():
    WebhookDelivery.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))


def test_the_official_sdk_accepts_our_signature(cast, listener):
    _, secret = endpoint(cast, listener)
    happen(cast)
    assert deliver_due() == 1
    headers, body = listener.heard[0]
    lowered = {name.lower(): value for name, value in headers.items()}
    verified = webhook.verify(secret, body, lowered)
    assert verified["type"] == "TaxInvoice.Issued"
    assert verified["data"] == {"taxInvoiceId": "txi-1", "totalAmount": 1100}


def test_after_rotation_old_and_new_secret_both_verify(cast, listener):
    subject, old = endpoint(cast, listener)
    new = services.rotate_secret(endpoint=subject, actor=cast.actor)
    happen(cast)
    deliver_due()
    headers, body = listener.heard[0]
    lowered = {name.lower(): value for name, value in headers.items()}
    assert old != new
    assert webhook.verify(old, body, lowered) == webhook.verify(new, body, lowered)


def test_a_secret_rotated_twice_does_not_break_who_still_verifies_with_the_first(cast, listener):
    """The second press within the day took away what was promised to sign until tomorrow."""
    subject, old = endpoint(cast, listener)
    services.rotate_secret(endpoint=subject, actor=cast.actor)
    with pytest.raises(Conflict, match="아직 함께"):
        services.rotate_secret(endpoint=subject, actor=cast.actor)
    happen(cast)
    deliver_due()
    headers, body = listener.heard[0]
    assert webhook.verify(old, body, {name.lower(): value for name, value in headers.items()})
    assert services.rotate_secret(endpoint=subject, actor=cast.actor, overlap=timedelta(0))


def test_five_tries_under_one_id_then_failed_then_replay(cast, listener):
    endpoint(cast, listener)
    listener.answers = [500, 302, 404, 503, 500]
    happen(cast)
    for _ in range(6):
        deliver_due()
        due_again()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.attempt_count) == ("FAILED", 5)
    assert list(delivery.attempts.values_list("response_status", flat=True).order_by("pk")) == [
        500,
        302,
        404,
        503,
        500,
    ]
    ids = {headers["webhook-id"] for headers, _ in listener.heard}
    assert ids == {delivery.public_id}
    services.replay(delivery=delivery, actor=cast.actor)
    assert deliver_due() == 1


def test_only_chosen_types_are_sent(cast, listener):
    endpoint(cast, listener, types=["TaxInvoice.Refused"])
    happen(cast, "TaxInvoice.Issued")
    happen(cast, "TaxInvoice.Refused")
    assert deliver_due() == 1
    assert json.loads(listener.heard[0][1])["type"] == "TaxInvoice.Refused"


@pytest.mark.parametrize(("base", "lowest", "highest"), [(5, 150, 300), (40, 1200, 2400)])
def test_half_of_a_delay_is_random(base, lowest, highest):
    delays = [delivering.jittered(timedelta(minutes=base)).total_seconds() for _ in range(200)]
    assert lowest <= min(delays) < max(delays) <= highest


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://224.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
    ],
)
def test_inside_addresses_and_plain_http_are_refused(url):
    with pytest.raises(sending.Undeliverable):
        sending.post(url, "{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://user:secret@example.com/",
        "https://10.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://example.com/한글",
        "https://example.com/a b",
        "https://example.com:99999/",
        "https:///nowhere",
        "ftp://example.com/",
        "example.com",
        "https://example.com/" + "a" * 500,
    ],
)
def test_such_an_address_is_not_kept(cast, url):
    with pytest.raises(InvalidRequest):
        services.create_endpoint(workspace=cast.live, actor=cast.actor, url=url)


def test_a_name_that_resolves_inside_is_refused_and_one_outside_is_pinned(monkeypatch):
    def resolving(*addresses):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
        return lambda *args, **options: found

    target = urlsplit("https://hooks.example.com/")
    monkeypatch.setattr(socket, "getaddrinfo", resolving("93.184.216.34", "10.0.0.8"))
    with pytest.raises(sending.Undeliverable, match="내부망"):
        sending.public_address(target)
    monkeypatch.setattr(socket, "getaddrinfo", resolving("93.184.216.34"))
    assert sending.public_address(target) == "93.184.216.34"


def test_the_connection_goes_to_the_address_that_was_looked_at(listener, monkeypatch):
    """The name is looked up once; the Host header still says the name."""
    calls = []
    real = socket.getaddrinfo

    def once(host, *args, **options):
        if host == "hooks.example.com":
            calls.append(host)
            return real("127.0.0.1", *args, **options)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    url = f"http://hooks.example.com:{listener.server_port}/hook?x=1"
    assert sending.post(url, "{}", {"content-type": "application/json"}).status == 200
    assert calls == ["hooks.example.com"]
    assert listener.heard[0][0]["Host"] == f"hooks.example.com:{listener.server_port}"


def test_a_redirect_is_no_delivery_and_is_not_followed(cast, listener):
    endpoint(cast, listener)
    listener.answers = [302]
    happen(cast)
    assert deliver_due() == 0
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.response_status, attempt.response_body) == (302, "ok")
    assert len(listener.heard) == 1


def test_only_the_beginning_of_an_answer_is_kept(cast, listener):
    endpoint(cast, listener)
    listener.says = b"x" * 1_000_000
    happen(cast)
    assert deliver_due() == 1
    assert DeliveryAttempt.objects.get().response_body == "x" * sending.MAX_RESPONSE_BYTES


@pytest.fixture
def dripper():
    """Accepts, then sends a byte of a header now and then, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip():
        connection, _ = server.accept()
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                connection.sendall(b"a")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    stop.set()
    server.close()
    thread.join()


def test_whoever_drips_is_cut_off(dripper, settings, monkeypatch):
    settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.5)
    with pytest.raises(sending.Undeliverable):
        sending.post(f"http://127.0.0.1:{dripper}/", "{}", {})


def test_nobody_there_is_written_down_and_tried_again(cast, listener, settings):
    subject, _ = endpoint(cast, listener)
    WebhookEndpoint.objects.update(url="http://127.0.0.1:1/")
    for _ in range(3):
        happen(cast)
    assert deliver_due() == 0
    first, *others = WebhookDelivery.objects.order_by("pk")
    assert (first.attempt_count, first.status) == (1, "WAITING")
    assert "연결하지 못했습니다" in first.attempts.get().error
    assert [other.attempt_count for other in others] == [0, 0], "a silent endpoint is left alone"
    assert DeliveryAttempt.objects.count() == 1
    assert subject.is_active


def test_messages_to_one_endpoint_arrive_in_order(cast, listener):
    endpoint(cast, listener)
    for number in range(20):
        happen(cast, f"Order.{number:02}")
    assert deliver_due() == 20
    heard = [json.loads(body)["type"] for _, body in listener.heard]
    assert heard == [f"Order.{number:02}" for number in range(20)]


def test_a_dead_courier_loses_nothing_and_its_try_stays_written(cast, listener):
    endpoint(cast, listener)
    happen(cast)
    delivering._reserve()
    assert deliver_due() == 0, "claimed: nobody else sends it"
    WebhookDelivery.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    tries = DeliveryAttempt.objects.order_by("number").values_list("number", "response_status")
    assert list(tries) == [(1, None), (2, 200)]


def test_couriers_that_keep_dying_stop_at_the_last_try(cast, listener):
    endpoint(cast, listener)
    happen(cast)
    for _ in range(7):
        delivering._reserve()
        WebhookDelivery.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.attempt_count) == ("FAILED", 5)
    assert listener.heard == []


def test_a_late_answer_of_an_overtaken_try_still_counts_as_arrived(cast, listener):
    endpoint(cast, listener)
    happen(cast)
    [slow] = delivering._reserve()
    WebhookDelivery.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    delivering._reserve()
    assert delivering._record(slow, delivering.Outcome(200, "ok")) == 1
    assert WebhookDelivery.objects.get().status == "DELIVERED"


def test_deleted_and_silenced_endpoints_hear_nothing(cast, listener):
    silenced, _ = endpoint(cast, listener)
    happen(cast)
    services.change_endpoint(endpoint=silenced, actor=cast.actor, is_active=False)
    assert deliver_due() == 0
    with pytest.raises(Conflict):
        services.send_test(endpoint=WebhookEndpoint.objects.get(), actor=cast.actor)
    services.change_endpoint(endpoint=silenced, actor=cast.actor, is_active=True)
    assert deliver_due() == 1
    happen(cast)
    services.delete_endpoint(endpoint=silenced, actor=cast.actor)
    assert deliver_due() == 0
    assert list(WebhookDelivery.objects.order_by("pk").values_list("status", flat=True)) == [
        "DELIVERED",
        "FAILED",
    ]


def test_a_replay_is_refused_while_a_courier_carries_it(cast, listener):
    endpoint(cast, listener)
    happen(cast)
    delivering._reserve()
    with pytest.raises(Conflict, match="지금 보내는 중"):
        services.replay(delivery=WebhookDelivery.objects.get(), actor=cast.actor)


def test_after_the_overlap_only_the_new_secret_signs(cast, listener):
    subject, old = endpoint(cast, listener)
    new = services.rotate_secret(endpoint=subject, actor=cast.actor, overlap=timedelta(0))
    happen(cast)
    deliver_due()
    headers, body = listener.heard[0]
    lowered = {name.lower(): value for name, value in headers.items()}
    assert webhook.verify(new, body, lowered)["type"] == "TaxInvoice.Issued"
    with pytest.raises(webhook.WebhookVerificationError):
        webhook.verify(old, body, lowered)


def test_handlers_announce_their_types(monkeypatch):
    monkeypatch.setitem(HANDLERS, "x.y", {})
    services.announce("x.y", ["X.Y"], lambda event: [])
    assert "X.Y" in services.TYPES
    assert list(HANDLERS["x.y"]) == ["webhooks"]
    services.TYPES.discard("X.Y")


def test_the_log_forgets_what_ended_long_ago(cast, listener, settings):
    settings.WEBHOOK_LOG_DAYS = 30
    endpoint(cast, listener)
    for _ in range(3):
        happen(cast)
    assert deliver_due() == 3
    happen(cast)
    ended, fresh, _, waiting = WebhookDelivery.objects.order_by("pk")
    for old in (ended, waiting):
        day = clock.now() - timedelta(days=31)
        WebhookDelivery.objects.filter(pk=old.pk).update(next_attempt_at=day)
    assert forget_old() == 1
    assert WebhookDelivery.objects.order_by("pk").first() == fresh
    assert DeliveryAttempt.objects.count() == 2
    assert WebhookDelivery.objects.get(pk=waiting.pk).status == "WAITING"
    assert forget_old() == 0


def test_what_was_written_while_its_endpoint_was_deleted_does_not_wait_for_ever(cast, listener):
    subject, _ = endpoint(cast, listener)
    event = record(
        "thing.happened", workspace=cast.live, object_type="t", object_id="1", actor=cast.actor
    )

    def messages():  # told after the endpoints were read, as somebody deletes the one
        services.delete_endpoint(endpoint=subject, actor=cast.actor)
        yield "TaxInvoice.Issued", {}

    services.enqueue(event, messages())
    deliver_due()
    assert WebhookDelivery.objects.get().status == "FAILED"
    assert listener.heard == []


def test_a_stale_page_cannot_wake_or_use_a_deleted_endpoint(cast, listener):
    """The database refused it as an error 500, or a message waited for ever."""
    stale, _ = endpoint(cast, listener)
    services.delete_endpoint(endpoint=WebhookEndpoint.objects.get(), actor=cast.actor)
    for act in (
        lambda: services.change_endpoint(endpoint=stale, actor=cast.actor, is_active=True),
        lambda: services.send_test(endpoint=stale, actor=cast.actor),
        lambda: services.rotate_secret(endpoint=stale, actor=cast.actor),
        lambda: services.delete_endpoint(endpoint=stale, actor=cast.actor),
    ):
        with pytest.raises(NotFound, match="웹훅"):
            act()
    assert not WebhookDelivery.objects.exists()
