"""Contracts and policies from request-shaped bodies: created, changed or already so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.events.actors import Actor
from partners import inputs
from partners.imports.report import ImportReport
from partners.services import kinds
from partners.services.kinds import Kind
from partners.services.policies import (
    create_additional_fee_policy,
    create_contract,
    create_discount_share_policy,
    update_policy,
)

Body = Mapping[str, Any]
Create = Callable[..., object]


def import_contracts(*, workspace: Workspace, bodies: Iterable[Body], actor: Actor) -> ImportReport:
    """Contracts as the API would take them (contract.md c.2), by id, all or none."""
    return _import(workspace, bodies, actor, kinds.CONTRACT, inputs.CreateContract, create_contract)


def import_discount_share_policies(
    *, workspace: Workspace, bodies: Iterable[Body], actor: Actor
) -> ImportReport:
    return _import(
        workspace,
        bodies,
        actor,
        kinds.DISCOUNT_SHARE,
        inputs.CreateDiscountSharePolicy,
        create_discount_share_policy,
    )


def import_additional_fee_policies(
    *, workspace: Workspace, bodies: Iterable[Body], actor: Actor
) -> ImportReport:
    return _import(
        workspace,
        bodies,
        actor,
        kinds.ADDITIONAL_FEE,
        inputs.CreateAdditionalFeePolicy,
        create_additional_fee_policy,
    )


@transaction.atomic
def _import(
    workspace: Workspace,
    bodies: Iterable[Body],
    actor: Actor,
    kind: Kind,
    shape: type[Any],
    create: Create,
) -> ImportReport:
    report = ImportReport()
    for number, body in enumerate(bodies, start=1):
        report.total += 1
        row = rows(kind.model, workspace).filter(public_id=body.get("id", "")).first()
        if row is None:
            create(workspace=workspace, actor=actor, body=_parsed(shape, body, number, kind))
            report.created += 1
            continue
        before = row.applied_at
        facts = {name: value for name, value in body.items() if name != "id"}
        update = _parsed(kind.update_shape, facts, number, kind)
        changed = update_policy(policy=row, update=update, actor=actor).applied_at != before  # type: ignore[type-var]
        report.updated += changed
        report.unchanged += not changed
    return report


def _parsed(shape: type[Any], body: Body, number: int, kind: Kind) -> Any:
    try:
        return inputs.parse(shape, body)
    except InvalidRequest as error:
        raise InvalidRequest(
            f"등록하지 않았습니다. {number}번째 {kind.word}: {error.message}"
        ) from error
