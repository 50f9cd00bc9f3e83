"""kill -9 of the courier: every message arrives, under the id it had."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.events.models import WebhookDelivery
from core.events.services import record
from core.events.webhooks import services
from core.events.webhooks.delivering import deliver_due
from tests.cast import assemble
from tests.crash.courier import deliver
from tests.mortal import dies

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

MESSAGES = 3


@pytest.mark.parametrize(("point", "heard"), [("webhook.reserved", 0), ("webhook.sent", MESSAGES)])
def test_a_killed_courier_loses_nothing(listener, point, heard) -> None:
    cast = assemble()
    services.create_endpoint(
        workspace=cast.live, actor=cast.actor, url=listener.url, event_types=[]
    )
    for number in range(MESSAGES):
        event = record(
            "thing.happened",
            workspace=cast.live,
            object_type="thing",
            object_id=str(number),
            actor=cast.actor,
        )
        services.enqueue(event, [("TaxInvoice.Issued", {"taxInvoiceId": f"txi-{number}"})])

    dies(deliver, point=point)
    assert len(listener.heard) == heard
    assert deliver_due() == 0, "claimed by a courier that may still be at work"
    WebhookDelivery.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    assert deliver_due() == MESSAGES

    assert set(WebhookDelivery.objects.values_list("status", "attempt_count")) == {("DELIVERED", 2)}
    ids = sorted(headers["webhook-id"] for headers, _ in listener.heard)
    known = sorted(WebhookDelivery.objects.values_list("public_id", flat=True))
    assert sorted(set(ids)) == known
    assert len(ids) == heard + MESSAGES
