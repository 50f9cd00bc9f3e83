"""Attachments of drafts and the book of counterparties."""

from datetime import timedelta

import pytest

from core.jobs.services import run_job
from invoices import errors, services
from invoices.models import Counterparty
from invoices.queries.counterparties import find_counterparty, find_counterparty_by_brn
from invoices.queries.invoices import reload
from invoices.services import CounterpartyFacts
from partners.models import Partner
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import make_brn, make_partner, normal_content, reverse_content

CONTACT = {"name": "담당자", "email": "cp@example.com"}


def facts(**changes) -> CounterpartyFacts:
    return CounterpartyFacts(
        **{"brn": BUYER_BRN, "name": "거래처", "representative_name": "대표", "contact": CONTACT}
        | changes
    )


@pytest.fixture
def create(workspace, sandbox, actor):
    def create(public_id="", **changes) -> Counterparty:
        return services.create_counterparty(
            workspace=workspace, actor=actor, facts=facts(**changes), public_id=public_id
        )

    return create


def test_a_file_is_uploaded_once_and_attached_to_a_draft(workspace, partner, actor) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=reverse_content(partner)
    )
    file, token = services.reserve_upload(workspace=workspace, file_name="../명세서.pdf")
    assert file.name == "명세서.pdf"
    with pytest.raises(errors.FileNotFound):
        services.attach_file(invoice=draft, actor=actor, file_id=file.public_id)
    services.store_upload(token=token, content=b"%PDF-1.4")
    with pytest.raises(errors.FileNotFound):
        services.store_upload(token=token, content=b"again")
    attached = services.attach_file(invoice=draft, actor=actor, file_id=file.public_id)
    assert attached.file.read() == b"%PDF-1.4"
    services.detach_file(invoice=draft, actor=actor, attachment_id=file.public_id)
    assert draft.attachments.count() == 0
    with pytest.raises(errors.AttachmentNotFound):
        services.detach_file(invoice=draft, actor=actor, attachment_id=file.public_id)


def test_an_upload_place_closes_after_five_minutes(workspace, monkeypatch) -> None:
    import time

    _, token = services.reserve_upload(workspace=workspace, file_name="a.pdf")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 301)
    with pytest.raises(errors.FileNotFound):
        services.store_upload(token=token, content=b"late")


def test_requested_documents_take_no_files(workspace, requested, actor) -> None:
    file, token = services.reserve_upload(workspace=workspace, file_name="a.pdf")
    services.store_upload(token=token, content=b"x")
    with pytest.raises(errors.NotDrafted):
        services.attach_file(invoice=requested, actor=actor, file_id=file.public_id)


def test_counterparties_are_written_once_and_changed(create, workspace, actor) -> None:
    row = create("cp-1")
    assert (row.connection, row.business_status) == ("NOT_CONNECTED", "UNKNOWN")
    changed = services.update_counterparty(
        counterparty=row, actor=actor, facts=CounterpartyFacts(name="새 이름")
    )
    assert (changed.company_name, changed.representative_name) == ("새 이름", "대표")
    services.delete_counterparty(counterparty=row, actor=actor)
    with pytest.raises(errors.CounterpartyNotFound):
        find_counterparty(workspace, "cp-1")
    with pytest.raises(errors.CounterpartyIdExists):
        create("cp-1")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"brn": "1234567890"}, errors.CounterpartyBrnInvalid),
        ({"brn": "2208162517"}, errors.CounterpartyIsOurselves),
        ({"representative_name": ""}, errors.CounterpartyFieldsMissing),
        ({"contact": {"name": "담당자"}}, errors.CounterpartyFieldsMissing),
        ({"additional_contacts": [CONTACT] * 6}, errors.CounterpartyTooManyContacts),
    ],
)
def test_counterparties_are_refused_by_type(create, changes, error) -> None:
    with pytest.raises(error):
        create(**changes)


def test_the_number_never_changes(create, actor) -> None:
    with pytest.raises(errors.CounterpartyBrnFixed):
        services.update_counterparty(
            counterparty=create(), actor=actor, facts=facts(brn=make_brn(999_810_000))
        )


def test_a_partners_counterparty_belongs_to_the_partner(partner, create, actor) -> None:
    row = Counterparty.objects.get(partner=partner)
    for act, error in (
        (services.delete_counterparty, errors.CounterpartyOfPartnerNotDeletable),
        (services.connect_counterparty, errors.CounterpartyOfPartnerNotConnectable),
    ):
        with pytest.raises(error):
            act(counterparty=row, actor=actor)
    with pytest.raises(errors.CounterpartyOfPartnerNotUpdatable):
        services.update_counterparty(counterparty=row, actor=actor, facts=facts(brn=None))
    with pytest.raises(errors.CounterpartyIdExistsByPartner):
        create(row.public_id)


def test_a_counterparty_with_open_documents_stays(create, workspace, actor) -> None:
    row = create()
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content(BUYER_BRN)
    )
    services.issue_invoice(invoice=reload(draft), actor=actor)
    with pytest.raises(errors.CounterpartyHasOngoingInvoice):
        services.delete_counterparty(counterparty=row, actor=actor)


def test_a_connected_one_is_found_before_others(create, workspace, actor) -> None:
    create("cp-1")
    second = services.connect_counterparty(counterparty=create("cp-2"), actor=actor)
    assert second.connection == "CONNECTED"
    assert find_counterparty_by_brn(workspace, BUYER_BRN) == second


def test_partners_connect_in_bulk_with_reasons(workspace, sandbox, actor) -> None:
    good = make_partner(workspace)
    make_partner(workspace, taxation_type="SIMPLE")
    job = services.start_connecting_partners(
        workspace=workspace, actor=actor, partners=Partner.objects.all()
    )
    done = run_job(job.pk)
    assert done.result == {"succeeded": 1, "failed": 1}
    assert done.failures.get().code == "PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE"
    good.refresh_from_db()
    assert good.connection_status == "CONNECTED"


def test_a_connection_without_an_answer_is_finished_later(
    workspace, sandbox, actor, later, monkeypatch
) -> None:
    partner = make_partner(workspace)

    def silence(member: object) -> None:
        raise OSError("no answer")

    monkeypatch.setattr(sandbox, "register", silence)
    pending = services.connect_partner(partner=partner, actor=actor)
    assert pending.connection_status == "CONNECT_PENDING"
    monkeypatch.undo()
    Counterparty.objects.update(updated_at=pending.created_at - timedelta(hours=1))
    assert services.finish_connections(actor) == 1
    partner.refresh_from_db()
    assert partner.connection_status == "CONNECTED"
