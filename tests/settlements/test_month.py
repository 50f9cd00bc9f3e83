"""One month of a marketplace: orders, cancels in time and late, corrections, and what is owed."""

from datetime import date

import pytest

from core.ledger.queries import balances_by_subject, trial_balance
from partners.inputs import parse
from settlements.inputs import ManualInput
from settlements.models import PartnerSettlement, SettlementStatus, Transfer
from settlements.queries import (
    SettlementFilter,
    count_by_status,
    payable_settlements,
    settlements_matching,
    signed_totals,
    totals_by_status,
)
from settlements.services import (
    follow_payout,
    hold_settlements,
    register_cancel,
    register_manual,
    register_order,
    restore_settlements,
    settle_due,
)
from tests.settlements.factories import (
    ACTOR,
    broken_truths,
    cancel_input,
    line,
    make_contract,
    make_discount_policy,
    make_partner,
    order_input,
)

SEPTEMBER_END, OCTOBER_END = date(2023, 9, 27), date(2023, 10, 31)


@pytest.fixture
def market(workspace):
    """김포농장 sells at 10 %, 한빛서점 at 20 % with VAT borne by the market."""
    make_partner(make_contract(workspace), "farm")
    contract = make_contract(
        workspace, "books", platformFee={"fixedRate": 20_000}, platformFeeVatPayer="MERCHANT"
    )
    make_partner(contract, "books")
    make_discount_policy(workspace)
    return workspace


def sell(market, partner: str, day: str, **wire) -> Transfer:
    payment = {"currency": "KRW", "paidAt": f"{day}T03:00:00Z"}
    order = order_input(partner, externalPaymentDetail=payment, **wire)
    return register_order(workspace=market, actor=ACTOR, order=order)


def take_back(market, order: Transfer, day: str, **wire) -> Transfer:
    when = {"cancelledAt": f"{day}T03:00:00Z"}
    cancel = cancel_input(order, externalCancellationDetail=when, **wire)
    return register_cancel(workspace=market, actor=ACTOR, cancel=cancel)


def settle(market, day: date):
    return settle_due(workspace=market, actor=ACTOR, as_of=day)


def move(market, settlements, *statuses: str) -> None:
    ids = [settlement.pk for settlement in settlements]
    for status in statuses:
        follow_payout(
            workspace=market, settlement_ids=ids, to=SettlementStatus(status), actor=ACTOR
        )


def owed(market) -> dict[str, int]:
    return {
        partner: -balance
        for partner, balance in balances_by_subject(market, "PARTNER_PAYABLE").items()
    }


def test_a_month(market):
    apples = sell(
        market,
        "farm",
        "2023-09-05",
        amount=None,
        orderDetail={"orderLines": [line("apple", 30_000, 4), line("pear", 15_000, 2)]},
        discounts=[{"sharePolicyId": "half", "amount": 10_000}],
    )
    novel = sell(market, "books", "2023-09-07", amount=18_000)
    sell(market, "books", "2023-09-20", amount=12_500)
    take_back(
        market,
        apples,
        "2023-09-12",
        orderDetail={"orderLines": [{"productId": "pear", "quantity": 1}]},
    )

    # September: nothing before its day, then one settlement per partner and kind
    assert settle(market, date(2023, 9, 26)).settlement_count == 0
    assert settle(market, SEPTEMBER_END).settlement_count == 3
    assert owed(market) == {
        # 150,000 − 15,000 − 1,500 − 5,000, less a pear of 15,000 − 1,500 − 150
        "farm": 128_500 - 13_350,
        # 30,500 − 6,100, no VAT
        "books": 24_400,
    }
    assert broken_truths(market) == {}

    # 한빛서점 is held until it answers, 김포농장 is paid
    books = PartnerSettlement.objects.filter(partner__public_id="books")
    farm = PartnerSettlement.objects.filter(partner__public_id="farm")
    hold_settlements(workspace=market, settlements=books, actor=ACTOR, reason="소명 대기")
    assert {each.partner.public_id for each in payable_settlements(market)} == {"farm"}
    move(market, farm, "CONFIRMED", "IN_PAYOUT", "PAID_OUT")
    assert set(apples.cancels.values_list("status", flat=True)) == {"PAID_OUT"}

    # a late order cannot join what is held: it opens a settlement of its own
    sell(market, "books", "2023-09-21", amount=1_000)
    assert settle(market, date(2023, 10, 2)).settlement_count == 1
    held = books.filter(status="PAYOUT_WITHHELD")
    restore_settlements(workspace=market, settlements=held, actor=ACTOR)
    assert count_by_status(market)["PAYOUT_PREPARED"] == 2

    # after the payout: the apples come back, the novel too, and a correction is made by hand
    take_back(market, apples, "2023-10-05")
    take_back(market, novel, "2023-10-06", orderDetail={"orderAmount": 9_000})
    correction = parse(
        ManualInput,
        {"partnerId": "farm", "settlementAmount": 5_000, "settlementDate": "2023-10-31"},
    )
    register_manual(workspace=market, actor=ACTOR, manual=correction)
    settle(market, OCTOBER_END)

    october = settlements_matching(market, SettlementFilter(settlement_dates=[OCTOBER_END]))
    assert {(each.partner.public_id, each.type): each.signed_amount for each in october} == {
        ("farm", "ORDER_CANCEL"): -(128_500 - 13_350),
        ("books", "ORDER_CANCEL"): -7_200,
        ("farm", "MANUAL"): 5_000,
    }
    assert owed(market) == {"farm": 5_000, "books": 24_400 + 800 - 7_200}
    assert sum(trial_balance(market).values()) == 0

    # whatever was sold and taken back left nothing but the correction
    totals = signed_totals(Transfer.objects.filter(partner__public_id="farm"))
    assert {name: total for name, total in totals.items() if total} == {"settlement_amount": 5_000}
    unpaid = totals_by_status(PartnerSettlement.objects.exclude(status="PAID_OUT"))
    assert [(each.status, each.settlement_amount) for each in unpaid] == [
        ("PAYOUT_PREPARED", 24_400 + 800 - 7_200 + 5_000 - 115_150)
    ]
    assert broken_truths(market) == {}
