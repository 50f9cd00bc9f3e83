"""Counterparties and tax documents, every operation and every ending (contract.md c.9, c.10)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
import pytest
from portone_server_sdk import errors

from core import clock
from tests.contract import bodies
from tests.contract.conftest import OUR_NUMBER
from tests.contract.sdk import Sdk
from tests.contract.test_partners import wait_until_connected

THEIRS = bodies.number(340000001)
OTHER = bodies.number(340000002)
PERSON = {"name": "담당자", "email": "them@example.com", "phoneNumber": "01000000000"}
COUNTERPARTY = {
    "brn": OTHER,
    "name": "거래처",
    "representativeName": "대표",
    "contact": PERSON,
    "additionalContacts": [],
}
BY_ID = "TAX_INVOICE_ID"


@pytest.fixture
def desk(sdk: Sdk) -> Sdk:
    """A company whose partner is connected to the tax office."""
    sdk.policy.create_platform_contract(**bodies.contract())
    sdk.partner.create_platform_partner(**bodies.partner(type=bodies.business(THEIRS)))
    sdk.partner.connect_partner_counterparty(id="ptn")
    wait_until_connected(sdk, "ptn")
    return sdk


def invoice(key: str, issuance: str = "REVERSE", supply: int = 100_000) -> dict[str, Any]:
    us = {
        "brn": OUR_NUMBER,
        "name": "우리",
        "representativeName": "우리대표",
        "contact": {"name": "우리", "email": "us@example.com"},
    }
    them = {"brn": THEIRS, "name": "가게", "representativeName": "홍길동", "contact": PERSON}
    supplier, recipient = (them, us) if issuance == "REVERSE" else (us, them)
    tax = supply // 10
    return {
        "taxationType": "TAXABLE",
        "issuanceType": issuance,
        "writeDate": clock.today().isoformat(),
        "purposeType": "RECEIPT",
        "totalSupplyAmount": supply,
        "totalTaxAmount": tax,
        "totalAmount": supply + tax,
        "supplierDocumentKey": f"S-{key}",
        "recipientDocumentKey": f"R-{key}",
        "supplier": supplier,
        "recipient": recipient,
        "items": [{"name": "정산대금", "supplyCostAmount": supply, "taxAmount": tax}],
    }


def draft(desk: Sdk, key: str = "1") -> str:
    drafted = desk.tax_invoice.draft_b2b_tax_invoice(tax_invoice=invoice(key), memo="초안")
    assert drafted.tax_invoice.status == "DRAFTED"
    return str(drafted.tax_invoice.id)


def act(desk: Sdk, verb: str, id: str, **given: Any) -> Any:
    call = getattr(desk.tax_invoice, verb)
    return call(tax_invoice_key=id, tax_invoice_key_type=BY_ID, **given)


def test_a_counterparty_from_first_to_last(sdk: Sdk) -> None:
    api = sdk.counterparty
    api.create_b2b_counterparty(counterparty_id="cp", counterparty=COUNTERPARTY)
    taken = {**COUNTERPARTY, "brn": bodies.number(350000001)}
    with pytest.raises(errors.B2bCounterpartyIdAlreadyExistsError):
        api.create_b2b_counterparty(counterparty_id="cp", counterparty=taken)
    crowd = {**taken, "additionalContacts": [PERSON] * 6}
    with pytest.raises(errors.B2bCounterpartyTooManyAdditionalContactsError):
        api.create_b2b_counterparty(counterparty_id="x", counterparty=crowd)
    with pytest.raises(errors.B2bCounterpartyBrnInvalidError):
        api.create_b2b_counterparty(counterparty={**taken, "brn": "1234567890"})
    with pytest.raises(errors.B2bCounterpartyBrnModificationNotAllowedError):
        api.update_b2b_counterparty(counterparty_id="cp", counterparty=taken)
    renamed = {**COUNTERPARTY, "name": "새 이름", "memo": "메모"}
    changed = api.update_b2b_counterparty(counterparty_id="cp", counterparty=renamed)
    assert changed.counterparty.company_name == "새 이름"
    assert api.get_b2b_counterparty(counterparty_id="cp") == changed.counterparty
    listed = api.get_b2b_counterparties(filter={"counterpartyIds": ["cp"]})
    assert listed.items == [changed.counterparty]
    api.delete_b2b_counterparty(counterparty_id="cp")
    with pytest.raises(errors.B2bCounterpartyNotFoundError):
        api.get_b2b_counterparty(counterparty_id="cp")


def test_certificates_of_a_connected_counterparty(desk: Sdk) -> None:
    api = desk.counterparty
    url = api.get_b2b_counterparty_certificate_registration_url(brn=THEIRS).url
    assert url.startswith("http")
    for look in (
        api.validate_b2b_counterparty_certificate,
        api.get_b2b_counterparty_certificate,
    ):
        with suppress(errors.B2bCertificateUnregisteredError):
            assert look(brn=THEIRS)
        with pytest.raises(errors.B2bCounterpartyNotFoundError):
            look(brn=OTHER)


def test_drafted_requested_issued_and_cancelled(desk: Sdk) -> None:
    id = draft(desk)
    with pytest.raises(errors.B2bTaxInvoiceNotRequestedStatusError):
        act(desk, "issue_b2b_tax_invoice", id)
    larger = invoice("1", supply=200_000)
    changed = act(desk, "update_b2b_tax_invoice_draft", id, tax_invoice=larger)
    assert changed.tax_invoice.total_amount == 220_000
    by_key = desk.tax_invoice.get_b2b_tax_invoice(
        tax_invoice_key="R-1", tax_invoice_key_type="RECIPIENT", brn=OUR_NUMBER
    )
    assert by_key == act(desk, "get_b2b_tax_invoice", id)
    for verb, status in (
        ("request_b2b_tax_invoice", "REQUESTED"),
        ("issue_b2b_tax_invoice", "ISSUED"),
        ("cancel_b2b_tax_invoice_issuance", "ISSUANCE_CANCELLED"),
    ):
        assert act(desk, verb, id).tax_invoice.status == status
        if status != "ISSUANCE_CANCELLED":
            with pytest.raises(errors.B2bTaxInvoiceNonDeletableStatusError):
                act(desk, "delete_b2b_tax_invoice", id)
    act(desk, "delete_b2b_tax_invoice", id)
    with pytest.raises(errors.B2bTaxInvoiceNotFoundError):
        act(desk, "get_b2b_tax_invoice", id)


def test_recalled_and_refused(desk: Sdk) -> None:
    recalled = draft(desk)
    act(desk, "request_b2b_tax_invoice", recalled)
    ended = act(desk, "cancel_b2b_tax_invoice_request", recalled, memo="회수")
    assert ended.tax_invoice.status == "REQUEST_CANCELLED"
    asked = desk.tax_invoice.request_b2b_tax_invoice_reverse_issuance(tax_invoice=invoice("2"))
    refused = act(desk, "refuse_b2b_tax_invoice_request", asked.tax_invoice.id, memo="거부")
    assert refused.tax_invoice.status == "REQUEST_REFUSED"


def test_issued_at_once_shown_listed_and_sent(desk: Sdk) -> None:
    api = desk.tax_invoice
    with pytest.raises(errors.B2bIssuanceTypeMismatchError):
        api.issue_b2b_tax_invoice_immediately(tax_invoice=invoice("1"))
    body = invoice("1", "NORMAL")
    id = api.issue_b2b_tax_invoice_immediately(tax_invoice=body).tax_invoice.id
    for kind in ("pdf_download", "popup", "print"):
        url = act(desk, f"get_b2b_tax_invoice_{kind}_url", id).url
        assert httpx.get(url, timeout=60).status_code == 200
    chosen = {"primaryFilter": {"taxInvoiceIds": [id]}}
    assert [row.id for row in api.get_b2b_tax_invoices(filter=chosen).items] == [id]
    fields = ["PLAIN_ID", "TOTAL_AMOUNT"]
    sheet = api.download_b2b_tax_invoices_sheet(filter=chosen, fields=fields)
    assert id in sheet
    assert "110000" in sheet
    sent = act(desk, "send_to_nts_b2b_tax_invoice", id).tax_invoice.status
    assert "SENDING" in sent
    with pytest.raises(errors.B2bBulkTaxInvoiceNotFoundError):
        api.get_b2b_bulk_tax_invoice(bulk_tax_invoice_id="none")


def test_files_are_attached_and_taken_off(desk: Sdk) -> None:
    id = draft(desk)
    place = desk.tax_invoice.create_b2b_file_upload_url(file_name="명세서.pdf")
    assert httpx.put(place.url, content=b"%PDF-1.4 file").status_code == 200
    act(desk, "attach_b2b_tax_invoice_file", id, file_id=place.file_id)
    (attached,) = act(desk, "get_b2b_tax_invoice_attachments", id).attachments
    assert attached.name == "명세서.pdf"
    act(desk, "delete_b2b_tax_invoice_attachment", id, attachment_id=attached.id)
    assert act(desk, "get_b2b_tax_invoice_attachments", id).attachments == []
    with pytest.raises(errors.B2bFileNotFoundError):
        act(desk, "attach_b2b_tax_invoice_file", id, file_id="none")
