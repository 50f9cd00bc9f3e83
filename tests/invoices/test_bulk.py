"""Many documents: made once per purpose, sent in chunks, resumed after a death."""

import inspect
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import translation

from core import clock
from core.events.models import Event
from core.jobs.models import Job
from core.jobs.services import cancel_job, run_job
from core.ledger.queries import balance
from core.notifications.models import Message
from invoices import errors, services
from invoices.models import BulkTaxInvoice, TaxInvoice
from invoices.providers.base import Limits
from invoices.queries.bulk import status_counts, status_sums
from invoices.queries.invoices import reload
from invoices.services import InvoiceRequest, bulk_sending
from invoices.services.bulk_sheet import create_sheet_bulk
from partners.models import Partner
from partners.providers.sandbox import register_business
from tests.invoices.factories import make_partner, normal_content
from tests.invoices.test_files_and_counterparties import facts

COUNT = 7


def request_for(partner: Partner, number: int = 0, **changes) -> InvoiceRequest:
    return InvoiceRequest(
        **{
            "purpose_key": f"payout:{partner.public_id}:{number}",
            "source_id": f"po-{partner.public_id}",
            "partner_id": partner.pk,
            "issuance_type": "REVERSE",
            "taxation_type": "TAXABLE",
            "write_date": clock.today(),
            "supply_amount": 100_000,
            "tax_amount": 10_000,
            "item_name": "10월 정산 대금",
        }
        | changes
    )


@pytest.fixture
def partners(workspace, sandbox, actor) -> list[Partner]:
    made = [make_partner(workspace) for _ in range(COUNT)]
    return [services.connect_partner(partner=partner, actor=actor) for partner in made]


@pytest.fixture
def requests(partners) -> list[InvoiceRequest]:
    return [request_for(partner) for partner in partners]


@pytest.fixture
def create(workspace, actor):
    def create(requests, **changes):
        return services.create_invoices(
            **{"workspace": workspace, "actor": actor, "requests": requests, "name": "10월"}
            | changes
        )

    return create


@pytest.fixture(autouse=True)
def small_chunks(sandbox, monkeypatch) -> None:
    monkeypatch.setattr(type(sandbox), "limits", Limits(documents_per_call=3))


def documents_at(sandbox) -> Counter[str]:
    with sandbox.journal.read() as book:
        return Counter(record.state for record in book.records("document"))


def test_a_bulk_is_made_requested_and_mailed(create, requests, sandbox) -> None:
    bulk = create(requests)
    assert (bulk.status, status_counts(bulk)) == ("REQUEST_PENDING", {"DRAFTED": COUNT})
    job = run_job(bulk.job_id)
    assert (job.status, job.done_count, job.failed_count) == ("SUCCEEDED", COUNT, 0)
    bulk.refresh_from_db()
    assert bulk.status == "COMPLETED"
    sums = status_sums(bulk)["REQUESTED"]
    assert (sums.count, sums.amount) == (COUNT, COUNT * 110_000)
    assert documents_at(sandbox) == {"REQUESTED": COUNT}
    assert Message.objects.count() == COUNT


def test_one_event_per_chunk_names_its_documents(create, requests) -> None:
    bulk = create(requests)
    run_job(bulk.job_id)
    events = Event.objects.filter(kind="taxinvoice.requested", object_id=bulk.public_id)
    assert [event.changes["count"] for event in events.order_by("pk")] == [3, 3, 1]
    named = {name for event in events for name in event.changes["ids"]}
    assert named == set(bulk.invoices.values_list("public_id", flat=True))


def test_the_same_purpose_never_gives_two_documents(create, requests) -> None:
    first = create(requests)
    second = create([*requests, *requests], name="다시")
    assert (first.invoices.count(), second.invoices.count()) == (COUNT, 0)


def test_the_same_call_gives_the_same_bulk(create, requests) -> None:
    assert create(requests, key="bulk-payout:1") == create(requests, key="bulk-payout:1")


def test_reasons_are_kept_in_korean_whoever_makes_the_bulk(create, partners) -> None:
    with translation.override("en"):
        bulk = create([request_for(partners[0], supply_amount=10**6, tax_amount=0)])
    kept = bulk.invoices.get().provider_error
    assert kept == "저장되지 않았습니다. 세액 0원이 공급가액의 10%와 1,000원 넘게 다릅니다."


