"""Each truth holds after a normal life, and notices the row that breaks it."""

from datetime import timedelta

import pytest

from core import clock
from core.invariants import INVARIANTS, violations
from core.jobs.services import run_job
from invoices import services
from invoices.models import TaxInvoice
from invoices.queries.invoices import reload
from invoices.rules import Sum
from tests.invoices.factories import reverse_content
from tests.invoices.test_bulk import request_for


def broken(workspace) -> set[str]:
    return {v.invariant.name for v in violations(workspace) if v.invariant.app == "invoices"}


def test_a_normal_life_breaks_nothing(workspace, partner, issued, actor, later) -> None:
    requests = [request_for(partner, n, issuance_type="NORMAL") for n in range(3)]
    bulk = services.create_invoices(workspace=workspace, actor=actor, requests=requests, name="")
    run_job(bulk.job_id)
    services.cancel_issuance(invoice=reload(bulk.invoices.first()), actor=actor)
    later(timedelta(days=12))
    services.advance_transmissions()
    services.amend_invoice(
        original=reload(issued), reason="RETURN", actor=actor, change=Sum(-10_000, -1_000)
    )
    assert broken(workspace) == set()
    assert sum(each.app == "invoices" for each in INVARIANTS.values()) == 6


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (
            {"status": "REQUEST_PENDING", "status_updated_at": clock.now() - timedelta(hours=3)},
            "no document waits for the provider's answer for hours",
        ),
        (
            {
                "source_id": "po-1",
                "status": "ISSUED",
                "issued_at": clock.now(),
                "nts_approval_number": "2" * 24,
            },
            "every issued settlement document is in the ledger, and no cancelled one",
        ),
        ({"items": [{"supplyCostAmount": 1}]}, "a document's lines sum to its totals"),
    ],
)
def test_damage_is_noticed(workspace, partner, actor, damage, name) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=reverse_content(partner)
    )
    TaxInvoice.objects.filter(pk=draft.pk).update(**damage)
    assert broken(workspace) == {name}
