import sys
from datetime import date, timedelta

import pytest

from core import clock
from core.errors import Conflict, Forbidden, InvalidRequest
from core.events.actors import Actor
from core.events.models import Event
from partners import services
from partners.errors import (
    CompanyNotFound,
    ExternalApiFailed,
    ExternalApiTemporarilyFailed,
    NotSupportedBank,
)
from partners.models import AccountVerification, CompanyVerification, Partner
from partners.providers import sandbox
from partners.providers.base import LookUpSilent
from partners.providers.sandbox import Mood
from partners.queries import payable_problems, payment_warnings
from partners.services.checks import CLAIM, LEASE, RETRY_AFTER
from tests.partners.bodies import BUSINESS, account
from tests.partners.test_partners import change


@pytest.fixture(autouse=True)
def well_providers(settings, tmp_path):
    settings.SANDBOX_DIR = tmp_path


def business_with(serial: str) -> dict[str, str]:
    """A business whose four digits before the check digit are a magic number."""
    from core.business_number import is_valid

    number = next(f"12345{serial}{d}" for d in range(10) if is_valid(f"12345{serial}{d}"))
    return BUSINESS | {"businessRegistrationNumber": number}


@pytest.mark.parametrize(
    ("number", "status", "found", "problem"),
    [
        ("110123456789", "VERIFIED", "홍길동", None),
        ("110123998001", "VERIFY_FAILED", "다른예금주", "ACCOUNT_VERIFY_FAILED"),
        ("110123998002", "UNKNOWN", "홍길동(상회)", "ACCOUNT_UNKNOWN"),
        ("110123998003", "VERIFY_FAILED", "", "ACCOUNT_VERIFY_FAILED"),
        ("110123998004", "VERIFY_ERROR", "", "ACCOUNT_VERIFY_ERROR"),
        ("110123998005", "VERIFY_ERROR", "", "ACCOUNT_VERIFY_ERROR"),
    ],
)
def test_a_new_account_is_looked_up(contract, new_partner, number, status, found, problem):
    row = new_partner(account=account(number))
    services.run_due_checks()
    row.refresh_from_db()
    assert (row.account_status, row.account_holder_found) == (status, found)
    assert row.account_checked_at is not None
    assert [p.code for p in payable_problems(row)] == ([problem] if problem else [])
    assert (row.checks_due_at is not None) == (status == "VERIFY_ERROR")


@pytest.mark.parametrize(
    ("serial", "status", "taxation", "warnings"),
    [
        ("1234", "IN_BUSINESS", "NORMAL", []),
        ("9902", "SUSPENDED", "NORMAL", ["BUSINESS_SUSPENDED"]),
        ("9903", "CLOSED", "NORMAL", ["BUSINESS_CLOSED"]),
        ("9904", "NOT_FOUND", "", ["BUSINESS_NOT_FOUND"]),
        ("9905", "VERIFY_ERROR", "", []),
        ("9906", "IN_BUSINESS", "SIMPLE", ["TAXATION_TYPE_DIFFERS"]),
        ("9907", "IN_BUSINESS", "SIMPLE_TAX_INVOICE_ISSUER", ["TAXATION_TYPE_DIFFERS"]),
    ],
)
def test_a_new_business_is_looked_up(contract, new_partner, serial, status, taxation, warnings):
    row = new_partner(type={"business": business_with(serial)})
    services.run_due_checks()
    row.refresh_from_db()
    assert (row.business_status, row.taxation_type_found) == (status, taxation)
    assert [warning.code for warning in payment_warnings(row)] == warnings
    assert row.closed_suspended_on == (
        date(2024, 3, 31) if status in {"SUSPENDED", "CLOSED"} else None
    )


def test_foreign_accounts_are_not_looked_up(contract, new_partner):
    row = new_partner(account=account("AB12345678", currency="USD"))
    services.run_due_checks()
    row.refresh_from_db()
    assert (row.account_status, row.account_checked_at) == ("NOT_VERIFIED", None)