def test_partners_that_cannot_be_invoiced_fail_with_the_reason(
    create, requests, partners, workspace, sandbox
) -> None:
    Partner.objects.filter(pk=partners[0].pk).update(business_status="SUSPENDED")
    stranger = make_partner(workspace)
    bulk = create([*requests, request_for(stranger)])
    run_job(bulk.job_id)
    failed = bulk.invoices.filter(status="REQUEST_FAILED").order_by("pk")
    assert [invoice.provider_error for invoice in failed] == [
        "상대방이 휴업 상태입니다.",
        "국세청에 연동되지 않은 파트너입니다.",
    ]
    assert documents_at(sandbox) == {"REQUESTED": COUNT - 1}


def test_failures_are_retried_when_they_are_put_right(create, requests, partners, actor) -> None:
    closed = Partner.objects.filter(pk=partners[0].pk)
    closed.update(business_status="CLOSED")
    bulk = create(requests)
    run_job(bulk.job_id)
    closed.update(business_status="IN_BUSINESS")
    bulk.refresh_from_db()
    run_job(services.retry_bulk(bulk=bulk, actor=actor).pk)
    assert status_counts(bulk) == {"REQUESTED": COUNT}


@pytest.mark.parametrize("alone", [True, False])
def test_a_partner_connected_after_its_bulk_can_be_asked(create, workspace, actor, alone) -> None:
    stranger = make_partner(workspace)
    bulk = create([request_for(stranger)])
    run_job(bulk.job_id)
    bulk.refresh_from_db()
    stranger = services.connect_partner(partner=stranger, actor=actor)
    if alone:
        services.request_invoice(invoice=reload(bulk.invoices.get()), actor=actor)
    else:
        run_job(services.retry_bulk(bulk=bulk, actor=actor).pk)
    assert status_counts(bulk) == {"REQUESTED": 1}
    with pytest.raises(errors.PartnerHasOngoingInvoice):
        services.disconnect_partner(partner=stranger, actor=actor)


def test_a_partner_that_closed_meanwhile_is_not_sent(create, requests, partners, sandbox) -> None:
    bulk = create(requests)
    Partner.objects.filter(pk=partners[1].pk).update(business_status="CLOSED")
    run_job(bulk.job_id)
    assert status_counts(bulk) == {"REQUESTED": COUNT - 1, "REQUEST_FAILED": 1}
    assert sum(documents_at(sandbox).values()) == COUNT - 1


def test_chunks_of_closed_businesses_take_no_deeper_stack(
    create, partners, sandbox, actor, monkeypatch
) -> None:
    monkeypatch.setattr(type(sandbox), "limits", Limits(documents_per_call=1))
    bulk = create([request_for(partners[0], number) for number in range(150)])
    Partner.objects.update(business_status="CLOSED")
    before, depth = sys.getrecursionlimit(), len(inspect.stack(0))
    sys.setrecursionlimit(depth + 120)
    try:
        services.process_bulk(bulk, actor=actor)
    finally:
        sys.setrecursionlimit(before)
    assert status_counts(bulk) == {"REQUEST_FAILED": 150}


def test_what_never_arrived_at_a_business_closed_since_is_not_sent_again(
    create, partners, sandbox, actor, later
) -> None:
    bulk = create([request_for(partners[0], remarks=("sandbox:lost",))])
    run_job(bulk.job_id)
    later(timedelta(minutes=11))
    services.resolve_pending()
    Partner.objects.update(business_status="CLOSED")
    bulk.refresh_from_db()
    services.process_bulk(bulk, actor=actor)
    bulk.refresh_from_db()
    codes = bulk.invoices.values_list("status", "provider_error_code")
    assert (bulk.status, list(codes)) == ("FAILED", [("REQUEST_FAILED", "BUSINESS_INACTIVE")])


def test_a_late_silence_does_not_hide_what_was_found_out_meanwhile(
    create, partners, actor, later, monkeypatch
) -> None:
    """The call takes so long that the document is known not to have arrived: it is sent again."""
    bulk = create([request_for(partners[0], remarks=("sandbox:lost",))])
    send = bulk_sending._send

    def slowly(*args):
        answers = send(*args)
        monkeypatch.undo()
        later(timedelta(minutes=11))
        services.resolve_pending()
        assert bulk.invoices.get().provider_error_code == "NOT_RECEIVED"
        return answers

    monkeypatch.setattr(bulk_sending, "_send", slowly)
    run_job(bulk.job_id)
    assert status_counts(bulk) == {"REQUEST_PENDING": 1}


