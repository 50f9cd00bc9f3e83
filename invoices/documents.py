"""What a tax invoice says, as plain values. Names follow contract.md c.10; amounts in won."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

KEY_LENGTH = 24
"""The longest document key the provider keeps (korea-rules 7.3)."""


@dataclass(frozen=True)
class Scaled:
    """value × 10^-scale (contract.md a.7)."""

    value: int
    scale: int = 0


@dataclass(frozen=True)
class Contact:
    email: str
    name: str = ""
    department: str = ""
    phone_number: str = ""
    mobile_phone_number: str = ""


@dataclass(frozen=True)
class Party:
    """Supplier or recipient. What is empty is filled from the counterparty."""

    brn: str = ""
    counterparty_id: str = ""
    tax_registration_id: str = ""
    name: str = ""
    representative_name: str = ""
    address: str = ""
    business_type: str = ""
    business_class: str = ""
    contact: Contact | None = None


@dataclass(frozen=True)
class Item:
    purchase_date: date | None = None
    name: str = ""
    spec: str = ""
    quantity: Scaled | None = None
    unit_cost_amount: Scaled | None = None
    supply_cost_amount: int | None = None
    tax_amount: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Content:
    """Everything a writer decides; the rest (numbers, dates of issue) happens to a document."""

    taxation_type: str
    write_date: date
    purpose_type: str
    total_supply_amount: int
    total_tax_amount: int
    total_amount: int
    recipient: Party
    supplier: Party | None = None
    issuance_type: str = "REVERSE"
    serial_number: str = ""
    book_volume: int | None = None
    book_issue: int | None = None
    cash_amount: int | None = None
    check_amount: int | None = None
    credit_amount: int | None = None
    note_amount: int | None = None
    remarks: tuple[str, ...] = ()
    supplier_document_key: str = ""
    recipient_document_key: str = ""
    send_sms: bool = False
    items: tuple[Item, ...] = ()
    additional_contacts: tuple[Contact, ...] = field(default=())
    use_counterparty_additional_contacts: bool = False


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def to_wire(value: Any) -> Any:
    """Dataclasses as the contract's JSON: camelCase, absent instead of null or empty."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_wire(entry) for entry in value]
    if hasattr(value, "__dataclass_fields__"):
        pairs = ((camel(f.name), getattr(value, f.name)) for f in fields(value))
        return {name: to_wire(entry) for name, entry in pairs if entry not in (None, "", ())}
    return value


def contact_from(wire: Mapping[str, Any]) -> Contact:
    return Contact(
        email=wire.get("email", ""),
        name=wire.get("name", ""),
        department=wire.get("department", ""),
        phone_number=wire.get("phoneNumber", ""),
        mobile_phone_number=wire.get("mobilePhoneNumber", ""),
    )


def party_from(wire: Mapping[str, Any]) -> Party:
    contact = wire.get("contact")
    return Party(
        brn=wire.get("brn", ""),
        counterparty_id=wire.get("counterpartyId", ""),
        tax_registration_id=wire.get("taxRegistrationId", ""),
        name=wire.get("name", ""),
        representative_name=wire.get("representativeName", ""),
        address=wire.get("address", ""),
        business_type=wire.get("businessType", ""),
        business_class=wire.get("businessClass", ""),
        contact=contact_from(contact) if contact else None,
    )


def item_from(wire: Mapping[str, Any]) -> Item:
    purchase_date = wire.get("purchaseDate")
    return Item(
        purchase_date=date.fromisoformat(purchase_date) if purchase_date else None,
        name=wire.get("name", ""),
        spec=wire.get("spec", ""),
        quantity=_scaled(wire.get("quantity")),
        unit_cost_amount=_scaled(wire.get("unitCostAmount")),
        supply_cost_amount=wire.get("supplyCostAmount"),
        tax_amount=wire.get("taxAmount"),
        remark=wire.get("remark", ""),
    )


NESTED = {"write_date", "recipient", "supplier", "remarks", "items", "additional_contacts"}


def content_from(wire: Mapping[str, Any]) -> Content:
    """A B2bTaxInvoiceInput whose shape has been validated."""
    supplier = wire.get("supplier")
    plain = {
        f.name: wire[camel(f.name)]
        for f in fields(Content)
        if f.name not in NESTED and camel(f.name) in wire
    }
    return Content(
        **plain,
        write_date=date.fromisoformat(wire["writeDate"]),
        recipient=party_from(wire["recipient"]),
        supplier=party_from(supplier) if supplier else None,
        remarks=tuple(wire.get("remarks", ())),
        items=tuple(item_from(item) for item in wire.get("items", ())),
        additional_contacts=tuple(contact_from(c) for c in wire.get("additionalContacts", ())),
    )


def _scaled(wire: Mapping[str, int] | None) -> Scaled | None:
    return Scaled(wire["value"], wire.get("scale", 0)) if wire else None


def document_key(workspace_id: int, public_id: str) -> str:
    """Our key at the provider: same document, same key, whatever dies in between."""
    digest = hashlib.sha256(f"{workspace_id}:{public_id}".encode()).digest()
    return b32encode(digest).decode()[:KEY_LENGTH]
