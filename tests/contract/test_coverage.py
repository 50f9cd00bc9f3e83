"""No operation of the SDK is left untried."""

from __future__ import annotations

import inspect
from pathlib import Path

from tests.contract.sdk import official

FAMILIES = ("contract", "discount_share_policy", "additional_fee_policy")
VERBS = ("create", "get", "update", "archive", "recover")


def by_families() -> set[str]:
    """What test_policies.py calls for each of its three kinds by a composed name."""
    names = {f"{verb}_platform_{noun}" for verb in VERBS for noun in FAMILIES}
    names |= {f"{word}schedule_{noun}" for word in ("", "re") for noun in FAMILIES}
    names |= {f"get_platform_{noun}_schedule" for noun in FAMILIES}
    names |= {f"cancel_platform_{noun}_schedule" for noun in FAMILIES}
    plurals = ("contracts", "discount_share_policies", "additional_fee_policies")
    names |= {f"get_platform_{plural}" for plural in plurals}
    kinds = ("pdf_download", "popup", "print")
    return names | {f"get_b2b_tax_invoice_{kind}_url" for kind in kinds}


def test_every_operation_of_the_sdk_is_called() -> None:
    text = "\n".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    operations = {
        name
        for client in set(map(type, official("http://localhost").values()))
        for name, _ in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_") and not name.endswith("_async")
    }
    assert len(operations) == 97
    untried = {name for name in operations if f"{name}" not in text}
    assert untried - by_families() == set()
