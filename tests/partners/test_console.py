"""The pages as a person uses them: what is shown, to whom, and what a press does."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from core.business_number import is_valid
from core.companies.models import Role
from core.companies.services import add_member
from core.events.actors import Actor
from core.events.models import Event
from core.jobs.models import Job
from core.jobs.services import run_job
from partners import inputs, services
from partners.errors import CounterpartyOngoingTaxInvoiceExists
from partners.models import (
    Contract,
    Partner,
    PartnerVersion,
    PlatformSetting,
    PropertyDefinition,
)
from tests.cast import Cast, assemble
from tests.partners.bodies import BUSINESS, account
from tests.partners.test_imports import HEADER, SHOP, WRITER

LIVE = "/console/market-a/live"


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def workspace(cast):
    return cast.live


@pytest.fixture
def other_workspace(cast):
    return cast.foreign


@pytest.fixture
def client(cast) -> Client:
    return signed_in(cast.finance)


@pytest.fixture
def viewer(cast) -> Client:
    return signed_in(cast.viewer)


@pytest.fixture(autouse=True)
def own_sandbox(settings, tmp_path):
    settings.SANDBOX_DIR = tmp_path


def signed_in(member) -> Client:
    browser = Client()
    browser.force_login(member.user)
    return browser


def page(client, path, status=200):
    answer = client.get(f"{LIVE}/{path}")
    assert answer.status_code == status, answer
    return answer.content.decode()


def press(client, path, **data):
    """A POST; the text of the page one lands on, or of the refused form."""
    return client.post(f"{LIVE}/{path}", data, follow=True).content.decode()


CONTRACT = {
    "public_id": "vip",
    "name": "우수",
    "fee_kind": "rate",
    "fee_rate": "12.5",
    "fee_vat_payer": "MERCHANT",
    "cycle_type": "MONTHLY",
    "month_days": "15, 31",
    "lag_days": "3",
    "date_policy": "HOLIDAY_AFTER",
}
PARTNER = {
    "public_id": "shop",
    "name": "초록상회",
    "type": "BUSINESS",
    "tags": "식품, 서울",
    "business_registration_number": "123-45-00018",
    "company_name": "초록상회",
    "representative_name": "김초록",
    "taxation_type": "NORMAL",
    "bank": "KOOKMIN",
    "account_number": "004-12-345678",
    "account_holder": "김초록",
    "currency": "KRW",
    "contact_name": "김초록",
    "contact_email": "shop@example.com",
}


def edit_of(partner, **changes):
    kept = PARTNER | {
        "name": partner.name,
        "type": partner.type,
        "tags": ", ".join(partner.tags),
        "business_registration_number": partner.business_registration_number,
        "company_name": partner.company_name,
        "representative_name": partner.representative_name,
        "bank": partner.bank,
        "account_number": "",
        "account_holder": partner.account_holder,
        "contact_name": partner.contact_name,
        "contact_email": partner.contact_email,
        "default_contract": partner.default_contract_id,
    }
    return {k: v for k, v in kept.items() if k != "public_id"} | changes


# Contracts and policies


def test_a_contract_is_made_from_words(client, workspace):
    text = press(client, "contracts/+new", **CONTRACT)
    assert "만들었습니다" in text
    row = Contract.objects.get()
    assert (row.workspace, row.fee_rate, row.cycle_days) == (workspace, 12_500, [15, 31])
    for words in ("12.5%", "15일, 말일", "고객사 부담", "버전 1"):
        assert words in text
    assert "12.5%" in page(client, "contracts")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"fee_rate": "100.1"}, "100%를 넘을 수 없습니다"),
        ({"fee_rate": "열"}, "소수 셋째 자리까지"),
        ({"fee_rate": ""}, "값을 적어 주세요"),
        ({"fee_kind": "amount"}, "값을 적어 주세요"),
        ({"month_days": "32"}, "1부터 31까지"),
        ({"month_days": ""}, "하나 이상 정해"),
        ({"cycle_type": "MANUAL_DATES", "dates": "2월"}, "3/31처럼"),
        ({"cycle_type": "MANUAL_DATES", "dates": "2/30"}, "no such day"),
        ({"public_id": "a/b"}, "영문, 숫자"),
        ({"public_id": "schedule"}, "아이디로 쓸 수 없습니다"),
        ({"lag_days": "11"}, "10"),
    ],
)
def test_wrong_contracts_come_back_with_the_reason(client, wrong, says):
    assert says in press(client, "contracts/+new", **CONTRACT | wrong)
    assert not Contract.objects.exists()


def test_a_change_is_shown_before_it_is_made(client, contract):
    change = CONTRACT | {"name": "기본", "fee_rate": "7.7"}
    text = press(client, "contracts/basic/edit", **change)
    for words in ("이렇게 바뀝니다", "10%", "7.7%", "파트너는 0곳", "정산 시작일"):
        assert words in text
    contract.refresh_from_db()
    assert contract.fee_rate == 10_000
    text = press(client, "contracts/basic/edit", **change, confirmed="1")
    assert "지금부터 적용됩니다" in text
    contract.refresh_from_db()
    assert contract.fee_rate == 7_700


def test_back_from_the_preview_keeps_what_was_typed(client, contract):
    change = CONTRACT | {"name": "기본", "fee_rate": "7.7"}
    text = press(client, "contracts/basic/edit", **change, confirmed="1", edit="1")
    assert 'value="7.7"' in text
    contract.refresh_from_db()
    assert contract.fee_rate == 10_000


def test_nothing_changed_is_said(client, contract):
    same = CONTRACT | {
        "name": "기본",
        "fee_rate": "10",
        "fee_vat_payer": "PARTNER",
        "month_days": "31",
        "lag_days": "2",
        "date_policy": "HOLIDAY_BEFORE",
    }
    assert "바뀐 값이 없어" in press(client, "contracts/basic/edit", **same)


def opened(text):
    """What a page remembers to have shown when it was opened."""
    found = re.findall(r'name="(initial-[^"]+)"(?: value="([^"]*)")?', text)
    return {name: [unescape(value) for key, value in found if key == name] for name, _ in found}


def test_what_another_has_saved_meanwhile_stays(client, contract):
    """Two people have the page open; the second to save changed another field than the first."""
    typed = CONTRACT | {"name": "기본", "lag_days": "2", "date_policy": "HOLIDAY_BEFORE"}
    mine = opened(page(client, "contracts/basic/edit"))
    assert mine["initial-fee_rate"] == ["10"]
    press(client, "contracts/basic/edit", **typed | {"fee_rate": "7.7"}, confirmed="1")

    change = typed | {"fee_rate": "10", "memo": "여름"}
    text = press(client, "contracts/basic/edit", **change | mine)
    assert "1개 항목 변경 저장" in text
    assert opened(text) == mine
    press(client, "contracts/basic/edit", **change | opened(text), confirmed="1")
    contract.refresh_from_db()
    assert (contract.fee_rate, contract.memo) == (7_700, "여름")


def test_a_property_another_has_changed_meanwhile_stays(client, contract, shop):
    data = {"object_type": "PARTNER", "key": "grade", "name": "등급"}
    press(client, "properties", **data)
    mine = opened(page(client, "partners/shop/edit"))
    press(client, "partners/shop/edit", **edit_of(shop, property_grade="A"), confirmed="1")
    change = edit_of(shop, memo="새 메모", property_grade="") | mine
    assert "1개 항목" in press(client, "partners/shop/edit", **change)
    press(client, "partners/shop/edit", **change, confirmed="1")
    shop.refresh_from_db()
    assert (shop.memo, shop.properties) == ("새 메모", {"grade": "A"})


def test_parts_of_an_account_another_has_changed_meanwhile_stay(client, contract, shop):
    """Otherwise the old bank would be put to the new number."""
    mine = opened(page(client, "partners/shop/edit"))
    another = {"bank": "SHINHAN", "account_number": "110-123-456789"}
    press(client, "partners/shop/edit", **edit_of(shop, **another), confirmed="1")
    change = edit_of(shop, account_holder="김초록(초록상회)") | mine
    press(client, "partners/shop/edit", **change, confirmed="1")
    shop.refresh_from_db()
    assert (shop.bank, shop.account_number) == ("SHINHAN", "110123456789")
    assert shop.account_holder == "김초록(초록상회)"


def test_parts_of_a_cycle_another_has_changed_meanwhile_stay(client, contract):
    typed = CONTRACT | {
        "name": "기본",
        "fee_rate": "10",
        "fee_vat_payer": "PARTNER",
        "month_days": "31",
        "lag_days": "2",
        "date_policy": "HOLIDAY_BEFORE",
    }
    mine = opened(page(client, "contracts/basic/edit"))
    weekly = {"cycle_type": "WEEKLY", "weekdays": ["MON"], "date_policy": "CALENDAR_DAY"}
    press(client, "contracts/basic/edit", **typed | weekly, confirmed="1")
    press(client, "contracts/basic/edit", **typed | {"lag_days": "5"} | mine, confirmed="1")
    contract.refresh_from_db()
    assert (contract.cycle_type, contract.cycle_days, contract.date_policy, contract.lag_days) == (
        "WEEKLY",
        ["MON"],
        "CALENDAR_DAY",
        5,
    )


def local(moment):
    return moment.astimezone(clock.KST).strftime("%Y-%m-%dT%H:%M")


def test_a_change_may_be_planned_and_dropped(client, contract):
    moment = clock.now() + timedelta(days=30)
    change = CONTRACT | {"name": "기본", "fee_rate": "7.7", "applied_at": local(moment)}
    assert "변경 예약" in press(client, "contracts/basic/edit", **change)
    text = press(client, "contracts/basic/edit", **change, confirmed="1")
    assert "예약했습니다" in text
    planned = contract.versions.get(status="SCHEDULED")
    assert set(planned.update) == {"platformFee", "platformFeeVatPayer", "settlementCycle"}
    assert "변경 예약" in page(client, "contracts?tab=planned")
    assert "예약한 변경을 취소했습니다" in press(client, "contracts/basic/unplan")
    assert not contract.versions.filter(status="SCHEDULED").exists()
    assert "취소하지 않았습니다" in press(client, "contracts/basic/unplan")


def test_a_plan_another_made_meanwhile_is_not_replaced_unseen(client, contract):
    change = CONTRACT | {"name": "기본"}
    change |= {"applied_at": local(clock.now() + timedelta(days=30))}
    mine = press(client, "contracts/basic/edit", **change)
    assert "지금 예약되어 있는 변경은 취소되고" not in mine
    theirs = change | {"fee_rate": "7.7"}
    press(
        client,
        "contracts/basic/edit",
        **theirs,
        **hidden(press(client, "contracts/basic/edit", **theirs)),
    )
    kept = contract.versions.get(status="SCHEDULED")
    assert "다른 사람이 예약을 바꿨습니다" in press(
        client, "contracts/basic/edit", **change, **hidden(mine)
    )
    assert contract.versions.get(status="SCHEDULED") == kept

    again = press(client, "contracts/basic/edit", **change)
    assert "지금 예약되어 있는 변경은 취소되고" in again
    press(client, "contracts/basic/edit", **change, **hidden(again))
    assert contract.versions.get(status="SCHEDULED").content["platformFee"]["rate"] == 12_500


def hidden(confirm_page):
    """What the page before the button carries beside the form."""
    found = re.findall(r'name="(confirmed|replaces)" value="([^"]*)"', confirm_page)
    return dict(found)


def test_a_plan_for_the_past_is_refused(client, contract):
    change = CONTRACT | {"name": "새", "applied_at": "2020-01-01T00:00"}
    assert "지금보다 뒤의 시각" in press(client, "contracts/basic/edit", **change)


def test_policies_are_archived_and_recovered(client, contract):
    assert "보관했습니다" in press(client, "contracts/basic/archive")
    assert "다시 쓸 수 있습니다" in press(client, "contracts/basic/recover")


def test_the_other_policies(client):
    text = press(client, "discount-shares/+new", name="쿠폰", partner_share_rate="30")
    assert "30%" in text
    text = press(
        client,
        "additional-fees/+new",
        name="포장비",
        fee_kind="amount",
        fee_amount="1,500",
        vat_payer="PARTNER",
    )
    assert "1,500원" in text
    assert "쿠폰" in page(client, "discount-shares")
    assert "포장비" in page(client, "additional-fees")


# Partners


def test_a_partner_is_registered_and_seen(client, contract):
    text = press(client, "partners/+new", **PARTNER, default_contract=contract.pk)
    row = Partner.objects.get()
    assert (row.account_number, row.tags) == ("00412345678", ["식품", "서울"])
    for words in ("등록을 마쳤습니다", "****5678", "123-45-00018", "지급되지 않습니다"):
        assert words in text
    assert "00412345678" not in text
    assert "초록상회" in page(client, "partners?q=123-45")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"business_registration_number": "123-45-67890"}, "올바르지 않습니다"),
        ({"company_name": ""}, "사업자에게 필요한"),
        ({"account_number": ""}, "계좌번호를 적어"),
        ({"account_number": "12-ab"}, "숫자로"),
        ({"tags": ",".join("abcdefghijk")}, "10개까지"),
        ({"default_contract": "999"}, "올바르게 선택"),
    ],
)
def test_wrong_partners_come_back_with_the_reason(client, contract, wrong, says):
    assert says in press(
        client, "partners/+new", **{"default_contract": contract.pk} | PARTNER | wrong
    )
    assert not Partner.objects.exists()


def test_the_registration_number_fills_the_form(client, contract):
    text = press(client, "partners/+new", business_registration_number="314-86-01237", look_up="1")
    assert 'value="상회 01237"' in text
    assert "전자상거래" in text
    assert not Partner.objects.exists()
    number = next(f"123459903{d}" for d in range(10) if is_valid(f"123459903{d}"))
    text = press(client, "partners/+new", business_registration_number=number, look_up="1")
    assert "폐업입니다" in text
    number = next(f"123459906{d}" for d in range(10) if is_valid(f"123459906{d}"))
    text = press(client, "partners/+new", business_registration_number=number, look_up="1")
    assert '<option value="SIMPLE" selected>' in text
    text = press(client, "partners/+new", business_registration_number="1", look_up="1")
    assert "10자리" in text


@pytest.fixture
def shop(client, contract) -> Partner:
    press(client, "partners/+new", **PARTNER, default_contract=contract.pk)
    services.run_due_checks()
    return Partner.objects.get()


def test_another_account_says_what_it_means_for_payouts(client, workspace, shop):
    PlatformSetting.objects.filter(workspace=workspace).update(account_change_hold_hours=24)
    change = edit_of(shop, account_number="004-99-999999")
    text = press(client, "partners/shop/edit", **change)
    for words in ("지급되지 않습니다", "24시간", "****5678", "****9999"):
        assert words in text
    assert "저장했습니다" in press(client, "partners/shop/edit", **change, confirmed="1")
    shop.refresh_from_db()
    assert (shop.account_number, shop.account_status) == ("00499999999", "NOT_VERIFIED")


def test_an_edit_touches_only_what_changed(client, shop):
    change = edit_of(shop, memo="새 메모")
    assert "1개 항목" in press(client, "partners/shop/edit", **change)
    press(client, "partners/shop/edit", **change, confirmed="1")
    shop.refresh_from_db()
    assert (shop.memo, shop.account_status, shop.business_status) == (
        "새 메모",
        "VERIFIED",
        "IN_BUSINESS",
    )
    event = Event.objects.filter(kind="partner.updated").get()
    assert event.changes == {"memo": [None, "새 메모"], "version": 2}


def test_versions_stand_side_by_side(client, shop):
    press(client, "partners/shop/edit", **edit_of(shop, name="새상회"), confirmed="1")
    text = page(client, "partners/shop")
    assert "버전 2" in text
    assert "<strong>새상회</strong>" in text


def test_contracts_have_names_before_saving_and_in_versions(client, workspace, contract, shop):
    press(client, "contracts/+new", **CONTRACT)
    other = Contract.objects.get(public_id="vip")
    change = edit_of(shop, default_contract=other.pk)
    before = press(client, "partners/shop/edit", **change)
    assert f"<td>{contract.name}</td>" in before
    assert "<strong>우수</strong>" in before
    press(client, "partners/shop/edit", **change, confirmed="1")
    assert "<strong>우수</strong>" in page(client, "partners/shop")


def test_numbers_are_shown_with_a_reason_and_on_the_record(client, viewer, shop):
    assert "00412345678" in press(client, "partners/shop/reveal", reason="문의")
    assert Event.objects.get(kind="partner.account_revealed").reason == "문의"
    assert viewer.post(f"{LIVE}/partners/shop/reveal", {"reason": "x"}).status_code == 403


def test_any_two_versions_can_be_chosen(client, shop):
    """Seven versions: the newest five are shown, older ones are asked for."""
    for number in range(2, 8):
        press(client, "partners/shop/edit", **edit_of(shop, name=f"상회 {number}"), confirmed="1")

    answer = client.get(f"{LIVE}/partners/shop", {"left": "2", "right": "7"})

    table = answer.context["versions"]
    assert [head.title for head in table.heads] == ["버전 2", "버전 7"]
    names = next(row for row in table.rows if row.label == "이름")
    assert [(cell.text, cell.differs) for cell in names.cells] == [
        ("상회 2", False),
        ("상회 7", True),
    ]
    newest = client.get(f"{LIVE}/partners/shop").context["versions"]
    assert [head.number for head in newest.heads] == ["3", "4", "5", "6", "7"]
    assert newest.hidden_count == 2


def test_resident_numbers_are_kept_seen_and_destroyed(client, viewer, partner):
    path = "partners/seller/resident-number"
    assert "암호화해 저장했습니다" in press(client, path, number="991231-3123456")
    assert "9912313123456" not in page(client, "partners/seller")
    assert "9912313123456" in press(client, f"{path}/reveal", reason="지급명세서")
    assert viewer.post(f"{LIVE}/{path}/reveal", {"reason": "x"}).status_code == 403
    assert "13자리" in press(client, path, number="991231")
    assert "파기했습니다" in press(client, path)
    assert Partner.objects.get().resident_number_encrypted == ""


def test_a_similar_holder_is_accepted_by_a_person(client, contract, new_partner):
    new_partner("twin", account=account("110123998002"))
    services.run_due_checks()
    text = page(client, "partners/twin")
    assert "홍길동(상회)" in text
    assert "같은 예금주로 확인" in text
    assert "이제 이 계좌로 지급할 수 있습니다" in press(
        client, "partners/twin/holder", reason="통장 사본"
    )
    assert Partner.objects.get().account_status == "VERIFIED"


def test_approval(client, workspace, contract, shop):
    Partner.objects.update(status="PENDING")
    assert "승인되지 않은" in page(client, "partners/shop")
    assert "이제 지급할 수 있습니다" in press(client, "partners/shop/approve")
    Partner.objects.update(status="PENDING")
    assert "거절했습니다" in press(client, "partners/shop/reject", reason="서류")


def test_one_partner_is_checked_now(client, contract, new_partner):
    new_partner()
    assert "조회했습니다" in press(client, "partners/seller/check")
    assert Partner.objects.get().account_status == "VERIFIED"


def bulk(client, path, action, **fields):
    """Select every row, read the sheet, fill it in and confirm it."""
    ids = list(Partner.objects.values_list("pk", flat=True))
    sheet = client.post(f"{LIVE}/{path}", {"op": "bulk", "action": action, "id": ids})
    hidden = re.findall(
        r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', sheet.content.decode()
    )
    data: dict[str, list[str]] = {}
    for name, value in hidden:
        data.setdefault(name, []).append(value)
    return client.post(f"{LIVE}/{path}", data | fields, follow=True).content.decode()


def test_many_contracts_are_planned_at_once(client, contract, new_contract, new_partner):
    new_contract("vip")
    for name in "abc":
        new_partner(name)
    Partner.objects.filter(public_id="c").update(connection_status="CONNECTED")
    moment = local(clock.now() + timedelta(days=3))
    asked = {"contract": "gone", "applied_at": moment}
    assert "선택가능항목에 없습니다" in bulk(client, "partners", "contract", **asked)
    text = bulk(client, "partners", "contract", **asked | {"contract": "vip"})
    assert "2곳의 계약 변경을 예약했습니다" in text
    services.apply_due_schedules(now=clock.now() + timedelta(days=4))
    found = Partner.objects.order_by("public_id").values_list("default_contract__public_id")
    assert [row[0] for row in found] == ["vip", "vip", "basic"]


def test_many_partners_are_archived(client, contract, new_partner):
    new_partner("a")
    new_partner("b")
    assert "2곳을 보관했습니다" in bulk(client, "partners", "archive")


def test_who_cannot_be_archived_is_named_beside_those_who_were(
    client, contract, new_partner, monkeypatch
):
    """The page said only why one could not be, as if nothing had happened to the others."""

    def in_use(partner):
        if partner.public_id == "b":
            raise CounterpartyOngoingTaxInvoiceExists()

    monkeypatch.setattr("partners.services.partners.ARCHIVE_GUARDS", [in_use])
    for name in "abc":
        new_partner(name, name=f"상점 {name}")
    text = bulk(client, "partners", "archive")
    assert "2곳을 보관했습니다" in text
    assert "상점 b: 진행 중인 세금계산서가 있어" in text
    assert [p.public_id for p in Partner.objects.filter(is_archived=False)] == ["b"]


def test_a_selection_that_emptied_meanwhile_plans_for_nobody(
    client, contract, new_contract, new_partner, monkeypatch
):
    """No ids ask for everybody: all other partners would have moved to the contract."""
    new_contract("vip")
    for name in "ab":
        new_partner(name)
    asked = {"contract": "vip", "applied_at": local(clock.now() + timedelta(days=3))}
    Partner.objects.filter(public_id="b").update(connection_status="CONNECTED")

    def meanwhile(request):
        Partner.objects.filter(public_id="a").update(connection_status="CONNECTED")
        Partner.objects.filter(public_id="b").update(connection_status="NOT_CONNECTED")

    monkeypatch.setattr("core.console.grid.bulk.claim", meanwhile)
    chosen = Partner.objects.get(public_id="a").pk
    fields = {"op": "bulk", "action": "contract", "id": [chosen], "confirmed": "1:"}
    answer = client.post(f"{LIVE}/partners", fields | asked, follow=True)
    assert "대상이 바뀌었습니다" in answer.content.decode()
    assert not PartnerVersion.objects.filter(status="SCHEDULED").exists()


def test_many_partners_are_checked_by_a_job(client, contract, new_partner):
    for name in "abc":
        new_partner(name, type={"business": BUSINESS})
    bulk(client, "checks", "businesses")
    job = Job.objects.get(kind="partners.check")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == (
        "SUCCEEDED",
        {"holders": {}, "businesses": {"IN_BUSINESS": 3}},
    )


# Files


def upload(client, *lines):
    file = SimpleUploadedFile("partners.csv", "\n".join(lines).encode())
    answer = client.post(f"{LIVE}/partners/+file", {"file": file})
    job = Job.objects.get(kind="partners.preview")
    assert answer.url == f"{LIVE}/partners/+file/{job.public_id}"
    run_job(job.pk)
    return f"partners/+file/{job.public_id}"


def test_a_file_is_previewed_then_registered(client, contract):
    preview = upload(client, HEADER, SHOP, WRITER)
    text = page(client, preview)
    assert "파트너 2곳 등록·변경" in text
    assert not Partner.objects.exists()
    press(client, f"{preview}/register")
    job = Job.objects.get(kind="partners.import")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done_count) == ("SUCCEEDED", 2)
    assert Partner.objects.count() == 2


def test_a_wrong_file_is_not_registered(client, contract):
    preview = upload(client, HEADER, SHOP, WRITER.replace("카카오뱅크", "동해은행"))
    text = page(client, preview)
    assert "모르는 은행" in text
    assert "등록·변경</button>" not in text
    assert "등록하지 않았습니다" in press(client, f"{preview}/register")
    assert not Job.objects.filter(kind="partners.import").exists()


def test_a_file_that_is_no_table_says_so(client):
    assert "파트너 ID" in page(client, upload(client, "이름,은행", "a,b"))


def test_rows_that_became_wrong_meanwhile_are_reported(client, contract, actor):
    preview = upload(client, HEADER, SHOP)
    press(client, f"{preview}/register")
    Contract.objects.update(public_id="renamed")
    job = Job.objects.get(kind="partners.import")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "FAILED"
    assert job.failures.get().column == "기본 계약 ID"
    assert not Partner.objects.exists()


def test_samples_and_exports_come_back(client, contract, shop):
    sample = client.get(f"{LIVE}/partners/+file/sample").content.decode("utf-8-sig")
    assert sample.startswith("파트너 ID,파트너명")
    exported = client.get(f"{LIVE}/partners/+export/csv").content.decode("utf-8-sig")
    assert "****5678" in exported
    assert "이미" not in exported


# Settings and properties


def test_settings_are_changed_by_name(client, workspace):
    page(client, "settlement-settings")
    kept = {"settlement_amount_type": "NET", "account_change_hold_hours": "24", "deduct_wht": "on"}
    assert "저장했습니다" in press(client, "settlement-settings", **kept)
    setting = PlatformSetting.objects.get(workspace=workspace)
    assert (setting.settlement_amount_type, setting.account_change_hold_hours) == ("NET", 24)
    assert not setting.requires_otp
    assert "공급가액" in page(client, "settlement-settings")


def test_a_setting_another_has_changed_meanwhile_stays(cast, client, workspace):
    """Two people have the page open; the first turns the guards of money on."""
    services.ensure_setting(workspace)
    guards = {"requires_otp": False, "requires_second_person": False}
    PlatformSetting.objects.update(**guards)
    mine = opened(page(client, "settlement-settings"))
    on = {"requiresOtp": True, "requiresSecondPerson": True, "accountChangeHoldHours": 24}
    update = inputs.parse(inputs.UpdateSafeguards, on)
    services.update_setting(workspace=workspace, actor=Actor.member(cast.finance), update=update)
    typed = {
        "settlement_amount_type": "GROSS",
        "account_change_hold_hours": "0",
        "default_deposit_memo": "마켓A",
    }
    press(client, "settlement-settings", **typed | mine)
    setting = PlatformSetting.objects.get(workspace=workspace)
    assert setting.default_deposit_memo == "마켓A"
    assert (setting.requires_otp, setting.requires_second_person) == (True, True)
    assert setting.account_change_hold_hours == 24


def test_properties_and_who_sees_them(client, viewer, contract, shop):
    for key, secret in (("grade", ""), ("score", "on")):
        data = {"object_type": "PARTNER", "key": key, "name": f"이름 {key}"}
        press(client, "properties", **data | ({"is_secret": secret} if secret else {}))
    change = edit_of(shop, property_grade="A", property_score="칠점")
    press(client, "partners/shop/edit", **change, confirmed="1")
    for browser, seen in ((client, True), (viewer, False)):
        for path in ("partners/shop", "properties", "partners?cols=name,property_score"):
            assert ("이름 score" in page(browser, path)) == seen, path
        assert ("칠점" in page(browser, "partners/shop")) == seen
        assert ("초록상회" in page(browser, "partners?property=score=칠점")) == seen
        assert "초록상회" in page(browser, "partners?property=grade=A")
    assert "칠점" not in str(list(Event.objects.values_list("changes", flat=True)))


def test_a_property_that_became_secret_meanwhile_stays_secret(client, workspace):
    press(client, "properties", object_type="PARTNER", key="score", name="점수")
    definition = PropertyDefinition.objects.get()
    shown = re.findall(r'name="(was_secret)" value="([^"]*)"', page(client, "properties"))
    press(client, f"properties/{definition.pk}", name="점수", is_secret="on", was_secret="")
    press(client, f"properties/{definition.pk}", name="평점", **dict(shown))
    definition.refresh_from_db()
    assert (definition.name, definition.is_secret) == ("평점", True)


def test_a_property_is_renamed(client, workspace):
    press(client, "properties", object_type="TRANSFER", key="md", name="담당")
    definition = PropertyDefinition.objects.get()
    assert "고쳤습니다" in press(client, f"properties/{definition.pk}", name="담당 MD")
    definition.refresh_from_db()
    assert (definition.name, definition.is_secret) == ("담당 MD", False)


# Who may


READS = [
    "partners",
    "partners/shop",
    "checks",
    "contracts",
    "contracts/basic",
    "discount-shares",
    "additional-fees",
    "settlement-settings",
    "properties",
]
WRITES = [
    "partners/+new",
    "partners/+file",
    "partners/shop/edit",
    "partners/shop/archive",
    "partners/shop/check",
    "partners/shop/approve",
    "contracts/+new",
    "contracts/basic/edit",
    "contracts/basic/archive",
    "settlement-settings",
    "properties",
]


def test_readers_read_and_do_not_write(viewer, client, shop):
    for path in READS:
        assert viewer.get(f"{LIVE}/{path}").status_code == 200, path
    for path in WRITES:
        assert viewer.post(f"{LIVE}/{path}", {}).status_code == 403, path
    for path, button in (("partners", "파트너 등록</a>"), ("contracts", "계약 만들기</a>")):
        assert button in page(client, path)
        assert button not in page(viewer, path)


def test_strangers_and_other_environments_see_nothing(cast, client, shop):
    stranger = signed_in(cast.stranger)
    for path in READS:
        assert stranger.get(f"{LIVE}/{path}").status_code == 404, path
    for path in WRITES:
        assert stranger.post(f"{LIVE}/{path}", {}).status_code == 404, path
    own = add_member(company=cast.market_b, email="owner@b.example", name="비", role=Role.OWNER)
    b = signed_in(own)
    for path in ("partners/shop", "contracts/basic", "partners/shop/edit"):
        assert b.get(f"/console/market-b/live/{path}").status_code == 404, path
        assert client.get(f"/console/market-a/test/{path}").status_code == 404, path
    assert "초록상회" not in b.get("/console/market-b/live/partners").content.decode()


def test_search_and_first_page(client, contract, new_partner):
    new_partner("twin", account=account("110123998001"))
    services.run_due_checks()
    assert "예금주 불일치" in page(client, "")
    found = client.get(f"{LIVE}/search?q=twin")
    assert found.url == f"{LIVE}/partners/twin"


def test_lists_take_few_queries(client, contract, new_partner, django_assert_max_num_queries):
    for number in range(30):
        new_partner(f"s-{number}")
    page(client, "partners")
    for path in ("partners", "checks", "contracts"):
        with django_assert_max_num_queries(25):
            page(client, path)
