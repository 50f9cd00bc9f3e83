"""수정 세금계산서: the right number of documents, signs, dates and remarks for each reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core import clock
from invoices import errors, services
from invoices.columns import content_of
from invoices.documents import Party
from invoices.models import TaxInvoice
from invoices.queries.invoices import reload, root_of
from invoices.rules import Sum
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import normal_content
from tests.invoices.test_files_and_counterparties import facts as counterparty_facts
from tests.invoices.test_invariants import broken


@pytest.fixture
def original(issued, later) -> TaxInvoice:
    """1,000,000 would do as well; what counts is that the tax office has it."""
    later(timedelta(days=12))
    services.advance_transmissions()
    return reload(issued)


def amend(original, actor, reason, **facts) -> list[TaxInvoice]:
    made = services.amend_invoice(original=original, reason=reason, actor=actor, **facts)
    return [reload(invoice) for invoice in made]


def facts(invoice: TaxInvoice) -> tuple[int, int, date, list[str]]:
    return (
        invoice.total_supply_amount,
        invoice.total_tax_amount,
        invoice.write_date,
        invoice.remarks,
    )


def test_a_correction_is_two_documents_of_the_original_date(original, actor) -> None:
    corrected = normal_content(BUYER_BRN, 90_000, write_date=original.write_date)
    cancel, right = amend(original, actor, "CORRECTION_OF_ENTRY_ERRORS", corrected=corrected)
    assert facts(cancel) == (-100_000, -10_000, original.write_date, [])
    assert facts(right) == (90_000, 9_000, original.write_date, [])
    assert cancel.amendment_group == right.amendment_group != ""
    assert {cancel.original, right.original} == {original}


def test_a_change_is_its_difference_on_the_day(original, actor) -> None:
    day = clock.today()
    [change] = amend(
        original, actor, "CHANGE_IN_SUPPLY_COST", change=Sum(-20_000, -2_000), event_date=day
    )
    assert facts(change) == (-20_000, -2_000, day, [f"{original.write_date:%Y%m%d}"])


def test_a_return_is_negative_and_never_more_than_what_is_left(original, actor) -> None:
    [first] = amend(original, actor, "RETURN", change=Sum(-80_000, -8_000))
    assert facts(first)[:2] == (-80_000, -8_000)
    with pytest.raises(errors.InvalidDocument, match="당초 공급가액보다"):
        amend(original, actor, "RETURN", change=Sum(-30_000, -3_000))
    services.delete_invoice(invoice=first, actor=actor)
    assert len(amend(original, actor, "RETURN", change=Sum(-30_000, -3_000))) == 1


def test_a_cancelled_contract_takes_everything_back(original, actor) -> None:
    [cancel] = amend(original, actor, "CANCELLATION_OF_CONTRACT")
    assert facts(cancel) == (
        -100_000,
        -10_000,
        clock.today(),
        [f"{original.write_date:%Y%m%d}"],
    )


def test_a_recipient_we_know_no_longer_is_still_owed_its_amendment(
    workspace, sandbox, actor, later
) -> None:
    known = services.create_counterparty(
        workspace=workspace, actor=actor, facts=counterparty_facts(name="옛 거래처")
    )
    content = normal_content("", recipient=Party(counterparty_id=known.public_id))
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    services.issue_invoice(invoice=reload(draft), actor=actor)
    later(timedelta(days=12))
    services.advance_transmissions()
    services.delete_counterparty(counterparty=known, actor=actor)
    [cancel] = amend(reload(draft), actor, "CANCELLATION_OF_CONTRACT")
    assert (cancel.recipient_brn, cancel.recipient_name) == (BUYER_BRN, "옛 거래처")
    assert services.issue_invoice(invoice=cancel, actor=actor).status == "ISSUED"


def test_a_duplicate_keeps_the_original_date(original, actor) -> None:
    [cancel] = amend(original, actor, "DUPLICATE_ISSUANCE_DUE_TO_ERROR")
    assert facts(cancel) == (-100_000, -10_000, original.write_date, [])


@pytest.fixture
def returned(original, actor, later) -> TaxInvoice:
    """A return of 10,000 the tax office has."""
    [made] = amend(original, actor, "RETURN", change=Sum(-10_000, -1_000))
    services.issue_invoice(invoice=made, actor=actor)
    later(timedelta(days=12))
    services.advance_transmissions()
    return reload(made)


def test_a_return_issued_twice_is_taken_back(returned, actor) -> None:
    [cancel] = amend(returned, actor, "DUPLICATE_ISSUANCE_DUE_TO_ERROR")
    assert facts(cancel) == (10_000, 1_000, returned.write_date, [])


def test_a_return_of_a_wrong_amount_is_corrected(returned, actor, workspace) -> None:
    right = normal_content(BUYER_BRN, -8_000, total_tax_amount=-800, total_amount=-8_800, items=())
    right = replace(right, write_date=returned.write_date)
    cancel, corrected = amend(returned, actor, "CORRECTION_OF_ENTRY_ERRORS", corrected=right)
    assert (facts(cancel)[0], facts(corrected)[0]) == (10_000, -8_000)
    assert broken(workspace) == set()
    with pytest.raises(errors.InvalidDocument, match="당초 공급가액보다"):
        amend(returned, actor, "DUPLICATE_ISSUANCE_DUE_TO_ERROR")


def test_what_was_added_may_be_returned(original, actor, workspace) -> None:
    """The invariant counts what the rule counts."""
    amend(original, actor, "CHANGE_IN_SUPPLY_COST", change=Sum(50_000, 5_000))
    amend(original, actor, "RETURN", change=Sum(-120_000, -12_000))
    assert broken(workspace) == set()


def test_a_late_letter_of_credit_turns_taxable_into_zero_rated(original, actor) -> None:
    day = clock.today()
    cancel, zero = amend(original, actor, "LOCAL_LETTER_OF_CREDIT", event_date=day)
    assert facts(cancel) == (-100_000, -10_000, original.write_date, [f"{day:%Y%m%d}"])
    assert facts(zero) == (100_000, 0, original.write_date, [f"{day:%Y%m%d}"])
    assert (cancel.taxation_type, zero.taxation_type) == ("TAXABLE", "ZERO_RATED")


def test_only_a_transmitted_document_is_amended(issued, actor) -> None:
    with pytest.raises(errors.OriginalNotSent):
        amend(issued, actor, "CANCELLATION_OF_CONTRACT")


def test_reasons_ask_for_what_they_need(original, actor) -> None:
    for reason in ("CHANGE_IN_SUPPLY_COST", "RETURN", "CORRECTION_OF_ENTRY_ERRORS"):
        with pytest.raises(errors.ModificationNotProvided):
            amend(original, actor, reason)


def test_a_refused_pair_leaves_nothing(original, actor) -> None:
    wrong = normal_content(BUYER_BRN, 90_000, taxation_type="FREE")
    wrong = replace(wrong, total_tax_amount=0, total_amount=90_000, items=())
    with pytest.raises(errors.InvalidDocument):
        amend(original, actor, "CORRECTION_OF_ENTRY_ERRORS", corrected=wrong)
    assert original.amendments.count() == 0


@pytest.fixture
def pair(original, actor) -> list[TaxInvoice]:
    right = normal_content(BUYER_BRN, 90_000, write_date=original.write_date)
    return amend(original, actor, "CORRECTION_OF_ENTRY_ERRORS", corrected=right)


def test_the_right_document_does_not_go_without_the_cancelling_one(pair, actor) -> None:
    """The tax office would have the supply twice."""
    cancel, right = pair
    services.delete_invoice(invoice=cancel, actor=actor)
    with pytest.raises(errors.InvalidDocument, match="함께 발행해야 하는"):
        services.issue_invoice(invoice=right, actor=actor)
    services.delete_invoice(invoice=right, actor=actor)


def test_half_of_a_pair_stays_until_it_is_issued_too(pair, actor) -> None:
    cancel, right = pair
    services.issue_invoice(invoice=cancel, actor=actor)
    with pytest.raises(errors.NotDeletable, match="이미 발행되었습니다"):
        services.delete_invoice(invoice=right, actor=actor)
    assert services.issue_invoice(invoice=right, actor=actor).status == "ISSUED"


def test_amendments_are_issued_and_amended_again(original, actor, later) -> None:
    corrected = normal_content(BUYER_BRN, 90_000, write_date=original.write_date)
    _, right = amend(original, actor, "CORRECTION_OF_ENTRY_ERRORS", corrected=corrected)
    issued = services.issue_invoice(invoice=right, actor=actor)
    assert (issued.status, issued.is_delayed) == ("ISSUED", False)
    later(timedelta(days=12))
    services.advance_transmissions()
    [cancel] = amend(reload(issued), actor, "CANCELLATION_OF_CONTRACT")
    assert facts(cancel)[:2] == (-90_000, -9_000)
    assert root_of(cancel) == original


def test_an_amending_draft_may_be_corrected(original, actor) -> None:
    [change] = amend(original, actor, "CHANGE_IN_SUPPLY_COST", change=Sum(-100_000, -10_000))
    smaller = replace(
        content_of(change),
        total_supply_amount=-60_000,
        total_tax_amount=-6_000,
        total_amount=-66_000,
        items=(),
    )
    changed = services.update_draft(invoice=change, actor=actor, content=smaller)
    assert (changed.total_amount, changed.original) == (-66_000, original)
