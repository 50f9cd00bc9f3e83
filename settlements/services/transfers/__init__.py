"""Register transfers: orders, their cancels, and amounts by hand."""

from settlements.services.transfers.cancels import draft_cancel, register_cancel
from settlements.services.transfers.manuals import register_manual
from settlements.services.transfers.orders import OrderDraft, draft_order, register_order

__all__ = [
    "OrderDraft",
    "draft_cancel",
    "draft_order",
    "register_cancel",
    "register_manual",
    "register_order",
]
