"""Register orders (contract.md c.5, c.11, d)."""

from __future__ import annotations

from dataclasses import dataclass

from core import clock
from core.companies.models import Workspace
from core.events.actors import Actor
from partners.errors import (
    AdditionalFeePoliciesNotFound,
    ContractNotFound,
    DiscountSharePoliciesNotFound,
    PartnerNotFound,
)
from partners.models import Partner
from partners.services import apply_due_schedules
from partners.snapshots import ADDITIONAL_FEE, DISCOUNT_SHARE, id_pairs
from settlements.detail import named_policies
from settlements.drafts import OrderTerms, order_columns, order_start
from settlements.errors import TransferIdAlreadyUsed
from settlements.inputs import OrderInput
from settlements.models import Transfer
from settlements.queries.order_facts import OrderFacts, OrderQuestion, order_facts
from settlements.queries.terms import calculator_of, contract_terms, discount_terms, fee_terms
from settlements.services.transfers.rows import (
    already_exists,
    check_shown,
    given_or_none,
    known_properties,
    store,
    transfer_id,
)


@dataclass(frozen=True)
class OrderDraft:
    """An order as it would be stored now."""

    transfer: Transfer
    """Not stored."""
    sibling_id: str | None
    """Public id of the newest order of the same payment and partner, where several are allowed."""

    allows_several_orders: bool


def register_order(
    *, workspace: Workspace, actor: Actor, order: OrderInput, shown: str = ""
) -> Transfer:
    """Register one order of one partner, calculated with the terms of its start date.

    `shown` is the digest of the draft a person confirmed: nothing else is then stored, else
    ShownHasChanged is raised. Raises what `draft_order` does. One statement writes all of it.
    """
    draft = draft_order(workspace=workspace, order=order)
    check_shown(draft.transfer, shown)
    may_renumber = draft.allows_several_orders and not shown
    return store(draft.transfer, actor, may_renumber=may_renumber)


def draft_order(*, workspace: Workspace, order: OrderInput) -> OrderDraft:
    """What registering the order would store now; a due plan is applied first, nothing else.

    Raises PartnerNotFound, ContractNotFound, PaymentNotFound, the policies', parameters' and
    properties' NotFound, TransferAlreadyExists, TransferIdAlreadyUsed and everything
    `drafts.order_columns` does (contract.md b).
    """
    today = clock.today()
    discounts, fees = named_policies(order)
    question = OrderQuestion(
        partner_id=order.partner_id,
        payment_id=order.payment_id,
        contract_id=given_or_none(order.contract_id),
        transfer_id=transfer_id(order.id),
        start=order_start(order, today),
        discount_policy_ids=discounts,
        fee_policy_ids=fees,
    )
    partner, facts = _known(workspace, question)
    if facts.plan_is_due:
        apply_due_schedules(workspace=workspace)
        partner, facts = _known(workspace, question)
    terms = order_terms(facts, question)
    properties = known_properties(order.user_defined_properties, facts.property_keys)
    transfer = Transfer(
        workspace=workspace,
        public_id=question.transfer_id,
        partner=partner,
        contract_id=facts.contract_id,
        contract_is_named=question.contract_id is not None,
        payment_id=order.payment_id,
        order_number=_number(facts),
        properties=properties,
        status_updated_at=clock.now(),
        **order_columns(order, terms, today=today),
    )
    return OrderDraft(transfer, facts.latest_order_id, facts.allows_several_orders)


def _known(workspace: Workspace, question: OrderQuestion) -> tuple[Partner, OrderFacts]:
    found = order_facts(workspace, question)
    if found is None:
        raise PartnerNotFound()
    return found


def order_terms(facts: OrderFacts, question: OrderQuestion) -> OrderTerms:
    """Versions to terms. Raises the NotFound of what is missing, and of an id already used."""
    if facts.contract_id is None or facts.contract_version_id is None:
        raise ContractNotFound()
    missing = sorted(set(question.discount_policy_ids) - facts.discount_versions.keys())
    if missing:
        raise DiscountSharePoliciesNotFound(**id_pairs(DISCOUNT_SHARE, missing))
    missing = sorted(set(question.fee_policy_ids) - facts.fee_versions.keys())
    if missing:
        raise AdditionalFeePoliciesNotFound(**id_pairs(ADDITIONAL_FEE, missing))
    return OrderTerms(
        contract_id=facts.contract_public_id or "",
        contract_version_id=facts.contract_version_id,
        contract=contract_terms(facts.contract_version_id),
        calculator_version_id=facts.calculator_version_id,
        calculator=calculator_of(facts.calculator_version_id, facts.parameters),
        discount_versions=facts.discount_versions,
        discounts={key: discount_terms(pk) for key, pk in facts.discount_versions.items()},
        fee_versions=facts.fee_versions,
        fees={key: fee_terms(pk) for key, pk in facts.fee_versions.items()},
        calendar=facts.calendar,
        adjusts_date_after_holiday=facts.adjusts_date_after_holiday,
    )


def _number(facts: OrderFacts) -> int:
    """Which order of its payment and partner this is. Raises TransferAlreadyExists when the
    workspace allows only one (contract.md c.4)."""
    if facts.id_is_used:
        raise TransferIdAlreadyUsed()
    if facts.latest_order_id is None or facts.latest_order_number is None:
        return 0
    if not facts.allows_several_orders:
        raise already_exists(facts.latest_order_id)
    return facts.latest_order_number + 1
