"""What happens to one document after it is written. Each verb is three phases: reserve and
commit, call the provider with nothing open, record.

An answer that never came leaves the document *_PENDING; `resolving` asks for it later under the
same key. Nothing is ever sent again because an answer is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import LostRace
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition
from core.words import said
from invoices.columns import content_of, document_of, ref_of
from invoices.errors import (
    CertificateUnregistered,
    CounterpartyNotConnected,
    ExternalService,
    InvalidDocument,
    IssuanceTypeMismatch,
    LateIssuance,
    NoRecipientDocumentKey,
    NoSupplierDocumentKey,
    NotDrafted,
    NotIssued,
    NotRequested,
)
from invoices.models import ENDED, FAILED, Counterparty, TaxInvoice
from invoices.providers import provider_for
from invoices.providers.base import (
    KEY_IN_USE,
    Answer,
    ETaxProvider,
    OutcomeUnknown,
    Rejected,
    State,
    attempt,
    attempt_many,
)
from invoices.queries.invoices import mates_of, refresh
from invoices.rules import ORIGINAL_DATE_REASONS, check_content
from invoices.services.business import check_active
from invoices.services.following import follow
from invoices.services.parties import adopt_suppliers

Call = Callable[[ETaxProvider], State]


def request_invoice(
    *, invoice: TaxInvoice, actor: Actor, accepts_inactive: bool = False
) -> TaxInvoice:
    """Ask the supplier to issue a REVERSE draft (역발행 요청); its letter leaves with the record.

    Raises NotDrafted, IssuanceTypeMismatch, CounterpartyNotConnected, BusinessInactive unless
    accepted, ExternalService when the provider rejects it (then it is REQUEST_FAILED).
    """
    if not invoice.is_reverse:
        raise IssuanceTypeMismatch()
    check_sendable(invoice, {"DRAFTED", "REQUEST_FAILED"})
    if not invoice.recipient_document_key:
        raise NoRecipientDocumentKey()
    check_connected(invoice)
    check_active(invoice, actor, accepts_inactive=accepts_inactive)
    _reserve(invoice, "REQUEST_PENDING", actor, requested_at=clock.now())
    refresh(invoice)
    document = document_of(invoice)
    [answer] = attempt_many(lambda: _provider(invoice).request([document]), 1)
    return _record(invoice, answer, "REQUEST_FAILED", actor, "요청되지 않았습니다. %(answer)s")


def issue_invoice(
    *,
    invoice: TaxInvoice,
    actor: Actor,
    accepts_inactive: bool = False,
    accepts_delay: bool = True,
) -> TaxInvoice:
    """Issue: a NORMAL draft in our name, or a REVERSE request in the supplier's (its approval).

    Raises NotDrafted (NORMAL), NotRequested (REVERSE), BusinessInactive, LateIssuance when a
    delay is not accepted, CertificateUnregistered, ExternalService.
    """
    return (_approve if invoice.is_reverse else _issue)(
        invoice, actor, accepts_inactive, accepts_delay
    )


def _issue(
    invoice: TaxInvoice, actor: Actor, accepts_inactive: bool, accepts_delay: bool
) -> TaxInvoice:
    check_sendable(invoice, {"DRAFTED", "ISSUE_FAILED"})
    check_active(invoice, actor, accepts_inactive=accepts_inactive)
    _check_in_time(invoice, accepts_delay)
    _reserve(invoice, "ISSUE_PENDING", actor)
    refresh(invoice)
    document = document_of(invoice)
    [answer] = attempt_many(lambda: _provider(invoice).issue([document]), 1)
    return _record(invoice, answer, "ISSUE_FAILED", actor, "발행되지 않았습니다. %(answer)s")


def _approve(
    invoice: TaxInvoice, actor: Actor, accepts_inactive: bool, accepts_delay: bool
) -> TaxInvoice:
    if invoice.status != "REQUESTED" or invoice.deleted_at:
        raise NotRequested()
    if not invoice.supplier_document_key:
        raise NoSupplierDocumentKey()
    check_active(invoice, actor, accepts_inactive=accepts_inactive)
    _check_in_time(invoice, accepts_delay)
    _reserve(invoice, "ISSUE_PENDING", actor)
    refresh(invoice)
    document = document_of(invoice)
    answer = attempt(lambda: _provider(invoice).approve(document))
    return _record(invoice, answer, "REQUESTED", actor, "발행되지 않았습니다. %(answer)s")


def refuse_request(*, invoice: TaxInvoice, actor: Actor, reason: str = "") -> TaxInvoice:
    """The supplier says no (REQUESTED → REQUEST_REFUSED); nothing exists in law then."""
    if invoice.status != "REQUESTED":
        raise NotRequested()
    return _end(invoice, actor, reason, lambda provider: provider.refuse(ref_of(invoice), reason))


def cancel_request(*, invoice: TaxInvoice, actor: Actor, reason: str = "") -> TaxInvoice:
    """We withdraw a request the supplier has not answered (→ REQUEST_CANCELLED)."""
    if invoice.status != "REQUESTED":
        raise NotRequested()
    return _end(
        invoice, actor, reason, lambda provider: provider.cancel_request(ref_of(invoice), reason)
    )


def cancel_issuance(*, invoice: TaxInvoice, actor: Actor, reason: str = "") -> TaxInvoice:
    """Undo an issue without a trace, only before transmission (→ ISSUANCE_CANCELLED)."""
    if invoice.status != "ISSUED":
        raise NotIssued()
    return _end(
        invoice, actor, reason, lambda provider: provider.cancel_issuance(ref_of(invoice), reason)
    )


def _end(invoice: TaxInvoice, actor: Actor, reason: str, call: Call) -> TaxInvoice:
    came_from = invoice.status
    _reserve(invoice, "CANCEL_PENDING", actor, reason=reason, end_reason=reason[:300])
    answer = attempt(lambda: call(_provider(invoice)))
    return _record(invoice, answer, came_from, actor, "취소되지 않았습니다. %(answer)s")


def send_to_nts(*, invoice: TaxInvoice, actor: Actor) -> TaxInvoice:
    """Transmit now instead of at the next 15:00. Needs no reservation: asking twice sends once.

    Raises NotIssued, ExternalService.
    """
    if invoice.status != "ISSUED":
        raise NotIssued()
    answer = attempt(lambda: _provider(invoice).send_to_nts(ref_of(invoice)))
    if not isinstance(answer, State):
        told = _("전송 여부를 확인하고 있습니다. %(answer)s")
        if isinstance(answer, Rejected):
            told = _("전송되지 않았습니다. %(answer)s")
        raise ExternalService(told % {"answer": said(str(answer))})
    with transaction.atomic():
        record(
            "taxinvoice.transmission_asked",
            workspace=invoice.workspace,
            object_type="taxinvoice",
            object_id=invoice.public_id,
            actor=actor,
        )
        follow([(invoice, answer)], actor=actor)
    return refresh(invoice)


# --- the phases -------------------------------------------------------------------------------


def _provider(invoice: TaxInvoice) -> ETaxProvider:
    return provider_for(invoice.workspace)


def _reserve(invoice: TaxInvoice, to: str, actor: Actor, reason: str = "", **fields: Any) -> None:
    """Committed before the call: `durable` refuses to run inside another transaction."""
    fields = {"provider_error": "", "provider_error_code": ""} | fields
    try:
        with transaction.atomic(durable=True):
            _must_be_as_judged(invoice)
            transition(invoice, to, actor=actor, reason=reason, **fields)
    except IntegrityError as deleted:  # a draft keeps its state when it is thrown away
        raise LostRace() from deleted


def _must_be_as_judged(invoice: TaxInvoice) -> None:
    """An edit keeps the state of a draft: what is sent would be what nobody looked at."""
    if invoice.status not in FAILED | {"DRAFTED"}:
        return
    now = TaxInvoice.objects.select_for_update().get(pk=invoice.pk)
    if content_of(now) != content_of(invoice):
        raise LostRace()


def _record(
    invoice: TaxInvoice, answer: Answer, rejected_to: str, actor: Actor, what: str
) -> TaxInvoice:
    """The third phase. Raises ExternalService, saying `what`, after recording a rejection."""
    if isinstance(answer, Rejected) and answer.code == KEY_IN_USE:
        answer = _inquired(invoice)
    if isinstance(answer, State):
        follow([(invoice, answer)], actor=actor)
    elif isinstance(answer, Rejected):
        _note_rejection(invoice, answer, rejected_to, actor)
        if answer.code == "CERTIFICATE_UNREGISTERED":
            raise CertificateUnregistered()
        raise ExternalService(_(what) % {"answer": said(answer.text)}) from answer
    else:
        TaxInvoice.objects.filter(pk=invoice.pk, status=invoice.status).update(
            provider_error_code="NO_ANSWER", provider_error=str(answer)[:300]
        )
    return refresh(invoice)


def _inquired(invoice: TaxInvoice) -> Answer:
    """The provider has our key already: an earlier try arrived, so its state is the answer."""
    try:
        [state] = _provider(invoice).inquire([ref_of(invoice)])
    except Exception as error:
        return OutcomeUnknown(str(error))
    return state or OutcomeUnknown("아직 조회되지 않습니다.")


@transaction.atomic
def _note_rejection(invoice: TaxInvoice, rejection: Rejected, to: str, actor: Actor) -> None:
    transition(
        invoice,
        to,
        actor=actor,
        reason=rejection.text,
        end_reason="",
        provider_error_code=rejection.code,
        provider_error=rejection.text[:300],
    )


# --- what must be true before a document leaves -------------------------------------------------


def check_sendable(invoice: TaxInvoice, statuses: set[str]) -> None:
    if invoice.deleted_at or invoice.status not in statuses:
        raise NotDrafted()
    check_leaving(invoice)
    if any(mate.deleted_at or mate.status in ENDED for mate in mates_of(invoice)):
        raise InvalidDocument(
            "보내지 않았습니다. 함께 발행해야 하는 수정 세금계산서가 삭제되었거나 취소되었습니다. "
            "이 문서도 삭제하고 다시 작성해 주세요."
        )


def check_leaving(invoice: TaxInvoice) -> None:
    """A bulk keeps a document that says something wrong, so each is judged again at the door.

    Raises InvalidDocument.
    """
    check_content(content_of(invoice))
    if not (invoice.supplier_brn and invoice.recipient_brn):
        raise InvalidDocument("보내지 않았습니다. 사업자등록번호가 없습니다.")
    if invoice.write_date > clock.today():
        raise InvalidDocument("보내지 않았습니다. 작성일이 오늘보다 늦습니다.")


def check_connected(invoice: TaxInvoice) -> None:
    if invoice.supplier_counterparty is None:
        adopt_suppliers(TaxInvoice.objects.filter(pk=invoice.pk))
        invoice.refresh_from_db(fields=["supplier_counterparty"])
    supplier = invoice.supplier_counterparty
    if supplier is None or supplier.connection != Counterparty.Connection.CONNECTED:
        raise CounterpartyNotConnected(brn=invoice.supplier_brn)


def _check_in_time(invoice: TaxInvoice, accepts_delay: bool) -> None:
    has_deadline = invoice.modification_type not in ORIGINAL_DATE_REASONS
    if has_deadline and not accepts_delay and clock.today() > invoice.issuance_due_date:
        raise LateIssuance()
