"""Register transfers: orders, their cancels, and amounts by hand."""

from settlements.services.transfers.manuals import register_manual

__all__ = ["register_manual"]
