from core.events.models.event import Event, EventSeal, Reaction
from core.events.models.webhook import (
    DeliveryAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)

__all__ = [
    "DeliveryAttempt",
    "Event",
    "EventSeal",
    "Reaction",
    "WebhookDelivery",
    "WebhookEndpoint",
]
