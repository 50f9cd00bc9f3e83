"""One order or one cancel entered on its page, as a browser would post it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from settlements.digest import FACTS
from settlements.models import Transfer
from tests.settlements.posted import fields_of

TRANSFERS = "/console/market-a/live/transfers"
NEW = f"{TRANSFERS}/+order"
PAID = "2023-08-11T12:00"
"""In Korea; the documented examples' payment."""

Typed = dict[str, Any]


def typed_order(payment_id: str, **typed: Any) -> Typed:
    return {
        "transfer_id": f"trs-{payment_id}",
        "partner": "seller",
        "payment_id": payment_id,
        "paid_at": PAID,
        "currency": "KRW",
        "kind": "AMOUNT",
        "op": "preview",
    } | typed


def typed_line(number: int, product_id: str, price: int, quantity: int, **more: Any) -> Typed:
    facts = {
        "row": "1",
        "product_id": product_id,
        "name": f"상품 {product_id}",
        "unit_price": f"{price:,}",
        "quantity": quantity,
    } | more
    return {f"line-{number}-{name}": value for name, value in facts.items()}


def typed_discount(prefix: str, policy: str, amount: int, tax_free: Any = "") -> Typed:
    facts = {"row": "1", "policy": policy, "amount": amount, "tax_free": tax_free}
    return {f"{prefix}-{name}": value for name, value in facts.items()}


def preview(client: Client, typed: Typed) -> HttpResponse:
    page = client.post(NEW, typed)
    assert page.status_code == 200, page.context["entry"].form.errors
    return page


def confirm(client: Client, page: HttpResponse) -> HttpResponse:
    """Press the button of the confirmation, with all it carries."""
    return client.post(NEW, fields_of(page, "entry-confirm") | {"op": "register"})


def registered(client: Client, typed: Typed) -> Transfer:
    confirm(client, preview(client, typed))
    return Transfer.objects.get(public_id=typed["transfer_id"])


def facts_of(transfer: Transfer, *other: str) -> Typed:
    """Every column but what two transfers cannot share."""
    return {name: getattr(transfer, name) for name in FACTS if name not in {"public_id", *other}}


def cancel_page(order: Transfer) -> str:
    return f"{TRANSFERS}/{order.public_id}/cancel"


def typed_cancel(cancellation_id: str, **typed: Any) -> Typed:
    return {
        "transfer_id": f"trs-{cancellation_id}",
        "cancellation_id": cancellation_id,
        "cancelled_at": "2023-08-12T12:00",
        "kind": "ALL",
    } | typed


def shown_of(client: Client, order: Transfer, typed: Typed) -> str:
    page = client.post(cancel_page(order), typed | {"op": "preview"})
    assert page.context["result"].problem == ""
    return str(page.context["shown"])


def cancelled(client: Client, order: Transfer, typed: Typed) -> HttpResponse:
    shown = shown_of(client, order, typed)
    return client.post(cancel_page(order), typed | {"op": "register", "shown": shown}, follow=True)
