"""Read settlements and transfers; nothing here writes."""

from settlements.queries.explain import Explanation, explain_settlement, explain_transfer
from settlements.queries.filters import (
    SETTLEMENT_KEYWORDS,
    TRANSFER_KEYWORDS,
    SettlementFilter,
    TransferFilter,
    keyword_condition,
)
from settlements.queries.formula_totals import formula_names, formula_totals, transfer_results
from settlements.queries.partner_settlements import (
    PAYABLE,
    SETTLEMENT_NODE,
    count_by_status,
    find_settlements,
    payable_settlements,
    settlements_matching,
    signed,
    totals_by_status,
    unpaid_totals,
)
from settlements.queries.transfers import (
    TRANSFER_NODE,
    signed_totals,
    transfers_matching,
)

__all__ = [
    "PAYABLE",
    "SETTLEMENT_KEYWORDS",
    "SETTLEMENT_NODE",
    "TRANSFER_KEYWORDS",
    "TRANSFER_NODE",
    "Explanation",
    "SettlementFilter",
    "TransferFilter",
    "count_by_status",
    "explain_settlement",
    "explain_transfer",
    "find_settlements",
    "formula_names",
    "formula_totals",
    "keyword_condition",
    "payable_settlements",
    "settlements_matching",
    "signed",
    "signed_totals",
    "totals_by_status",
    "transfer_results",
    "transfers_matching",
    "unpaid_totals",
]
