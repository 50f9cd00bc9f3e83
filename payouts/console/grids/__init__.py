"""The lists: 일괄 지급, 승인, 지급 내역, 이체 내역, 미확정 이체."""

from payouts.console.grids.bulks import ApprovalGrid, BulkGrid
from payouts.console.grids.payouts import PayoutGrid
from payouts.console.grids.transfers import TransferGrid, UnknownGrid

__all__ = ["ApprovalGrid", "BulkGrid", "PayoutGrid", "TransferGrid", "UnknownGrid"]
