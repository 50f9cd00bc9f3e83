"""Carry waiting deliveries out, in three phases: write the try, send it, write what came of it.

A killed courier loses nothing: its claim runs out and the message goes again under the same
webhook-id. Messages to one endpoint go one after another, those to different ones side by side.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from time import monotonic

from django.db import transaction
from django.db.models import F, Q

from core import clock, crypto
from core.events.models import DeliveryAttempt, WebhookDelivery, WebhookEndpoint
from core.events.webhooks import sending, signing
from core.failpoints import failpoint
from core.sweeping import going_on

log = logging.getLogger(__name__)

DELAYS = [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
"""Between the 5 tries; each is halved and the other half is random (contract.md f)."""

TRIES = len(DELAYS) + 1
BATCH = 8
"""Few enough that a batch to one slow endpoint ends before its claim does."""

CLAIMED_FOR = timedelta(seconds=(BATCH + 1) * (sending.TIMEOUT_SECONDS + sending.CONNECT_SECONDS))
ENDPOINTS_AT_ONCE = 8
Status = WebhookDelivery.Status
_random = SystemRandom()


@dataclass(frozen=True)
class Outcome:
    """What one try came to. No status: nobody answered."""

    status: int | None
    body: str = ""
    error: str = ""
    duration_ms: int = 0

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Try:
    delivery: WebhookDelivery
    number: int


def deliver_due(limit: int = 200) -> int:
    """Try every delivery that is due. Returns how many arrived.

    An endpoint that does not answer is left alone until the next ring, so that a dead one
    holds nobody up.
    """
    arrived, tried = 0, 0
    silent: set[int] = set()
    while tried < limit:
        tries = _reserve(excluding=silent)
        if not tries:
            break
        failpoint("webhook.reserved")
        sent = _send_all(tries)
        failpoint("webhook.sent")
        for each, outcome in sent:
            tried += 1
            with going_on("recording", each.delivery.public_id):
                arrived += _record(each, outcome)
            if outcome is None or outcome.status is None:
                silent.add(each.delivery.endpoint_id)
    return arrived


@transaction.atomic
def _reserve(excluding: Iterable[int] = ()) -> list[Try]:
    """Claim what is due, oldest first, and write a try for each."""
    now = clock.now()
    _give_up_on_the_dead(now)
    due = list(
        WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now),
            status=Status.WAITING,
            next_attempt_at__lte=now,
            endpoint__is_active=True,
        )
        .exclude(endpoint__in=list(excluding))
        .select_related("endpoint")
        .order_by("next_attempt_at", "pk")[:BATCH]
    )
    for delivery in due:
        delivery.attempt_count += 1
        delivery.claimed_until = now + CLAIMED_FOR
    WebhookDelivery.objects.bulk_update(due, ["attempt_count", "claimed_until"])
    tries = [Try(delivery, delivery.attempt_count) for delivery in due]
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(delivery=each.delivery, number=each.number) for each in tries
    )
    return tries


def _give_up_on_the_dead(now: datetime) -> None:
    """A message whose courier died on the last try is not tried for ever, and one that was written
    while its endpoint was being deleted does not wait for ever."""
    dead = Q(claimed_until__lt=now, attempt_count__gte=F("tries_before_replay") + TRIES)
    unheard = Q(endpoint__deleted_at__isnull=False)
    waiting = WebhookDelivery.objects.filter(dead | unheard, status=Status.WAITING)
    waiting.update(status=Status.FAILED, claimed_until=None)


def _send_all(tries: Sequence[Try]) -> list[tuple[Try, Outcome | None]]:
    """Outcomes of all tries; None for those not made because their endpoint fell silent."""
    by_endpoint: dict[int, list[Try]] = defaultdict(list)
    for each in tries:
        by_endpoint[each.delivery.endpoint_id].append(each)
    with ThreadPoolExecutor(ENDPOINTS_AT_ONCE) as pool:
        return [pair for pairs in pool.map(_send_in_order, by_endpoint.values()) for pair in pairs]


def _send_in_order(tries: Sequence[Try]) -> list[tuple[Try, Outcome | None]]:
    """No database here: this runs in a thread."""
    sent: list[tuple[Try, Outcome | None]] = []
    is_silent = False
    for each in tries:
        outcome = None if is_silent else _send(each.delivery)
        is_silent = is_silent or (outcome is not None and outcome.status is None)
        sent.append((each, outcome))
    return sent


def _send(delivery: WebhookDelivery) -> Outcome:
    started = monotonic()
    try:
        stamp = int(clock.now().timestamp())
        secrets = secrets_in_force(delivery.endpoint)
        signed = signing.headers(secrets, delivery.public_id, stamp, delivery.payload)
        answer = sending.post(delivery.endpoint.url, delivery.payload, signed)
        outcome = Outcome(answer.status, body=answer.body)
    except sending.Undeliverable as failure:
        outcome = Outcome(None, error=str(failure)[:300])
    except Exception as failure:  # one broken endpoint must not stop the others
        log.exception("webhook %s could not be sent", delivery.public_id)
        outcome = Outcome(None, error=f"{type(failure).__name__}"[:300])
    took_ms = int((monotonic() - started) * 1000)
    return Outcome(outcome.status, outcome.body, outcome.error, took_ms)


def secrets_in_force(endpoint: WebhookEndpoint) -> list[str]:
    encrypted = endpoint.previous_secret_encrypted
    return [endpoint.secret, *([crypto.decrypt(encrypted)] if endpoint.signs_twice else [])]


@transaction.atomic
def _record(each: Try, outcome: Outcome | None) -> int:
    """1 when it arrived. A try overtaken by a later one only writes its own row."""
    delivery = WebhookDelivery.objects.select_for_update().get(pk=each.delivery.pk)
    attempt = DeliveryAttempt.objects.filter(delivery=delivery, number=each.number)
    is_latest = delivery.attempt_count == each.number
    if outcome is None:
        if is_latest:  # not made: as if it had never been reserved
            attempt.delete()
            delivery.attempt_count -= 1
            delivery.claimed_until = None
            delivery.save()
        return 0
    attempt.update(
        response_status=outcome.status,
        response_body=outcome.body,
        error=outcome.error,
        duration_ms=outcome.duration_ms,
    )
    if outcome.arrived and delivery.status != Status.DELIVERED:
        delivery.status, delivery.delivered_at = Status.DELIVERED, clock.now()
        delivery.claimed_until = None
    elif is_latest and delivery.status == Status.WAITING:
        _plan_next(delivery)
    delivery.save()
    return int(outcome.arrived)


def _plan_next(delivery: WebhookDelivery) -> None:
    made = delivery.attempt_count - delivery.tries_before_replay
    delivery.claimed_until = None
    if made >= TRIES:
        delivery.status = Status.FAILED
    else:
        delivery.next_attempt_at = clock.now() + jittered(DELAYS[made - 1])


def jittered(delay: timedelta) -> timedelta:
    """Equal jitter: half fixed, half random."""
    half = delay / 2
    return half + timedelta(seconds=_random.uniform(0, half.total_seconds()))
