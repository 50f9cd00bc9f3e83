"""Try draft formulas or terms on past orders. Nothing that settles is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from core import clock
from core.companies.access import find
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.database import Connection
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from core.jobs.models import Job, JobFailure
from core.jobs.services import Run, job_kind, start_job
from settlements.models import SimulatedPartner, Simulation
from settlements.simulation.base import base_of
from settlements.simulation.parts import Outcome, PastOrders, Refused
from settlements.simulation.report import report_of
from settlements.simulation.sums import Tally, other_amounts
from settlements.simulation.terms import draft_terms
from settlements.upload.work import each_part, process_count

KIND = "settlements.simulation"
MAX_REFUSALS = 10_000


@transaction.atomic
def draft_simulation(
    *,
    workspace: Workspace,
    actor: Actor,
    title: str,
    draft: Mapping[str, Any],
    changes: Sequence[Sequence[str]],
    base: Mapping[str, Any] | None = None,
) -> Simulation:
    """Keep a draft to be run over past orders; shapes as in the model. Errors: FormulaError.

    `base`: the versions it stands on, when those are not today's.
    """
    draft_terms(workspace, draft)
    simulation = Simulation.objects.create(
        workspace=workspace,
        public_id=new_id("sim"),
        title=title,
        draft=draft,
        changes=[list(change) for change in changes],
        actor_name=actor.name,
        base=base_of(workspace, draft) if base is None else base,
    )
    _note(simulation, "drafted", actor)
    return simulation


@transaction.atomic
def run_simulation(
    *, simulation: Simulation, from_date: date, until_date: date, actor: Actor
) -> Simulation:
    """Start the run over the orders whose settlement start date lies in these days (inclusive).

    A simulation runs once; running its draft over other days makes another. Answers the one that
    runs. Errors: InvalidRequest for days that lie ahead or end before they begin.
    """
    if from_date > until_date:
        raise InvalidRequest("돌리지 않았습니다. 마지막 달이 첫 달보다 앞섭니다.")
    if from_date > clock.today():
        raise InvalidRequest("돌리지 않았습니다. 지난 주문이 있는 달을 골라 주세요.")
    simulation = Simulation.objects.select_for_update(of=("self",)).get(pk=simulation.pk)
    if simulation.job_id is not None:
        simulation = draft_simulation(
            workspace=simulation.workspace,
            actor=actor,
            title=simulation.title,
            draft=simulation.draft,
            changes=simulation.changes,
            base=simulation.base,
        )
    simulation.from_date, simulation.until_date = from_date, until_date
    simulation.job = start_job(
        workspace=simulation.workspace,
        actor=actor,
        kind=KIND,
        title=f"모의 정산: {simulation.title}",
        params={"simulation": simulation.public_id},
    )
    simulation.save(update_fields=["from_date", "until_date", "job"])
    _note(simulation, "started", actor)
    return simulation


def past_orders(simulation: Simulation) -> PastOrders:
    """The orders of a simulation that was started, with its draft."""
    if simulation.from_date is None or simulation.until_date is None:
        raise Conflict("아직 돌리지 않은 모의 정산입니다.")
    draft = draft_terms(simulation.workspace, simulation.draft)
    return PastOrders(simulation.workspace, simulation.from_date, simulation.until_date, draft)


@job_kind(KIND)
def simulate(run: Run) -> dict[str, Any]:
    """Begins anew on every start: what it reads does not change by it."""
    simulation = find(Simulation, run.workspace, run.params["simulation"])
    past = past_orders(simulation)
    parts = past.parts()
    run.progress(done=0, total=past.orders().count(), stage="계산")
    run.job.failures.all().delete()
    tally, done, refused = Tally(), 0, list[Refused]()
    filename = f"모의정산_{simulation.from_date}_{simulation.until_date}.csv"
    with report_of(simulation) as report:
        for outcome in _outcomes(past, parts):
            tally.add(outcome.tried)
            report.add(outcome.tried)
            refused += outcome.refused
            done += outcome.order_count
            run.progress(done=done)
        report.keep(run.job, filename)
    run.progress(done=done, stage="결과 저장")
    run.reject(_failure(run.job, each) for each in refused[:MAX_REFUSALS])
    _keep(simulation, tally, past)
    return {"filename": filename, "refused": len(refused)}


def _outcomes(past: PastOrders, parts: Sequence[tuple[int, int]]) -> Iterator[Outcome]:
    """Of each part, as soon as it is calculated."""
    numbers = range(len(parts))
    work = partial(_try_numbered, past, parts)
    return each_part(work, numbers, processes=process_count(len(parts)))


def _try_numbered(
    past: PastOrders, parts: Sequence[tuple[int, int]], _: Connection, number: int
) -> Outcome:
    return past.try_part(parts[number])


@transaction.atomic
def _keep(simulation: Simulation, tally: Tally, past: PastOrders) -> None:
    simulation.partners.all().delete()
    partners = tally.rows(simulation, other_amounts(past))
    SimulatedPartner.objects.bulk_create(partners, batch_size=1_000)
    Simulation.objects.filter(pk=simulation.pk).update(totals=tally.totals())


def _failure(job: Job, refused: Refused) -> JobFailure:
    return JobFailure(
        job=job, code=refused.code, message=refused.message, raw={"정산 아이디": refused.public_id}
    )


def _note(simulation: Simulation, verb: str, actor: Actor) -> None:
    record(
        f"simulation.{verb}",
        workspace=simulation.workspace,
        object_type="simulation",
        object_id=simulation.public_id,
        actor=actor,
        changes={"title": [None, simulation.title]},
    )
