"""What is owed: transfers, partner settlements, the calculator's versions, order uploads."""

from settlements.models.amounts import AMOUNT_COLUMNS, OrderAmounts, TransferType
from settlements.models.calculator import CalculatorVersion, SettlementParameter
from settlements.models.partner_settlement import PartnerSettlement, SettlementStatus
from settlements.models.simulation import SimulatedPartner, Simulation
from settlements.models.transfer import FOLLOWING_STATUS, Transfer, TransferStatus
from settlements.models.upload import LIVE_UPLOADS, OrderColumnMapping, OrderUpload, UploadMode

__all__ = [
    "AMOUNT_COLUMNS",
    "FOLLOWING_STATUS",
    "LIVE_UPLOADS",
    "CalculatorVersion",
    "OrderAmounts",
    "OrderColumnMapping",
    "OrderUpload",
    "PartnerSettlement",
    "SettlementParameter",
    "SettlementStatus",
    "SimulatedPartner",
    "Simulation",
    "Transfer",
    "TransferStatus",
    "TransferType",
    "UploadMode",
]
