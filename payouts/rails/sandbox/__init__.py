"""A bank to develop, test and demonstrate against: it remembers, fails and never moves money."""

from django.conf import settings

from core.sandbox import Journal
from payouts.rails.sandbox.bank import SandboxBank
from payouts.rails.sandbox.behaviour import Behaviour, Fault

__all__ = ["Behaviour", "Fault", "SandboxBank", "sandbox_bank"]


def sandbox_bank() -> SandboxBank:
    """The bank of this installation; its journal lies outside our database."""
    return SandboxBank(Journal(settings.SANDBOX_DIR / "bank.sqlite3"))
