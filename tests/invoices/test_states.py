"""The declared table: every pair of states, from every state, through the one door."""

from itertools import product

import pytest

from core.errors import IllegalTransition, LostRace
from core.events.transitions import transition
from invoices.models import (
    BulkStatus,
    BulkTaxInvoice,
    TaxInvoice,
    TaxInvoiceStatus,
)

NUMBERED = {"nts_approval_number": "2" * 24, "issued_at": "2026-11-01T00:00:00Z"}


@pytest.mark.parametrize("model", [TaxInvoice, BulkTaxInvoice])
def test_every_state_has_a_row_and_a_face(model) -> None:
    states = set(model.Status.values)
    assert set(model.TRANSITIONS) == states
    assert set(model.FACES) == states
    assert set().union(*model.TRANSITIONS.values()) <= states


@pytest.mark.parametrize("came_from", TaxInvoiceStatus.values)
def test_the_table_decides_every_pair(requested, actor, came_from) -> None:
    TaxInvoice.objects.filter(pk=requested.pk).update(status=came_from, **NUMBERED)
    for to in TaxInvoiceStatus.values:
        invoice = TaxInvoice.objects.get(pk=requested.pk)
        if to in TaxInvoice.TRANSITIONS[came_from]:
            transition(invoice, to, actor=actor)
            assert TaxInvoice.objects.get(pk=invoice.pk).status == to
            TaxInvoice.objects.filter(pk=invoice.pk).update(status=came_from)
        else:
            with pytest.raises(IllegalTransition):
                transition(invoice, to, actor=actor)


def test_the_bulk_table_decides_every_pair(workspace, actor) -> None:
    bulk = BulkTaxInvoice.objects.create(
        workspace=workspace, public_id="bti-1", source="SHEET", issuance_type="REVERSE"
    )
    for came_from, to in product(BulkStatus.values, BulkStatus.values):
        BulkTaxInvoice.objects.filter(pk=bulk.pk).update(status=came_from)
        bulk.refresh_from_db()
        if to in BulkTaxInvoice.TRANSITIONS[came_from]:
            transition(bulk, to, actor=actor)
        else:
            with pytest.raises(IllegalTransition):
                transition(bulk, to, actor=actor)


def test_the_second_writer_loses(requested, actor) -> None:
    stale = TaxInvoice.objects.get(pk=requested.pk)
    transition(requested, "CANCEL_PENDING", actor=actor)
    with pytest.raises(LostRace):
        transition(stale, "ISSUE_PENDING", actor=actor)
