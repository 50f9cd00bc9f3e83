"""What every new transfer has in common: its id, its properties, its one INSERT."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from msgspec import UnsetType

from core.companies.identifiers import graphql_id, new_id
from core.errors import InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from partners.errors import UserDefinedPropertyNotFound
from settlements.errors import TransferAlreadyExists, TransferIdAlreadyUsed
from settlements.inputs import Property
from settlements.models import Transfer
from settlements.queries import TRANSFER_NODE

ROUTE_WORDS = frozenset({"order", "order-cancel", "manual"})
"""Words that stand where an id stands in the API's paths (contract.md b)."""

ORDER_ONCE, PUBLIC_ID = "transfer_order_once", "transfer_public_id"
"""The constraints that a race between two registrations runs into."""


def transfer_id(asked: str | UnsetType) -> str:
    if isinstance(asked, UnsetType):
        return new_id("trs")
    if asked in ROUTE_WORDS:
        raise InvalidRequest(f"등록하지 않았습니다. {asked}은(는) 아이디로 쓸 수 없습니다.")
    return asked


def known_properties(given: Iterable[Property], defined: Collection[str]) -> dict[str, str]:
    """Key → value; raises UserDefinedPropertyNotFound for a key nobody defined."""
    values = {each.key: each.value.string for each in given}
    if not values.keys() <= set(defined):
        raise UserDefinedPropertyNotFound()
    return values


def already_exists(public_id: str) -> TransferAlreadyExists:
    return TransferAlreadyExists(
        transferId=public_id, transferGraphqlId=graphql_id(TRANSFER_NODE, public_id)
    )


def insert(transfer: Transfer, actor: Actor) -> Transfer:
    """Write the row and its event; losing a race for an id reads like having come late."""
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        if PUBLIC_ID in str(error):
            raise TransferIdAlreadyUsed() from error
        if ORDER_ONCE in str(error):
            raise already_exists(_sibling(transfer).public_id) from error
        raise
    record(
        "transfer.registered",
        workspace=transfer.workspace,
        object_type="transfer",
        object_id=transfer.public_id,
        actor=actor,
        changes={
            "type": transfer.type,
            "status": transfer.status,
            "settlement_amount": transfer.settlement_amount,
        },
    )
    return transfer


def _sibling(transfer: Transfer) -> Transfer:
    return Transfer.objects.get(
        workspace=transfer.workspace,
        payment_id=transfer.payment_id,
        partner=transfer.partner_id,
        order_number=transfer.order_number,
        cancellation_id=transfer.cancellation_id,
    )