def test_bad_news_leaves_an_event_and_good_news_a_count(contract, new_partner):
    new_partner("good")
    new_partner("bad", account=account("110123998001"))
    services.run_due_checks()
    event = Event.objects.get(kind="partner.checked")
    assert event.object_id == "bad"
    assert event.changes == {"account_status": ["NOT_VERIFIED", "VERIFY_FAILED"]}
    counts = Event.objects.get(kind="partner.bulk_checked").changes
    assert counts == {"holders": {"VERIFIED": 1, "VERIFY_FAILED": 1}, "businesses": {}}


def test_more_than_one_claim(contract, new_partner, workspace, actor, monkeypatch):
    monkeypatch.setattr("partners.services.checks.CLAIM", 2)
    for number in range(5):
        new_partner(f"s-{number}")
    assert services.run_due_checks().holders == {"VERIFIED": 5}
    assert services.run_due_checks().holders == {}
    assert CLAIM == 200


def test_a_dead_worker_leaves_its_partners_due(contract, new_partner, monkeypatch):
    row = new_partner()
    monkeypatch.setattr("partners.services.checks.check_holders", lambda **_: sys.exit())
    with pytest.raises(SystemExit):
        services.run_due_checks()
    row.refresh_from_db()
    assert clock.now() < row.checks_due_at <= clock.now() + LEASE
    monkeypatch.undo()
    Partner.objects.update(checks_due_at=clock.now())
    assert services.run_due_checks().holders == {"VERIFIED": 1}


