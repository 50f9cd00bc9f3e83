"""Register cancels of orders (contract.md d.3)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from msgspec import UnsetType

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.events.actors import Actor
from settlements.drafts import cancel_columns
from settlements.errors import CannotSpecifyTransfer, TransferNotFound
from settlements.inputs import CancelInput
from settlements.models import Transfer, TransferType
from settlements.queries.frozen import frozen_order
from settlements.services.transfers.rows import (
    already_exists,
    check_shown,
    defined_keys,
    known_properties,
    store,
    transfer_id,
)


@transaction.atomic
def register_cancel(
    *, workspace: Workspace, actor: Actor, cancel: CancelInput, shown: str = ""
) -> Transfer:
    """Register what is taken back of one order, with the order's own terms.

    `shown` is the digest of the draft a person confirmed: nothing else is then stored, else
    ShownHasChanged is raised. Raises TransferNotFound, CannotSpecifyTransfer,
    TransferAlreadyExists, TransferIdAlreadyUsed, UserDefinedPropertyNotFound and everything
    `drafts.cancel_columns` does (contract.md b). Cancels of one order queue up.
    """
    order = _one_of(_named_orders(workspace, cancel).select_for_update(of=("self",)))
    transfer = _draft(workspace, order, cancel)
    check_shown(transfer, shown)
    return store(transfer, actor)


def draft_cancel(*, workspace: Workspace, cancel: CancelInput) -> Transfer:
    """What registering the cancel would store now, not stored; raises as `register_cancel`."""
    return _draft(workspace, _one_of(_named_orders(workspace, cancel)), cancel)


def _draft(workspace: Workspace, order: Transfer, cancel: CancelInput) -> Transfer:
    public_id = transfer_id(cancel.id)
    cancels = list(order.cancels.order_by("id"))
    for earlier in cancels:
        if earlier.cancellation_id == cancel.cancellation_id:
            raise already_exists(earlier.public_id)
    columns = cancel_columns(
        cancel, frozen_order(order, cancels), now=clock.now(), today=clock.today()
    )
    return Transfer(
        workspace=workspace,
        public_id=public_id,
        partner_id=order.partner_id,
        contract_id=order.contract_id,
        payment_id=order.payment_id,
        order_number=order.order_number,
        order_transfer=order,
        properties=known_properties(
            cancel.user_defined_properties,
            defined_keys(workspace) if cancel.user_defined_properties else (),
        ),
        status_updated_at=clock.now(),
        **columns,
    )


def _one_of(named: QuerySet[Transfer]) -> Transfer:
    """The one order that is meant."""
    orders = list(named.select_related("workspace__company").order_by("id"))
    if len(orders) != 1:
        raise CannotSpecifyTransfer()
    return orders[0]


def _named_orders(workspace: Workspace, cancel: CancelInput) -> QuerySet[Transfer]:
    transfers = rows(Transfer, workspace)
    if not isinstance(cancel.transfer_id, UnsetType):
        named = transfers.filter(public_id=cancel.transfer_id)
        if not named.exists():
            raise TransferNotFound()
        return named.filter(type=TransferType.ORDER)
    if isinstance(cancel.partner_id, UnsetType) or isinstance(cancel.payment_id, UnsetType):
        raise CannotSpecifyTransfer()
    return transfers.filter(
        payment_id=cancel.payment_id,
        partner__public_id=cancel.partner_id,
        type=TransferType.ORDER,
    )
