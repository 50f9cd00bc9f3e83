"""The verbs of settlement; nothing else writes its tables."""

from settlements.services.settling import SettleOutcome, settle_due

__all__ = ["SettleOutcome", "settle_due"]
