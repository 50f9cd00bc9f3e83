"""Register cancels of orders (contract.md d.3)."""

from __future__ import annotations

from django.db import transaction

from core import clock
from core.companies.models import Workspace
from core.events.actors import Actor
from settlements.drafts import cancel_columns
from settlements.errors import CannotSpecifyTransfer, TransferNotFound
from settlements.inputs import CancelInput
from settlements.models import Transfer, TransferType
from settlements.queries.cancel_facts import CancelFacts, CancelQuestion, cancel_facts
from settlements.queries.frozen import frozen_order
from settlements.services.transfers.rows import (
    already_exists,
    check_shown,
    given_or_none,
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
    transfer = _draft(workspace, cancel, locks=True)
    check_shown(transfer, shown)
    return store(transfer, actor)


def draft_cancel(*, workspace: Workspace, cancel: CancelInput) -> Transfer:
    """What registering the cancel would store now, not stored; raises as `register_cancel`."""
    return _draft(workspace, cancel, locks=False)


def _draft(workspace: Workspace, cancel: CancelInput, *, locks: bool) -> Transfer:
    facts = _known(workspace, cancel, locks=locks)
    order = facts.order
    public_id = transfer_id(cancel.id)
    for earlier in facts.cancels:
        if earlier.cancellation_id == cancel.cancellation_id:
            raise already_exists(earlier.public_id)
    frozen = frozen_order(
        order,
        facts.cancels,
        calendar=facts.calendar,
        adjusts_date_after_holiday=facts.adjusts_date_after_holiday,
    )
    return Transfer(
        workspace=workspace,
        public_id=public_id,
        partner=order.partner,
        contract_id=order.contract_id,
        payment_id=order.payment_id,
        order_number=order.order_number,
        order_transfer=order,
        properties=known_properties(cancel.user_defined_properties, facts.property_keys),
        status_updated_at=clock.now(),
        **cancel_columns(cancel, frozen, now=clock.now(), today=clock.today()),
    )


def _known(workspace: Workspace, cancel: CancelInput, *, locks: bool) -> CancelFacts:
    """Of the one order that is meant. Raises TransferNotFound, CannotSpecifyTransfer."""
    question = CancelQuestion(
        transfer_id=given_or_none(cancel.transfer_id),
        payment_id=given_or_none(cancel.payment_id),
        partner_id=given_or_none(cancel.partner_id),
    )
    if question.transfer_id is None and None in (question.payment_id, question.partner_id):
        raise CannotSpecifyTransfer()
    found = cancel_facts(workspace, question, locks=locks)
    if question.transfer_id is not None and not found:
        raise TransferNotFound()
    if len(found) != 1 or found[0].order.type != TransferType.ORDER:
        raise CannotSpecifyTransfer()
    return found[0]
