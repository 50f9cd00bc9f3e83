"""The engine: reserve, send, record. Each step may be the last before the process dies.

reserve   one transaction: claimed, PROCESSING, ledger reservation, keys committed
send      no transaction: the bank is called, many at a time
record    small transactions: what the bank said

A PROCESSING transfer whose worker died is UNKNOWN, and only an inquiry under its key resolves
it (payouts.services.inquiries). Nothing here ever sends a key twice.
"""

from payouts.services.execution.engine import execute, next_bulk_payouts
from payouts.services.execution.recording import Result, Unsettled, record_results
from payouts.services.execution.reserving import Batch, Order, reserve
from payouts.services.execution.sending import Sender

__all__ = [
    "Batch",
    "Order",
    "Result",
    "Sender",
    "Unsettled",
    "execute",
    "next_bulk_payouts",
    "record_results",
    "reserve",
]
