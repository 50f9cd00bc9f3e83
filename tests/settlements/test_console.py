"""The pages of transfers and settlements, as a member of the company sees them."""

from datetime import date

import pytest
from django.test import Client

from core.console import history
from core.events.models import Event
from core.money import decimals
from partners.models import PropertyDefinition
from partners.services import define_property
from settlements.models import PartnerSettlement, Transfer
from settlements.services import settle_due
from tests.cast import Cast, assemble
from tests.settlements.factories import make_contract, make_manual, make_order, make_partner

DAY = date(2026, 10, 30)
BASE = "/console/market-a/live"


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def partner(cast):
    return make_partner(make_contract(cast.live))


@pytest.fixture
def finance(cast) -> Client:
    client = Client()
    client.force_login(cast.finance.user)
    return client


@pytest.fixture
def settled(cast, partner) -> PartnerSettlement:
    make_order(partner, DAY, order_name="사과 한 상자")
    settle_due(workspace=cast.live, as_of=DAY, actor=cast.actor)
    return PartnerSettlement.objects.get()


def press(client: Client, action: str, settlement: PartnerSettlement, **data: str):
    """Both presses of a bulk action: the sheet, then its button."""
    url = f"{BASE}/settlements?period=all"
    first = {"op": "bulk", "action": action, "id": [settlement.pk]}
    sheet = client.post(url, first)
    proposal = sheet.context["proposal"]
    confirmed = {"confirmed": proposal.fingerprint, "token": proposal.token}
    return client.post(url, first | confirmed | data, follow=True)


def test_lists_show_rows_and_signed_totals(finance, cast, partner, settled):
    make_manual(partner, DAY, -500)
    settle_due(workspace=cast.live, as_of=DAY, actor=cast.actor)

    page = finance.get(f"{BASE}/settlements?period=all").content.decode()
    transfers = finance.get(f"{BASE}/transfers?period=all").content.decode()

    assert "8,900" in page
    assert "8,400" in page
    assert "지급 전 정산금" in page
    assert "사과 한 상자" in transfers
    assert "8,400" in transfers


def test_a_period_of_days_reaches_into_the_future(finance, partner):
    make_order(partner, date(2099, 1, 1), order_name="먼 훗날")

    assert "먼 훗날" in finance.get(f"{BASE}/transfers").content.decode()


def test_orders_that_kept_their_terms_are_found_by_day(finance, partner):
    kept = make_order(partner, DAY, order_name="그대로")
    make_order(partner, DAY, order_name="새 조건")
    Transfer.objects.filter(pk=kept.pk).update(kept_terms_on=DAY)

    page = finance.get(f"{BASE}/transfers?kept_terms={DAY}&period=all").content.decode()

    assert "그대로" in page
    assert "새 조건" not in page


def test_a_settlement_explains_its_amount_and_its_orders(finance, settled):
    page = finance.get(f"{BASE}/settlements/{settled.public_id}").content.decode()

    assert "왜 이 금액?" in page
    assert "사과 한 상자" in page
    assert Transfer.objects.get().public_id in page


def test_holding_asks_for_a_reason_then_holds(finance, settled):
    without = press(finance, "hold", settled)
    settled.refresh_from_db()
    assert settled.status == "PAYOUT_PREPARED"
    assert without.status_code == 200

    press(finance, "hold", settled, reason="소명 대기")
    settled.refresh_from_db()
    assert (settled.status, settled.memo) == ("PAYOUT_WITHHELD", "소명 대기")

    page = finance.get(f"{BASE}/settlements/{settled.public_id}").content.decode()
    assert "지급을 보류했습니다" in page


def test_restoring_excluding_and_deleting(finance, settled):
    press(finance, "exclude", settled, reason="외부 지급")
    press(finance, "restore", settled)
    settled.refresh_from_db()
    assert settled.status == "PAYOUT_PREPARED"

    press(finance, "delete", settled, reason="중복")
    assert not PartnerSettlement.objects.exists()


def test_a_settlement_in_payout_is_skipped_with_its_reason(finance, settled):
    PartnerSettlement.objects.update(status="IN_PAYOUT")

    sheet = finance.post(
        f"{BASE}/settlements?period=all", {"op": "bulk", "action": "hold", "id": [settled.pk]}
    )

    assert sheet.context["proposal"].count == 0
    assert "상태에서만 할 수 있습니다" in sheet.content.decode()


def test_a_transfer_is_deleted_from_its_page(finance, partner):
    order = make_order(partner, date(2099, 1, 1))
    url = f"{BASE}/transfers/{order.public_id}"
    assert "정산건 1건 삭제" in finance.get(url).content.decode()

    finance.post(f"{url}/delete", {"reason": "중복"}, follow=True)

    assert not Transfer.objects.exists()