@pytest.fixture
def numberless(workspace, create) -> TaxInvoice:
    """Of a partner that stopped being a business between its payout and its invoice."""
    partner = make_partner(
        workspace, type="WITHHOLDING", taxation_type="", business_registration_number=""
    )
    bulk = create([request_for(partner, issuance_type="NORMAL")])
    run_job(bulk.job_id)
    return reload(bulk.invoices.get())


def test_what_has_no_number_is_not_issued_by_trying_again(numberless, actor, sandbox) -> None:
    bulk = numberless.bulk
    assert numberless.provider_error == "사업자등록번호가 없는 파트너입니다."
    with pytest.raises(errors.InvalidDocument, match="사업자등록번호가 없습니다"):
        services.issue_invoice(invoice=numberless, actor=actor)
    run_job(services.retry_bulk(bulk=bulk, actor=actor).pk)
    assert (status_counts(bulk), documents_at(sandbox)) == ({"ISSUE_FAILED": 1}, {})


def test_what_contradicts_itself_is_not_requested_by_trying_again(
    create, partners, actor, sandbox
) -> None:
    bulk = create([request_for(partners[0], supply_amount=10**6, tax_amount=0)])
    run_job(bulk.job_id)
    bulk.refresh_from_db()
    run_job(services.retry_bulk(bulk=bulk, actor=actor).pk)
    assert (status_counts(bulk), documents_at(sandbox)) == ({"REQUEST_FAILED": 1}, {})


def test_a_bulk_of_tomorrow_waits_for_tomorrow(create, partners, actor, later) -> None:
    day = timedelta(days=1)
    bulk = create([request_for(partners[0], write_date=clock.today() + day)])
    run_job(bulk.job_id)
    [waiting] = bulk.invoices.all()
    assert waiting.provider_error == "보내지 않았습니다. 작성일이 오늘보다 늦습니다."
    later(day)
    bulk.refresh_from_db()
    run_job(services.retry_bulk(bulk=bulk, actor=actor).pk)
    assert status_counts(bulk) == {"REQUESTED": 1}


@pytest.mark.parametrize("known_as", ["partner", "counterparty", "stranger"])
def test_a_bulk_asks_about_every_kind_of_recipient(workspace, create, actor, known_as) -> None:
    """Closed since we last heard, if we ever did: nobody is invoiced silently."""
    long_ago = clock.now() - timedelta(days=20)
    partner = make_partner(workspace, business_status_checked_at=long_ago)
    brn = partner.business_registration_number
    register_business(brn, status="CLOSED")
    if known_as == "partner":
        bulk = create([request_for(partner, issuance_type="NORMAL")])
    else:
        if known_as == "counterparty":
            services.create_counterparty(workspace=workspace, actor=actor, facts=facts(brn=brn))
        bulk = create_sheet_bulk(
            workspace=workspace,
            actor=actor,
            documents=[(normal_content(brn), "")],
            issuance_type="NORMAL",
            name="파일",
            key="file:1",
            sends=True,
        )
    run_job(bulk.job_id)
    codes = bulk.invoices.values_list("status", "provider_error_code")
    assert list(codes) == [("ISSUE_FAILED", "BUSINESS_INACTIVE")]


def test_all_failed_is_a_failed_bulk(create, requests) -> None:
    Partner.objects.update(business_status="CLOSED")
    bulk = create(requests)
    run_job(bulk.job_id)
    bulk.refresh_from_db()
    assert bulk.status == "FAILED"


def test_rejections_keep_their_reason(create, requests, partners) -> None:
    rejected = request_for(partners[0], 1, remarks=("sandbox:reject",))
    bulk = create([*requests, rejected])
    run_job(bulk.job_id)
    [failed] = bulk.invoices.filter(status="REQUEST_FAILED")
    assert failed.provider_error_code == "REFUSED_BY_SANDBOX"


def test_a_lost_answer_keeps_the_bulk_open_until_it_is_found(
    create, requests, partners, sandbox, actor, later
) -> None:
    lost = request_for(partners[0], 1, remarks=("sandbox:timeout",))
    bulk = create([*requests, lost])
    run_job(bulk.job_id)
    bulk.refresh_from_db()
    assert bulk.status == "IN_PROGRESS"
    assert services.sweep_bulks(actor) == 0
    later(timedelta(minutes=2))
    services.resolve_pending()
    assert services.sweep_bulks(actor) == 1
    bulk.refresh_from_db()
    assert (bulk.status, status_counts(bulk)) == ("COMPLETED", {"REQUESTED": COUNT + 1})
    assert sum(documents_at(sandbox).values()) == COUNT + 1