def test_a_failed_round_leaves_its_partners_due(contract, new_partner, monkeypatch):
    row = new_partner()
    monkeypatch.setattr("partners.services.checks.check_holders", lambda **_: 1 // 0)
    assert services.run_due_checks().holders == {}
    row.refresh_from_db()
    assert clock.now() < row.checks_due_at <= clock.now() + LEASE


def test_an_account_nobody_can_read_keeps_no_other_from_being_checked(contract, new_partner):
    """Its key was lost: every partner claimed with it stayed unchecked, round after round."""
    lost, well = new_partner("lost"), new_partner("well")
    _, _, sealed = lost.account_number_encrypted.partition(":")
    Partner.objects.filter(pk=lost.pk).update(account_number_encrypted=f"gone:{sealed}")
    services.run_due_checks()
    for row, status in ((lost, "VERIFY_ERROR"), (well, "VERIFIED")):
        row.refresh_from_db()
        assert row.account_status == status


def test_an_answer_counts_only_for_the_account_it_was_asked_about(partner, actor, monkeypatch):
    stale = Partner.objects.select_related("workspace").get()
    monkeypatch.setattr(
        "partners.services.checks._holder_facts",
        lambda provider, row: (
            Partner.objects.update(account_number_hash="another")
            and {"account_status": "VERIFIED", "account_holder_found": "홍길동"}
        ),
    )
    monkeypatch.setattr("partners.services.checks.ThreadPoolExecutor", OneThread)
    assert services.check_holders(partners=[stale], actor=actor).holders == {}
    partner.refresh_from_db()
    assert partner.account_status == "NOT_VERIFIED"


class OneThread:
    """Look-ups in the test's own transaction."""

    def __init__(self, size: int) -> None: ...

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None: ...

    map = staticmethod(map)


def test_a_silent_bank_takes_no_proof_away(partner, actor):
    services.run_due_checks()
    partner = Partner.objects.select_related("workspace").get()
    sandbox.set_mood("holders", Mood.SILENT)
    services.check_holders(partners=[partner], actor=actor)
    partner.refresh_from_db()
    assert partner.account_status == "VERIFIED"
    assert Event.objects.filter(kind="partner.account_check_failed").exists()


def test_a_silent_bank_is_asked_again_later(partner):
    sandbox.set_mood("holders", Mood.SILENT)
    services.run_due_checks()
    partner.refresh_from_db()
    assert partner.account_status == "VERIFY_ERROR"
    assert partner.checks_due_at > clock.now() + RETRY_AFTER - timedelta(minutes=1)
    sandbox.set_mood("holders", Mood.WELL)
    Partner.objects.update(checks_due_at=clock.now())
    services.run_due_checks()
    partner.refresh_from_db()
    assert (partner.account_status, partner.checks_due_at) == ("VERIFIED", None)


def test_a_business_that_closes_is_found_by_the_monthly_recheck(contract, new_partner, actor):
    row = new_partner(type={"business": BUSINESS})
    services.run_due_checks()
    assert services.plan_rechecks() == 0
    sandbox.register_business("1234500018", status="CLOSED", closed_suspended_on="2026-01-31")
    Partner.objects.update(business_status_checked_at=clock.now() - timedelta(days=31))
    assert services.plan_rechecks() == 1
    services.run_due_checks()
    row.refresh_from_db()
    assert (row.business_status, row.closed_suspended_on) == ("CLOSED", date(2026, 1, 31))
    assert Event.objects.get(kind="partner.checked").changes == {
        "business_status": ["IN_BUSINESS", "CLOSED"]
    }


def test_only_stale_statuses_are_refreshed(contract, new_partner, actor):
    new_partner(type={"business": BUSINESS})
    services.run_due_checks()
    row = Partner.objects.select_related("workspace").get()
    sandbox.register_business("1234500018", status="CLOSED")
    assert services.refresh_business_status(partners=[row], actor=actor).businesses == {}
    outcome = services.refresh_business_status(
        partners=[row], actor=actor, max_age=timedelta(seconds=0)
    )
    assert outcome.businesses == {"CLOSED": 1}


def test_a_person_may_accept_a_similar_holder(contract, new_partner, actor):
    row = new_partner(account=account("110123998002"))
    with pytest.raises(Conflict):
        services.accept_holder(partner=row, actor=actor, reason="통장 사본")
    services.run_due_checks()
    row.refresh_from_db()
    services.accept_holder(partner=row, actor=actor, reason="통장 사본")
    row.refresh_from_db()
    assert payable_problems(row) == []
    event = Event.objects.get(kind="partner.holder_accepted")
    assert (event.reason, event.changes["holder"]) == ("통장 사본", ["홍길동", "홍길동(상회)"])


def test_an_accepted_holder_must_be_the_one_seen(contract, new_partner, actor):
    row = new_partner(account=account("110123998002"))
    services.run_due_checks()
    row.refresh_from_db()
    Partner.objects.update(account_holder_found="누군가")
    with pytest.raises(Conflict):
        services.accept_holder(partner=row, actor=actor, reason="통장 사본")


def test_holder_look_up_gives_a_proof_for_registration(workspace, actor, contract, new_partner):
    proof = services.look_up_holder(
        workspace=workspace,
        actor=actor,
        bank="SHINHAN",
        number="110-123-456789",
        business_number="123-45-00018",
    )
    row = new_partner(
        account=account(holder=proof.holder_name, accountVerificationId=proof.public_id)
    )
    assert row.account_status == "VERIFIED"
    assert Event.objects.get(kind="account.looked_up").changes == {
        "bank": "SHINHAN",
        "number": "********6789",
    }


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"bank": "KODIT"}, NotSupportedBank),
        ({"bank": "NO_SUCH_BANK"}, NotSupportedBank),
        ({"number": "110123998003"}, InvalidRequest),
        ({"number": "110123998004"}, ExternalApiFailed),
        ({"number": "110123998005"}, ExternalApiTemporarilyFailed),
        ({"birthdate": "900101", "business_number": "1234500018"}, InvalidRequest),
        ({"birthdate": "901399"}, InvalidRequest),
        ({"business_number": "123"}, InvalidRequest),
        ({"number": "110-abc"}, InvalidRequest),
    ],
)
def test_holder_look_ups_that_fail(workspace, actor, asked, error):
    with pytest.raises(error):
        services.look_up_holder(
            workspace=workspace,
            actor=actor,
            **{"bank": "SHINHAN", "number": "110123456789"} | asked,
        )
    assert not AccountVerification.objects.exists()


def test_company_look_up_gives_a_proof(workspace, actor, contract, new_partner):
    number = business_with("9906")["businessRegistrationNumber"]
    proof = services.look_up_company(workspace=workspace, actor=actor, number=number)
    assert (proof.business_status, proof.taxation_type) == ("IN_BUSINESS", "SIMPLE")
    row = new_partner(
        type={"business": business_with("9906") | {"companyVerificationId": proof.public_id}}
    )
    assert row.business_status == "IN_BUSINESS"


