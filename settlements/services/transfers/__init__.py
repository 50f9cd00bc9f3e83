"""Register transfers: orders, their cancels, and amounts by hand."""

from settlements.services.transfers.cancels import register_cancel
from settlements.services.transfers.manuals import register_manual
from settlements.services.transfers.orders import register_order

__all__ = ["register_cancel", "register_manual", "register_order"]
