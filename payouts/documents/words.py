"""How a statement says things, on paper and on its page; all from its frozen content."""

from __future__ import annotations

import hashlib
import json

from core.console.formats import registration_number
from partners.banks import BANKS
from payouts.documents.statement import Content

CONFIRMED = {
    "settlement": "정산 금액",
    "tax_free": "정산 면세",
    "supply": "확정 공급가액",
    "vat": "확정 부가세",
    "confirmed_tax_free": "확정 면세",
}
AMOUNT_OF = {"tax_free": "settlement_tax_free", "confirmed_tax_free": "tax_free"}
"""Items whose name is not that of their amount."""


def fingerprint(content: Content) -> str:
    """SHA-256 of what the paper says, printed in its foot; the bytes' own is kept beside them."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def bank_name(code: str) -> str:
    bank = BANKS.get(code)
    return bank.name if bank else code


def partner_kind(content: Content) -> str:
    """Type, taxation and number of the partner, as far as they are shown."""
    partner, shown = content["partner"], content["shown"]
    return joined(
        partner["type"] if "partner_type" in shown else "",
        partner["taxation"] if "taxation" in shown else "",
        registration_number(partner["registration_number"]) if "partner_type" in shown else "",
    )


def confirmed(content: Content) -> list[tuple[str, int]]:
    """Label and amount of the confirmed amounts that are shown; taxes where they are withheld."""
    amounts, shown = content["amounts"], content["shown"]
    found = [
        (label, amounts[AMOUNT_OF.get(item, item)])
        for item, label in CONFIRMED.items()
        if item in shown
    ]
    if "withholding" in shown and content["withholds"]:
        found += [("소득세", amounts["income_tax"]), ("지방소득세", amounts["local_income_tax"])]
    return [*found, ("지급 금액", amounts["amount"])] if found else []


def joined(*words: str) -> str:
    return " · ".join(word for word in words if word)
