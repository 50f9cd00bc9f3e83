from core.events.models.event import Event, EventSeal, Reaction
from core.events.models.notice import Notice
from core.events.models.webhook import (
    DeliveryAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)

__all__ = [
    "DeliveryAttempt",
    "Event",
    "EventSeal",
    "Notice",
    "Reaction",
    "WebhookDelivery",
    "WebhookEndpoint",
]