def test_a_viewer_reads_and_a_stranger_sees_nothing(cast, settled):
    viewer, stranger = Client(), Client()
    viewer.force_login(cast.viewer.user)
    stranger.force_login(cast.stranger.user)
    url = f"{BASE}/settlements/{settled.public_id}"

    assert viewer.get(url).status_code == 200
    assert stranger.get(url).status_code == 404
    assert (
        "정산건 1건 삭제"
        not in viewer.get(f"{BASE}/transfers/{Transfer.objects.get()}").content.decode()
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_leaves_as_a_file(finance, settled, kind):
    response = finance.get(f"{BASE}/settlements?period=all&export={kind}")

    assert response.status_code == 200
    if kind == "csv":
        text = b"".join(response.streaming_content).decode()
        assert "정산 금액 (원)" in text
        assert "8900" in text


@pytest.mark.parametrize("path", ["settlements", "transfers"])
def test_a_list_costs_the_same_whatever_its_length(
    finance, cast, partner, path, django_assert_max_num_queries
):
    for count in (1, 20):
        for _ in range(count):
            make_order(partner, DAY)
        settle_due(workspace=cast.live, as_of=DAY, actor=cast.actor)
        with django_assert_max_num_queries(22):
            finance.get(f"{BASE}/{path}?period=all")


def test_settling_now_says_what_it_did(finance, partner):
    make_order(partner, DAY)

    first = finance.post(f"{BASE}/settlements/+settle", follow=True).content.decode()
    second = finance.post(f"{BASE}/settlements/+settle", follow=True).content.decode()

    assert "정산건 1건을 정산했습니다" in first
    assert "바뀐 것은 없습니다" in second


def test_a_settlement_is_held_and_restored_from_its_own_page(finance, settled):
    page = f"{BASE}/settlements/{settled.public_id}"
    assert [each.name for each in finance.get(page).context["actions"]] == [
        "hold",
        "exclude",
        "delete",
    ]

    press(finance, "hold", settled, reason="소명 대기")

    held = finance.get(page)
    assert [each.name for each in held.context["actions"]] == ["exclude", "restore", "delete"]
    assert "소명 대기" in held.content.decode()


def test_a_secret_property_is_shown_to_owner_and_administrator_alone(cast, finance, partner):
    """Pages, columns, filters and files; whoever may not see it is not even told its name."""
    for key, is_secret in (("MD", True), ("CHANNEL", False)):
        define_property(
            workspace=cast.live,
            actor=cast.actor,
            object_type=PropertyDefinition.ObjectType.TRANSFER,
            key=key,
            name=f"이름 {key}",
            is_secret=is_secret,
        )
    order = make_order(partner, DAY, properties={"MD": "비밀값", "CHANNEL": "앱에서"})
    viewer = Client()
    viewer.force_login(cast.viewer.user)
    columns = "period=all&cols=public_id,property_MD,property_CHANNEL"
    addresses = [
        f"{BASE}/transfers/{order.public_id}",
        f"{BASE}/transfers?{columns}",
        f"{BASE}/transfers?{columns}&export=csv",
        f"{BASE}/transfers?period=all&cols=all&export=csv",
    ]

    def read(client: Client, address: str) -> str:
        return b"".join(client.get(address)).decode()

    for address in addresses:
        assert "비밀값" in read(finance, address), address
        seen = read(viewer, address)
        assert "앱에서" in seen, address
        assert "비밀값" not in seen, address
        assert "이름 MD" not in seen, address
    by_value = f"{BASE}/transfers?period=all&property=MD=비밀값"
    assert order.public_id in read(finance, by_value)
    assert order.public_id not in read(viewer, by_value)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pay-1", ["사과"]),
        ("seller-2", ["배", "seller-2 지원금"]),
        ("seller", ["사과", "사과 사전 예약"]),
        ("지원금", ["seller-2 지원금"]),
        ("사과", ["사과", "사과 사전 예약"]),
        ("없는 말", []),
    ],
)
def test_a_whole_id_finds_what_it_names_and_words_are_found_in_texts(
    finance, cast, partner, words, found
):
    other = make_partner(partner.default_contract, "seller-2", name="둘째 가게")
    for whose, payment, name in (
        (partner, "pay-1", "사과"),
        (partner, "pay-10", "사과 사전 예약"),
        (other, "pay-2", "배"),
        (other, "pay-3", "seller-2 지원금"),
    ):
        make_order(whose, DAY, payment_id=payment, order_name=name)
    page = finance.get(f"{BASE}/transfers", {"period": "all", "q": words})
    assert sorted(row.order_name for row in page.context["grid"].matching) == sorted(found)


@pytest.mark.parametrize(
    ("currency", "stored", "said"),
    [("", "KRW", "−15,000원"), ("USD", "USD", "−15,000.00 USD"), ("JPY", "JPY", "−15,000 JPY")],
)
def test_an_amount_by_hand_is_in_the_partners_currency_or_the_chosen(cast, currency, stored, said):
    make_partner(make_contract(cast.live))
    client = Client()
    client.force_login(cast.finance.user)
    typed = {"partner": "seller", "amount": "−15,000", "settlement_date": "2027-01-29"}

    page = client.post(
        "/console/market-a/live/transfers/+manual", typed | {"currency": currency}, follow=True
    )

    transfer = Transfer.objects.get()
    units = -15_000 * 10 ** decimals(stored)
    assert (transfer.settlement_amount, transfer.settlement_currency) == (units, stored)
    assert f"seller에 {said} 등록을 마쳤습니다." in page.content.decode()


@pytest.mark.parametrize(
    ("currency", "said"), [({}, "1,234원"), ({"settlement_currency": "USD"}, "12.34 USD")]
)
def test_the_history_says_amounts_in_their_currency(currency, said):
    event = Event(kind="transfer.deleted", object_type="transfer", actor_name="한소유")
    event.changes = currency | {"settlement_amount": 1_234}
    assert ("정산 금액", said) in history.story(event).changes
