"""What every new transfer has in common: its id, its properties, its one INSERT."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from msgspec import UnsetType

from core import clock
from core.companies.access import rows
from core.companies.identifiers import graphql_id, new_id
from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.events.actors import Actor
from core.events.services import event_values, ring_for, with_event
from core.statements import column_values, prepared_cursor
from partners.errors import UserDefinedPropertyNotFound
from partners.models import PropertyDefinition
from settlements.digest import digest_of
from settlements.errors import ShownHasChanged, TransferAlreadyExists, TransferIdAlreadyUsed
from settlements.inputs import Property
from settlements.models import Transfer
from settlements.queries import TRANSFER_NODE

Value = TypeVar("Value")

ROUTE_WORDS = frozenset({"order", "order-cancel", "manual"})
"""Words that stand where an id stands in the API's paths (contract.md b)."""

REGISTERED = "transfer.registered"
LATER = {"id", "partner_settlement", "upload", "kept_terms_on"}
"""What no new transfer has: files, starting and settling write it."""
FIELDS = [field for field in Transfer._meta.concrete_fields if field.name not in LATER]
INSERT = with_event(f"""
    INSERT INTO {Transfer._meta.db_table} ({", ".join(str(field.column) for field in FIELDS)})
    VALUES ({", ".join(["%s"] * len(FIELDS))})
    ON CONFLICT DO NOTHING
""")
"""A conflict is an answer here, not an error that would break the caller's transaction."""


def given_or_none(value: Value | UnsetType) -> Value | None:
    return None if isinstance(value, UnsetType) else value


def transfer_id(asked: str | UnsetType) -> str:
    if isinstance(asked, UnsetType):
        return new_id("trs")
    if asked in ROUTE_WORDS:
        message = _("등록하지 않았습니다. %(asked)s은(는) 아이디로 쓸 수 없습니다.")
        raise InvalidRequest(message % {"asked": asked})
    return asked


def defined_keys(workspace: Workspace) -> list[str]:
    transfers = rows(PropertyDefinition, workspace).filter(object_type="TRANSFER")
    return list(transfers.values_list("key", flat=True))


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


def check_shown(transfer: Transfer, shown: str) -> None:
    """What a person confirmed is what will be stored; nobody confirmed anything without `shown`.

    Raises ShownHasChanged.
    """
    if shown and shown != digest_of(transfer):
        raise ShownHasChanged()


def store(transfer: Transfer, actor: Actor, *, may_renumber: bool = False) -> Transfer:
    """Write the row and its event, in one statement; losing a race for an id reads like having
    come late."""
    transfer.created_at = clock.now()
    event = event_values(
        REGISTERED,
        workspace=transfer.workspace,
        object_type="transfer",
        object_id=transfer.public_id,
        actor=actor,
        changes={
            "type": transfer.type,
            "status": transfer.status,
            "settlement_currency": transfer.settlement_currency,
            "settlement_amount": transfer.settlement_amount,
        },
    )
    while not _inserted(transfer, event):
        rival = _rival(transfer)
        if rival.public_id == transfer.public_id:
            raise TransferIdAlreadyUsed()
        if not may_renumber:
            raise already_exists(rival.public_id)
        transfer.order_number += 1
    ring_for(REGISTERED)
    return transfer


def _inserted(transfer: Transfer, event: list[Any]) -> bool:
    with prepared_cursor() as cursor:
        cursor.execute(INSERT, column_values(transfer, FIELDS) + event)
        row = cursor.fetchone()
    if row is None:
        return False
    transfer.pk = row[0]
    transfer._state.adding = False
    return True


def _rival(transfer: Transfer) -> Transfer:
    """The row that was first: one with our id, else one in our place."""
    rivals = Transfer.objects.filter(workspace=transfer.workspace)
    same_id = rivals.filter(public_id=transfer.public_id).first()
    return same_id or rivals.get(
        payment_id=transfer.payment_id,
        partner=transfer.partner_id,
        order_number=transfer.order_number,
        cancellation_id=transfer.cancellation_id,
    )