def test_what_never_arrived_is_taken_up_again(
    create, requests, partners, sandbox, actor, later
) -> None:
    lost = request_for(partners[0], 1, remarks=("sandbox:lost",))
    bulk = create([*requests, lost])
    run_job(bulk.job_id)
    later(timedelta(minutes=11))
    services.resolve_pending()
    assert status_counts(bulk)["REQUEST_FAILED"] == 1
    assert services.sweep_bulks(actor) == 1
    bulk.refresh_from_db()
    assert Job.objects.get(pk=bulk.job_id).status == "WAITING"


def test_a_worker_that_died_after_reserving_loses_nothing(
    create, requests, sandbox, actor, later, monkeypatch
) -> None:
    """The first chunk is reserved and the process dies before (or in) the call."""
    bulk = create(requests)
    monkeypatch.setattr(bulk_sending, "_send", _die)
    run_job(bulk.job_id)
    monkeypatch.undo()
    assert status_counts(bulk) == {"DRAFTED": COUNT - 3, "REQUEST_PENDING": 3}
    bulk.refresh_from_db()
    services.process_bulk(bulk, actor=actor)
    assert status_counts(bulk) == {"REQUESTED": COUNT - 3, "REQUEST_PENDING": 3}
    later(timedelta(minutes=11))
    services.resolve_pending()
    bulk.refresh_from_db()
    services.process_bulk(bulk, actor=actor)
    assert status_counts(bulk) == {"REQUESTED": COUNT}
    assert documents_at(sandbox) == {"REQUESTED": COUNT}


def _die(*args: object) -> None:
    raise SystemError("killed")


def test_a_bulk_stopped_before_it_began_can_be_started_again(create, requests, actor) -> None:
    bulk = create(requests)
    cancel_job(job=bulk.job, actor=actor)
    assert services.sweep_bulks(actor) == 1
    bulk.refresh_from_db()
    assert (bulk.status, status_counts(bulk)) == ("CANCELLED", {"DRAFTED": COUNT})
    run_job(services.send_bulk(bulk=bulk, actor=actor).pk)
    assert status_counts(bulk) == {"REQUESTED": COUNT}


def test_our_own_documents_are_issued_and_posted(create, partners, workspace) -> None:
    bulk = create([request_for(p, issuance_type="NORMAL") for p in partners])
    run_job(bulk.job_id)
    assert status_counts(bulk) == {"ISSUED": COUNT}
    numbers = set(bulk.invoices.values_list("nts_approval_number", flat=True))
    assert len(numbers) == COUNT
    assert balance(workspace, "VAT_ACCRUED") == COUNT * 10_000
    assert balance(workspace, "VAT_PAYABLE") == -COUNT * 10_000


def test_one_bulk_has_one_issuance_type(create, partners) -> None:
    mixed = [request_for(partners[0]), request_for(partners[1], issuance_type="NORMAL")]
    with pytest.raises(errors.InvalidDocument):
        create(mixed)
    assert TaxInvoice.objects.count() == 0


def test_making_takes_as_many_queries_for_many_as_for_few(
    create, partners, django_assert_max_num_queries
) -> None:
    many = [request_for(partner, number) for partner in partners for number in range(40)]
    with django_assert_max_num_queries(12):
        create(many, sends=False)


def test_bulks_that_wait_for_an_answer_hide_no_later_one(workspace, actor, monkeypatch) -> None:
    """A provider that is silent for a day: only the hundred oldest were looked at."""
    *_, last = BulkTaxInvoice.objects.bulk_create(
        BulkTaxInvoice(
            workspace=workspace,
            public_id=f"bti-{number}",
            source="PLATFORM",
            issuance_type="REVERSE",
            status="IN_PROGRESS",
        )
        for number in range(101)
    )
    monkeypatch.setattr(
        bulk_sending, "status_counts", lambda bulk: {} if bulk == last else {"REQUEST_PENDING": 1}
    )
    assert services.sweep_bulks(actor) == 1
    last.refresh_from_db()
    assert last.status == "COMPLETED"
