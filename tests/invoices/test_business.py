"""Before a document leaves, the other side's business is asked about; look-ups fill forms."""

from datetime import timedelta

import pytest

from core import clock
from invoices import errors, services
from invoices.models import Counterparty
from invoices.queries.invoices import reload
from invoices.services import CounterpartyFacts, LookUp
from partners.models import Partner
from partners.providers.sandbox import Mood, register_business, set_mood
from partners.services import look_up_company
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import make_brn, normal_content, reverse_content
from tests.invoices.test_files_and_counterparties import facts

CLOSED_BRN = make_brn(123_819_903)


@pytest.fixture(autouse=True)
def well():
    yield
    set_mood("businesses", Mood.WELL)
    register_business(BUYER_BRN, status="IN_BUSINESS")


def draft(workspace, actor, content):
    return reload(services.draft_invoice(workspace=workspace, actor=actor, content=content))


def test_a_closed_stranger_is_found_out_at_the_registry(workspace, sandbox, actor) -> None:
    invoice = draft(workspace, actor, normal_content(CLOSED_BRN))
    with pytest.raises(errors.BusinessInactive, match="폐업"):
        services.issue_invoice(invoice=invoice, actor=actor)
    issued = services.issue_invoice(invoice=invoice, actor=actor, accepts_inactive=True)
    assert issued.status == "ISSUED"


def test_an_old_status_is_asked_again(workspace, partner, actor) -> None:
    Partner.objects.filter(pk=partner.pk).update(
        business_status_checked_at=clock.now() - timedelta(days=2)
    )
    register_business(partner.business_registration_number, status="SUSPENDED")
    invoice = draft(workspace, actor, reverse_content(partner))
    with pytest.raises(errors.BusinessInactive, match="휴업"):
        services.request_invoice(invoice=invoice, actor=actor)
    partner.refresh_from_db()
    assert partner.business_status == "SUSPENDED"


def test_a_silent_registry_does_not_block(workspace, sandbox, actor) -> None:
    set_mood("businesses", Mood.SILENT)
    invoice = draft(workspace, actor, normal_content(BUYER_BRN))
    assert services.issue_invoice(invoice=invoice, actor=actor).status == "ISSUED"


def test_a_known_counterparty_keeps_what_was_answered(workspace, sandbox, actor) -> None:
    row = services.create_counterparty(workspace=workspace, actor=actor, facts=facts())
    register_business(BUYER_BRN, status="CLOSED")
    invoice = draft(workspace, actor, normal_content(BUYER_BRN))
    with pytest.raises(errors.BusinessInactive):
        services.issue_invoice(invoice=invoice, actor=actor)
    row.refresh_from_db()
    assert row.business_status == "CLOSED"
    set_mood("businesses", Mood.SILENT)
    services.refresh_counterparties([row], actor, max_age=timedelta())
    row.refresh_from_db()
    assert row.business_status == "CLOSED"


def test_business_info_fills_what_was_left_out(workspace, sandbox, actor) -> None:
    given = CounterpartyFacts(
        brn=BUYER_BRN, name="우리가 쓴 이름", contact={"name": "담당", "email": "a@example.com"}
    )
    row = services.create_checked_counterparty(
        workspace=workspace,
        actor=actor,
        facts=given,
        look_up=LookUp(asks_info=True, asks_status=True),
    )
    assert (row.company_name, row.representative_name) == ("우리가 쓴 이름", "홍길동")
    assert (row.business_type, row.business_status) == ("소매업", "IN_BUSINESS")


def test_a_proof_is_spent_once_and_only_for_its_number(workspace, sandbox, actor) -> None:
    proof = look_up_company(workspace=workspace, actor=actor, number=BUYER_BRN)
    other = look_up_company(workspace=workspace, actor=actor, number=make_brn(999_810_000))

    def create(public_id: str) -> Counterparty:
        return services.create_checked_counterparty(
            workspace=workspace,
            actor=actor,
            facts=facts(),
            look_up=LookUp(status_verification_id=public_id),
        )

    with pytest.raises(errors.VerificationBrnMismatch):
        create(other.public_id)
    with pytest.raises(errors.VerificationNotFound):
        create("cv-unknown")
    assert Counterparty.objects.count() == 0
    assert create(proof.public_id).business_status == "IN_BUSINESS"
    with pytest.raises(errors.VerificationInvalid):
        create(proof.public_id)
    with pytest.raises(errors.VerificationTypeMismatch):
        services.create_checked_counterparty(
            workspace=workspace,
            actor=actor,
            facts=facts(),
            look_up=LookUp(info_verification_id=proof.public_id),
        )
