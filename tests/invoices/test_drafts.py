"""Writing documents: keys, parties, refusals, changes, deletion."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.companies.services import create_company
from core.events.models import Event
from invoices import errors, services
from invoices.columns import content_of
from invoices.documents import Party, document_key
from invoices.models import Counterparty, TaxInvoice
from invoices.queries.invoices import find_invoice, reload
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import make_brn, make_partner, normal_content, reverse_content


def draft(workspace, actor, content, **facts) -> TaxInvoice:
    invoice = services.draft_invoice(workspace=workspace, actor=actor, content=content, **facts)
    return reload(invoice)


def test_a_reverse_draft_knows_both_sides(workspace, partner, actor) -> None:
    invoice = draft(workspace, actor, reverse_content(partner))
    assert invoice.status == "DRAFTED"
    assert invoice.supplier_name == partner.company_name
    assert invoice.supplier["contact"]["email"] == partner.contact_email
    assert (invoice.recipient_brn, invoice.recipient_name) == ("2208162517", "마켓 A")
    key = document_key(workspace.pk, invoice.public_id)
    assert (invoice.supplier_document_key, invoice.recipient_document_key) == (key, key)
    event = Event.objects.get(kind="taxinvoice.drafted")
    assert (event.object_id, event.actor_name) == (invoice.public_id, "시험")


def test_a_normal_draft_is_supplied_by_us(workspace, sandbox, actor) -> None:
    invoice = draft(workspace, actor, normal_content(BUYER_BRN))
    assert (invoice.supplier_brn, invoice.recipient_brn) == ("2208162517", BUYER_BRN)
    assert invoice.recipient_counterparty is None


def test_the_recipient_becomes_a_counterparty_when_asked(workspace, sandbox, actor) -> None:
    content = normal_content(BUYER_BRN)
    recipient = replace(content.recipient, representative_name="최대표")
    first = draft(workspace, actor, replace(content, recipient=recipient), creates_recipient=True)
    second = draft(workspace, actor, content, creates_recipient=True)
    assert first.recipient_counterparty == second.recipient_counterparty
    assert Counterparty.objects.get(business_registration_number=BUYER_BRN).company_name == (
        "받는 곳"
    )


def test_parties_are_refused_by_name(workspace, partner, actor) -> None:
    stranger = reverse_content(partner, supplier=Party(brn=make_brn(999_810_000)))
    with pytest.raises(errors.SupplierNotFound) as unknown:
        draft(workspace, actor, stranger)
    assert unknown.value.extra == {"brn": make_brn(999_810_000)}
    with pytest.raises(errors.RecipientNotFound):
        draft(workspace, actor, reverse_content(partner, recipient=Party(brn=BUYER_BRN)))
    with pytest.raises(errors.SupplierNotFound):
        draft(workspace, actor, normal_content(BUYER_BRN, supplier=Party(brn=BUYER_BRN)))
    with pytest.raises(errors.RecipientNotFound):
        draft(workspace, actor, normal_content("", recipient=Party(counterparty_id="cp-nobody")))


def test_an_unconnected_supplier_is_refused(workspace, partner, actor) -> None:
    Counterparty.objects.filter(partner=partner).update(connection="NOT_CONNECTED")
    with pytest.raises(errors.CounterpartyNotConnected) as refused:
        draft(workspace, actor, reverse_content(partner))
    assert refused.value.extra["brn"] == partner.business_registration_number


def test_keys_and_ids_are_used_once(workspace, partner, actor) -> None:
    content = reverse_content(partner, supplier_document_key="S-1", recipient_document_key="R-1")
    first = draft(workspace, actor, content, public_id="mine")
    for changes, error in (
        ({"recipient_document_key": "R-2"}, errors.SupplierDocumentKeyUsed),
        ({"supplier_document_key": "S-2"}, errors.RecipientDocumentKeyUsed),
    ):
        with pytest.raises(error):
            draft(workspace, actor, replace(content, **changes))
    with pytest.raises(errors.IdAlreadyExists):
        draft(workspace, actor, reverse_content(partner), public_id="mine")
    found = find_invoice(workspace, "R-1", key_type="RECIPIENT", brn="2208162517")
    assert found == first
    with pytest.raises(errors.TaxInvoiceNotFound):
        find_invoice(workspace, "R-1", key_type="RECIPIENT", brn=BUYER_BRN)


def test_a_purpose_has_one_document(workspace, partner, actor) -> None:
    draft(workspace, actor, reverse_content(partner), purpose_key="payout:1:supply")
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(workspace, actor, reverse_content(partner), purpose_key="payout:1:supply")


def test_a_draft_may_change_but_not_its_keys_or_tax_type(workspace, partner, actor) -> None:
    invoice = draft(workspace, actor, reverse_content(partner))
    changed = services.update_draft(
        invoice=invoice, actor=actor, content=reverse_content(partner, 200_000), memo="새 메모"
    )
    assert (changed.total_amount, changed.memo) == (220_000, "새 메모")
    for changes, error in (
        ({"recipient_document_key": "OTHER"}, errors.DocumentKeyFixed),
        (
            {"taxation_type": "FREE", "total_tax_amount": 0, "total_amount": 100_000, "items": ()},
            errors.TaxTypeFixed,
        ),
        ({"issuance_type": "NORMAL"}, errors.IssuanceTypeMismatch),
    ):
        with pytest.raises(error):
            services.update_draft(
                invoice=invoice, actor=actor, content=reverse_content(partner, **changes)
            )


def test_a_requested_document_is_frozen(requested, partner, actor) -> None:
    with pytest.raises(errors.NotDrafted):
        services.update_draft(invoice=requested, actor=actor, content=reverse_content(partner))
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxInvoice.objects.filter(pk=requested.pk).update(
            total_supply_amount=1, total_amount=10_001
        )
    services.set_memo(invoice=requested, actor=actor, memo="우리 메모")
    assert reload(requested).memo == "우리 메모"


def test_content_survives_the_columns(workspace, partner, actor) -> None:
    content = reverse_content(
        partner, cash_amount=10_000, credit_amount=100_000, book_volume=3, remarks=("비고",)
    )
    stored = content_of(draft(workspace, actor, content))
    assert (stored.cash_amount, stored.credit_amount, stored.note_amount) == (10_000, 100_000, None)
    assert (stored.book_volume, stored.remarks, stored.items) == (3, ("비고",), content.items)


def test_deleting_frees_keys(workspace, partner, actor) -> None:
    content = reverse_content(partner, supplier_document_key="S-1", recipient_document_key="R-1")
    invoice = draft(workspace, actor, content)
    services.delete_invoice(invoice=invoice, actor=actor)
    with pytest.raises(errors.TaxInvoiceNotFound):
        find_invoice(workspace, invoice.public_id)
    assert draft(workspace, actor, content).status == "DRAFTED"


def test_what_is_under_way_is_not_deleted(requested, actor) -> None:
    with pytest.raises(errors.NotDeletable):
        services.delete_invoice(invoice=requested, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxInvoice.objects.filter(pk=requested.pk).update(deleted_at=clock.now())


def test_a_future_document_waits(workspace, partner, actor) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    invoice = draft(workspace, actor, reverse_content(partner, write_date=tomorrow))
    with pytest.raises(errors.InvalidDocument):
        services.request_invoice(invoice=invoice, actor=actor)


def test_another_company_sees_nothing(workspace, requested, actor) -> None:
    other = create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")
    with pytest.raises(errors.TaxInvoiceNotFound):
        find_invoice(other, requested.public_id)


def test_simple_taxpayers_cannot_be_connected(workspace, sandbox, actor) -> None:
    simple = make_partner(workspace, taxation_type="SIMPLE")
    with pytest.raises(errors.PartnerIsSimple):
        services.connect_partner(partner=simple, actor=actor)