@pytest.mark.parametrize(
    ("serial", "error"), [("9904", CompanyNotFound), ("9905", ExternalApiFailed)]
)
def test_company_look_ups_that_fail(workspace, actor, serial, error):
    number = business_with(serial)["businessRegistrationNumber"]
    with pytest.raises(error):
        services.look_up_company(workspace=workspace, actor=actor, number=number)
    assert not CompanyVerification.objects.exists()


def test_a_silent_tax_office_is_temporary(workspace, actor):
    sandbox.set_mood("businesses", Mood.SILENT)
    with pytest.raises(ExternalApiTemporarilyFailed):
        services.look_up_company(workspace=workspace, actor=actor, number="1234500018")


def test_company_facts_come_in_the_order_asked(workspace):
    unknown = business_with("9904")["businessRegistrationNumber"]
    answers = services.look_up_companies(
        workspace=workspace, numbers=["314-86-01237", unknown, "123"]
    )
    assert [answer.number for answer in answers] == ["3148601237", unknown, "123"]
    assert answers[0].info.name == "상회 01237"
    assert [bool(answer.error) for answer in answers] == [False, True, True]


def test_numbers_in_clear_need_a_right_and_a_reason(partner, actor):
    assert (
        services.reveal_account_number(partner=partner, actor=actor, reason="문의 답변")
        == "110123456789"
    )
    event = Event.objects.get(kind="partner.account_revealed")
    assert (event.object_id, event.reason) == ("seller", "문의 답변")
    with pytest.raises(InvalidRequest):
        services.reveal_account_number(partner=partner, actor=actor, reason=" ")
    viewer = Actor("MEMBER", "1", "보기", 1, frozenset())
    with pytest.raises(Forbidden):
        services.reveal_account_number(partner=partner, actor=viewer, reason="궁금해서")


def test_resident_numbers_only_where_tax_is_withheld(partner, actor):
    services.set_resident_number(partner=partner, number="991231-3123456", actor=actor)
    partner.refresh_from_db()
    assert "9912313123456" not in partner.resident_number_encrypted
    assert (
        services.reveal_resident_number(partner=partner, actor=actor, reason="신고")
        == "9912313123456"
    )
    change(partner, actor, type={"nonWhtPayer": {}})
    with pytest.raises(Conflict):
        services.set_resident_number(partner=partner, number="991231-3123456", actor=actor)
    services.set_resident_number(partner=partner, number="", actor=actor)
    partner.refresh_from_db()
    assert partner.resident_number_encrypted == ""


def proved_meanwhile(**facts):
    """While the look-up was on its way, somebody brought an answer of their own."""

    def silent(*asked):
        Partner.objects.update(**facts)
        raise LookUpSilent("응답이 없습니다.")

    return silent


def test_a_bank_that_falls_silent_takes_no_proof_away_that_came_meanwhile(
    partner, actor, monkeypatch
):
    """The partner was unpayable for an hour, until the bank was asked again."""
    stale = Partner.objects.select_related("workspace").get()
    proof = proved_meanwhile(account_status="VERIFIED", account_holder_found="홍길동")
    monkeypatch.setattr(sandbox.SandboxHolderCheck, "look_up", proof)
    monkeypatch.setattr("partners.services.checks.ThreadPoolExecutor", OneThread)
    services.check_holders(partners=[stale], actor=actor)
    partner.refresh_from_db()
    assert partner.account_status == "VERIFIED"


def test_a_tax_office_that_falls_silent_takes_no_proof_away_that_came_meanwhile(
    contract, new_partner, actor, monkeypatch
):
    row = new_partner(type={"business": BUSINESS})
    stale = Partner.objects.select_related("workspace").get()
    proof = proved_meanwhile(business_status="IN_BUSINESS")
    monkeypatch.setattr(sandbox.SandboxBusinessRegistry, "statuses", proof)
    services.check_businesses(partners=[stale], actor=actor)
    row.refresh_from_db()
    assert row.business_status == "IN_BUSINESS"
