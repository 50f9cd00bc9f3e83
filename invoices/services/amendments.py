"""Amend a transmitted document (수정 세금계산서): the right documents, signs and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction

from core import clock
from core.companies.identifiers import new_id
from core.events.actors import Actor
from invoices.columns import content_of
from invoices.documents import Content, Item
from invoices.errors import ModificationNotProvided
from invoices.models import ModificationType, TaxInvoice
from invoices.rules import FULL_CANCEL_REASONS, MAX_REMARKS, PAIR_REASONS, Sum
from invoices.services.drafts import Modification, draft_invoice, sum_of


def amend_invoice(
    *,
    original: TaxInvoice,
    reason: str,
    actor: Actor,
    event_date: date | None = None,
    change: Sum | None = None,
    corrected: Content | None = None,
) -> list[TaxInvoice]:
    """Draft what this reason calls for (korea-rules 2.5): one document, or two together.

    `change` is the signed difference (CHANGE_IN_SUPPLY_COST, RETURN), `corrected` the whole right
    document (CORRECTION_OF_ENTRY_ERRORS), `event_date` the day of the event, today by default.
    Raises OriginalNotSent, ModificationNotProvided, InvalidDocument.
    """
    contents = amending_contents(original, reason, event_date or clock.today(), change, corrected)
    group = new_id("amd") if len(contents) > 1 else ""
    with transaction.atomic():
        return [
            draft_invoice(
                workspace=original.workspace,
                actor=actor,
                content=content,
                modification=Modification(reason, original),
                amendment_group=group,
            )
            for content in contents
        ]


def amending_contents(
    original: TaxInvoice,
    reason: str,
    event_date: date,
    change: Sum | None,
    corrected: Content | None,
) -> Sequence[Content]:
    """The documents an amendment consists of, before anything is written."""
    base = _base(original)
    cancel = _with_sum(base, sum_of(original).mirrored(), original, reason)
    if reason in PAIR_REASONS:
        second = _second_of_pair(original, reason, event_date, corrected)
        if reason == "LOCAL_LETTER_OF_CREDIT":
            cancel = _remarked(cancel, event_date)
        return [cancel, second]
    if reason in FULL_CANCEL_REASONS:
        dated = reason == "CANCELLATION_OF_CONTRACT"
        return [_on_event(cancel, event_date, original) if dated else cancel]
    if change is None:
        raise ModificationNotProvided("작성되지 않았습니다. 달라진 금액을 입력해 주세요.")
    return [_on_event(_with_sum(base, change, original, reason), event_date, original)]


def _second_of_pair(
    original: TaxInvoice, reason: str, event_date: date, corrected: Content | None
) -> Content:
    if reason == "LOCAL_LETTER_OF_CREDIT":
        zero_rated = Sum(original.total_supply_amount, 0, "ZERO_RATED")
        return _remarked(_with_sum(_base(original), zero_rated, original, reason), event_date)
    if corrected is None:
        raise ModificationNotProvided("작성되지 않았습니다. 바로잡은 내용을 입력해 주세요.")
    return replace(corrected, supplier_document_key="", recipient_document_key="")


def rewritable_content(invoice: TaxInvoice) -> Content:
    """What it says, to be written again: a recipient we have deleted since is no counterparty."""
    content, known = content_of(invoice), invoice.recipient_counterparty
    if known is not None and known.is_deleted:
        return replace(content, recipient=replace(content.recipient, counterparty_id=""))
    return content


def _base(original: TaxInvoice) -> Content:
    """The original's parties and dates without its keys, methods and remarks."""
    return replace(
        rewritable_content(original),
        supplier_document_key="",
        recipient_document_key="",
        cash_amount=None,
        check_amount=None,
        credit_amount=None,
        note_amount=None,
        remarks=(),
    )


def _with_sum(base: Content, amounts: Sum, original: TaxInvoice, reason: str) -> Content:
    first = base.items[0].name if base.items else ""
    label = ModificationType(reason).label
    item = Item(
        purchase_date=base.write_date,
        name=f"{first} ({label})"[:100] if first else label,
        supply_cost_amount=amounts.supply,
        tax_amount=amounts.tax,
    )
    return replace(
        base,
        taxation_type=amounts.taxation_type,
        total_supply_amount=amounts.supply,
        total_tax_amount=amounts.tax,
        total_amount=amounts.supply + amounts.tax,
        items=(item,),
    )


def _on_event(content: Content, event_date: date, original: TaxInvoice) -> Content:
    """Dated when it happened; the original's write date goes into the remarks."""
    items = tuple(replace(item, purchase_date=event_date) for item in content.items)
    dated = replace(content, write_date=event_date, items=items)
    return _remarked(dated, original.write_date)


def _remarked(content: Content, day: date) -> Content:
    return replace(content, remarks=(f"{day:%Y%m%d}", *content.remarks)[:MAX_REMARKS])
