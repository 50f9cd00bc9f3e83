import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from portone_server_sdk import webhook

from core import clock
from core.events.models import WebhookDelivery
from core.events.services import HANDLERS, record
from core.events.webhooks import sending, services
from tests.cast import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def listener(settings):
    """A customer's server on loopback; `answers` are its next status codes."""
    settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES = True

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self.server.heard.append((dict(self.headers), body))
            self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.heard, server.answers = [], []
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


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
    assert services.deliver_due() == 1
    headers, body = listener.heard[0]
    lowered = {name.lower(): value for name, value in headers.items()}
    verified = webhook.verify(secret, body, lowered)
    assert verified["type"] == "TaxInvoice.Issued"
    assert verified["data"] == {"taxInvoiceId": "txi-1", "totalAmount": 1100}


def test_after_rotation_old_and_new_secret_both_verify(cast, listener):
    subject, old = endpoint(cast, listener)
    new = services.rotate_secret(endpoint=subject, actor=cast.actor)
    happen(cast)
    services.deliver_due()
    headers, body = listener.heard[0]
    lowered = {name.lower(): value for name, value in headers.items()}
    assert old != new
    assert webhook.verify(old, body, lowered) == webhook.verify(new, body, lowered)


def test_five_tries_under_one_id_then_failed_then_replay(cast, listener):
    endpoint(cast, listener)
    listener.answers = [500, 302, 404, 503, 500]
    happen(cast)
    for _ in range(6):
        services.deliver_due()
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
    assert services.deliver_due() == 1


def test_only_chosen_types_are_sent(cast, listener):
    endpoint(cast, listener, types=["TaxInvoice.Refused"])
    happen(cast, "TaxInvoice.Issued")
    happen(cast, "TaxInvoice.Refused")
    assert services.deliver_due() == 1
    assert json.loads(listener.heard[0][1])["type"] == "TaxInvoice.Refused"


@pytest.mark.parametrize(("base", "lowest", "highest"), [(5, 150, 300), (40, 1200, 2400)])
def test_half_of_a_delay_is_random(base, lowest, highest):
    delays = [services.jittered(timedelta(minutes=base)).total_seconds() for _ in range(200)]
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
    ],
)
def test_inside_addresses_and_plain_http_are_refused(url):
    with pytest.raises(sending.Undeliverable):
        sending.post(url, "{}", {})


def test_handlers_announce_their_types(monkeypatch):
    monkeypatch.setitem(HANDLERS, "x.y", {})
    services.announce("x.y", ["X.Y"], lambda event: [])
    assert "X.Y" in services.TYPES
    assert list(HANDLERS["x.y"]) == ["webhooks"]
    services.TYPES.discard("X.Y")
