"""kill -9 between reserve, call and record: nothing is lost, nothing happens twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from core.jobs.models import Job
from core.jobs.services import run_job, sweep_jobs
from invoices import services
from invoices.models import TaxInvoice
from invoices.queries.bulk import status_counts
from invoices.queries.invoices import reload
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.dying import work
from tests.invoices.factories import normal_content, reverse_content
from tests.invoices.test_bulk import request_for
from tests.mortal import dies

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

LONG = timedelta(minutes=11)


def die_at(point: str, verb: str, public_id: str) -> None:
    dies(work, point, verb, public_id)


def at_the_provider(sandbox) -> Counter[str]:
    with sandbox.journal.read() as book:
        return Counter(record.state for record in book.records("document"))


def reverse_draft(workspace, partner, actor) -> TaxInvoice:
    content = reverse_content(partner)
    return services.draft_invoice(workspace=workspace, actor=actor, content=content)


def test_dead_after_reserving_a_request(workspace, partner, sandbox, actor, later) -> None:
    draft = reverse_draft(workspace, partner, actor)
    die_at("before:request", "request_invoice", draft.public_id)
    assert (reload(draft).status, at_the_provider(sandbox)) == ("REQUEST_PENDING", {})
    later(LONG)
    services.resolve_pending()
    assert reload(draft).status == "REQUEST_FAILED"
    asked = services.request_invoice(invoice=reload(draft), actor=actor)
    assert (asked.status, at_the_provider(sandbox)) == ("REQUESTED", {"REQUESTED": 1})


def test_dead_before_recording_a_request(workspace, partner, sandbox, actor, later) -> None:
    draft = reverse_draft(workspace, partner, actor)
    die_at("after:request", "request_invoice", draft.public_id)
    assert reload(draft).status == "REQUEST_PENDING"
    later(LONG)
    services.resolve_pending()
    assert (reload(draft).status, at_the_provider(sandbox)) == ("REQUESTED", {"REQUESTED": 1})


def test_dead_before_recording_an_issue(workspace, sandbox, actor, later) -> None:
    content = normal_content(BUYER_BRN)
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    die_at("after:issue", "issue_invoice", draft.public_id)
    later(LONG)
    services.resolve_pending()
    issued = reload(draft)
    assert (issued.status, len(issued.nts_approval_number)) == ("ISSUED", 24)
    assert at_the_provider(sandbox) == {"ISSUED": 1}


@pytest.mark.parametrize(
    ("point", "status"), [("before:cancel_request", "REQUESTED"), ("after:cancel_request", None)]
)
def test_dead_around_a_cancellation(
    workspace,
    partner,
    sandbox,
    actor,
    later,
    point,
    status,
) -> None:
    draft = reverse_draft(workspace, partner, actor)
    services.request_invoice(invoice=reload(draft), actor=actor)
    die_at(point, "cancel_request", draft.public_id)
    assert reload(draft).status == "CANCEL_PENDING"
    later(LONG)
    services.resolve_pending()
    assert reload(draft).status == (status or "REQUEST_CANCELLED")


@pytest.mark.parametrize("point", ["before:request", "after:request"])
def test_a_bulk_survives_its_worker(workspace, partner, sandbox, actor, later, point) -> None:
    requests = [request_for(partner, number) for number in range(5)]
    bulk = services.create_invoices(
        workspace=workspace, actor=actor, requests=requests, name="10월"
    )
    die_at(point, "run_job", bulk.job.public_id)
    assert status_counts(bulk) == {"REQUEST_PENDING": 5}
    later(LONG)
    services.resolve_pending()
    assert sweep_jobs() == 1
    run_job(Job.objects.get().pk)
    assert status_counts(bulk) == {"REQUESTED": 5}
    assert at_the_provider(sandbox) == {"REQUESTED": 5}
    bulk.refresh_from_db()
    assert bulk.status == "COMPLETED"
