"""A draft over past months: what it would have changed, and that it then does exactly that."""

from datetime import date, timedelta

import pytest
from django.db import connection

from core import clock
from core.errors import InvalidRequest
from core.jobs.models import Job
from core.jobs.services import run_job
from settlements.calculator import DEFAULT_CALCULATOR, Decimal
from settlements.models import (
    AMOUNT_COLUMNS,
    PartnerSettlement,
    SimulatedPartner,
    Simulation,
    Transfer,
)
from settlements.services import (
    create_parameter,
    draft_simulation,
    register_cancel,
    register_order,
    run_simulation,
    save_calculator,
    settle_due,
)
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_manual,
    make_partner,
    order_input,
)

FROM, UNTIL = date(2023, 8, 1), date(2023, 8, 31)


def calculator_draft(settlement: str = "ORDER_AMOUNT - PLATFORM_FEE_AMOUNT - BONUS") -> dict:
    """Formulas with one of the user's own: a thousandth, rounded up."""
    content = DEFAULT_CALCULATOR.to_snapshot()
    formulas = content["settlementFormula"]
    formulas["userDefined"] = [
        {"key": "BONUS", "name": "보너스", "formula": "ORDER_AMOUNT * RATE", "roundType": "UP"}
    ]
    formulas["orderKeys"].append("BONUS")
    formulas["settlement"]["formula"] = settlement
    return {"calculator": content}


def contract_draft(contract, **content) -> dict:
    snapshot = contract.versions.get(number=1).content
    return {"contracts": {contract.public_id: snapshot | content}}


def simulate(workspace, draft: dict, from_date=FROM, until_date=UNTIL) -> Simulation:
    drafted = draft_simulation(
        workspace=workspace, actor=ACTOR, title="초안", draft=draft, changes=[]
    )
    started = run_simulation(
        simulation=drafted, from_date=from_date, until_date=until_date, actor=ACTOR
    )
    job = run_job(started.job_id)
    assert job.status == Job.Status.SUCCEEDED, job.error
    started.refresh_from_db()
    return started


@pytest.fixture
def month(workspace, partner):
    """Orders of every kind of two partners, some cancelled in part or whole."""
    make_discount_policy(workspace)
    make_fee_policy(workspace)
    create_parameter(
        workspace=workspace, actor=ACTOR, key="RATE", name="비율", default=Decimal(1, 3)
    )
    other = make_partner(make_contract(workspace, "other"), "other")

    def sell(**wire) -> Transfer:
        return register_order(workspace=workspace, actor=ACTOR, order=order_input(**wire))

    def cancel(order: Transfer, **wire) -> None:
        body = cancel_input(order, **wire)
        register_cancel(workspace=workspace, actor=ACTOR, cancel=body)

    orders = [sell(amount=amount) for amount in (10_001, 9_999, 3_333)]
    lines = [
        line("A", 5_003, 5, discounts=[{"sharePolicyId": "half", "amount": 2_501}]),
        line("B", 777, 3, additionalFees=[{"policyId": "fee"}]),
    ]
    orders += [
        sell(
            amount=None,
            orderDetail={"orderLines": lines},
            discounts=[{"sharePolicyId": "half", "amount": 1_001}],
            additionalFees=[{"policyId": "fee"}],
            taxFreeAmount=3_001,
            parameters={"RATE": {"decimal": 25, "decimalScale": 4}},
        ),
        sell(partner_id=other.public_id, amount=50_000),
    ]
    cancel(orders[0], orderDetail={"orderAmount": 3_334})
    cancel(orders[0])
    cancel(orders[3], orderDetail={"orderLines": [{"productId": "A", "quantity": 2}]})
    return orders


def table_sizes() -> dict[str, int]:
    tables = [name for name in connection.introspection.table_names() if "simul" not in name]
    with connection.cursor() as cursor:
        sizes = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            sizes[table] = cursor.fetchone()[0]
    return sizes


def test_unchanged_terms_change_nothing_for_anyone(workspace, contract, month):
    simulation = simulate(
        workspace, contract_draft(contract) | {"calculator": DEFAULT_CALCULATOR.to_snapshot()}
    )

    totals = simulation.totals["KRW"]
    assert totals["before"] == totals["after"]
    assert (totals["order_count"], totals["cancel_count"], totals["changed_count"]) == (5, 3, 0)
    assert [each.difference for each in simulation.partners.all()] == [0, 0]


def test_a_lower_fee_moves_won_from_the_company_to_its_partners(workspace, contract, month):
    """Fee 10 % → 5 % on one contract: half of the fee and of its VAT, order by order."""
    draft = contract_draft(contract, platformFee={"type": "FIXED_RATE", "rate": 5_000})

    simulation = simulate(workspace, draft)

    seller, other = simulation.partners.order_by("partner__public_id").reverse()
    # 9,999: fee 999 + VAT 99 → 499 + 49. 3,333: 333 + 33 → 166 + 16. 10,001 is cancelled wholly.
    # 27,346 of lines: 2,734 + 273 → 1,367 + 136, of which two fifths of A came back:
    # 10,006: 1,000 + 100 → 500 + 50.
    assert seller.before_fee_amount - seller.after_fee_amount == (
        (999 + 99 - 499 - 49)
        + (333 + 33 - 166 - 16)
        + (2_734 + 273 - 1_367 - 136)
        - (1_000 + 100 - 500 - 50)
    )
    assert seller.difference == seller.before_fee_amount - seller.after_fee_amount
    assert (other.difference, other.changed_count) == (0, 0)
    totals = simulation.totals["KRW"]
    moved = totals["after"]["settlement_amount"] - totals["before"]["settlement_amount"]
    assert moved == seller.difference


def test_it_writes_nothing_but_its_own_result(workspace, contract, month):
    kept = list(Transfer.objects.order_by("id").values())
    sizes = table_sizes()

    simulate(workspace, calculator_draft())

    grown = {table for table, size in table_sizes().items() if size != sizes[table]}
    assert grown == {"events_event", "jobs_job"}
    assert list(Transfer.objects.order_by("id").values()) == kept


def test_who_turns_negative_counts_what_no_draft_touches(workspace, partner, contract, month):
    """5,000 by hand is taken in the same month; the draft leaves less than that."""
    make_manual(partner, date(2023, 8, 20), -5_000)
    make_manual(partner, date(2023, 9, 20), -9_000_000)
    draft = {"calculator": DEFAULT_CALCULATOR.to_snapshot()}
    draft["calculator"]["settlementFormula"]["settlement"]["formula"] = "ORDER_AMOUNT * 0.1"

    simulation = simulate(workspace, draft)

    seller = simulation.partners.get(partner=partner)
    assert seller.other_amount == -5_000
    assert seller.before_owed == seller.before_amount - 5_000
    assert (seller.after_amount, seller.after_owed) == (3_066, -1_934)
    assert seller.turns_negative
    assert not simulation.partners.exclude(partner=partner).get().turns_negative


def test_cancels_of_orders_from_before_are_kept_as_they_are(workspace, partner, contract):
    order = register_order(workspace=workspace, actor=ACTOR, order=order_input(amount=10_000))
    late = {"externalCancellationDetail": {"cancelledAt": "2023-09-02T03:00:00Z"}}
    cancel = cancel_input(order, **late)
    register_cancel(workspace=workspace, actor=ACTOR, cancel=cancel)
    september = {"currency": "KRW", "paidAt": "2023-09-05T03:00:00Z"}
    new = order_input(amount=20_000, externalPaymentDetail=september)
    register_order(workspace=workspace, actor=ACTOR, order=new)
    draft = contract_draft(contract, platformFee={"type": "FIXED_RATE", "rate": 0})

    simulation = simulate(workspace, draft, date(2023, 9, 1), date(2023, 9, 30))

    only = simulation.partners.get()
    assert (only.before_amount, only.after_amount, only.other_amount) == (17_800, 20_000, -8_900)


def test_what_a_draft_cannot_calculate_keeps_its_terms_and_is_named(workspace, contract, month):
    dollars = {"currency": "USD", "paidAt": "2023-08-11T03:00:00Z"}
    foreign = register_order(
        workspace=workspace,
        actor=ACTOR,
        order=order_input(amount=500, externalPaymentDetail=dollars),
    )
    draft = contract_draft(contract, platformFee={"type": "FIXED_AMOUNT", "amount": 300})

    simulation = simulate(workspace, draft)

    usd = simulation.partners.get(currency="USD")
    assert (usd.before_amount, usd.after_amount) == (445, 445)
    assert [each.raw for each in simulation.job.failures.all()] == [
        {"정산 아이디": foreign.public_id}
    ]


def test_a_stored_result_file_has_every_transfer(workspace, contract, month):
    draft = contract_draft(contract, platformFee={"type": "FIXED_RATE", "rate": 5_000})

    simulation = simulate(workspace, draft)

    simulation.job.refresh_from_db()
    lines = simulation.job.result_file.read().decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 8
    second = next(each for each in lines if each.startswith(month[1].public_id))
    assert second.split(",")[9:] == ["9999", "8901", "9451", "550", "1098", "548"]


def test_running_again_over_other_days_keeps_the_first_result(workspace, contract, month):
    first = simulate(workspace, calculator_draft())

    again = run_simulation(
        simulation=first, from_date=date(2023, 9, 1), until_date=date(2023, 9, 30), actor=ACTOR
    )
    run_job(again.job_id)

    assert again.pk != first.pk
    assert again.draft == first.draft
    assert first.partners.count() == 2
    assert not SimulatedPartner.objects.filter(simulation=again).exists()


@pytest.mark.parametrize(
    ("from_date", "until_date"),
    [
        (date(2023, 9, 1), date(2023, 8, 31)),
        (clock.today() + timedelta(days=40), clock.today() + timedelta(days=60)),
    ],
)
def test_days_that_hold_no_past_are_refused(workspace, month, from_date, until_date):
    drafted = draft_simulation(
        workspace=workspace, actor=ACTOR, title="초안", draft=calculator_draft(), changes=[]
    )
    with pytest.raises(InvalidRequest):
        run_simulation(simulation=drafted, from_date=from_date, until_date=until_date, actor=ACTOR)
    assert not Job.objects.exists()


def test_after_activation_the_real_run_equals_the_simulation(workspace, partner, month):
    """The same orders and cancels come again under the draft, now in force."""
    draft = calculator_draft()
    simulation = simulate(workspace, draft)
    past = Transfer.objects.order_by("id")
    told = {row[0]: row[11] for row in _file_rows(simulation)}
    old_ids = list(past.values_list("public_id", flat=True))

    save_calculator(workspace=workspace, actor=ACTOR, content=draft["calculator"])
    settle_due(workspace=workspace, actor=ACTOR, as_of=clock.today())
    again = come_again(workspace, past.filter(public_id__in=old_ids))
    settle_due(workspace=workspace, actor=ACTOR, as_of=clock.today() + timedelta(days=400))

    real = {old: new.signed_amount for old, new in again.items()}
    assert real == {public_id: int(after) for public_id, after in told.items()}
    after = dict.fromkeys(AMOUNT_COLUMNS, 0)
    for transfer in again.values():
        sign = -1 if transfer.type == "ORDER_CANCEL" else 1
        for column in AMOUNT_COLUMNS:
            after[column] += sign * getattr(transfer, column)
    assert after == simulation.totals["KRW"]["after"]
    for row in simulation.partners.all():
        new = PartnerSettlement.objects.filter(
            partner=row.partner, transfers__in=list(again.values())
        ).distinct()
        assert sum(each.signed_amount for each in new) == row.after_amount


def _file_rows(simulation: Simulation) -> list[list[str]]:
    simulation.job.refresh_from_db()
    lines = simulation.job.result_file.read().decode("utf-8-sig").splitlines()
    return [line.split(",") for line in lines[1:]]


def come_again(workspace, transfers, start: date | None = None) -> dict[str, Transfer]:
    """The same inputs from the wire once more, starting today or on a day to come; new rows by the
    old ones' ids."""
    again: dict[str, Transfer] = {}
    today = (start or clock.today()).isoformat()
    for old in transfers:
        detail = old.detail
        if old.type == "ORDER_CANCEL":
            lines = [
                {"productId": each["product"], "quantity": each["quantity"]}
                for each in detail.get("lines", ())
            ]
            wire = {"orderLines": lines} if lines else {"orderAmount": old.order_amount}
            body = cancel_input(
                again[old.order_transfer.public_id], orderDetail=wire, settlementStartDate=today
            )
            new = register_cancel(workspace=workspace, actor=ACTOR, cancel=body)
        else:
            body = order_input(
                partner_id=old.partner.public_id,
                amount=None if "lines" in detail else old.order_amount,
                settlementStartDate=today,
                parameters=detail.get("parameters", {}),
                **_again(detail),
            )
            new = register_order(workspace=workspace, actor=ACTOR, order=body)
        again[old.public_id] = new
    return again


def _again(detail: dict) -> dict:
    def discounts(holder):
        return [
            {"sharePolicyId": each["policy"], "amount": each["amount"]}
            for each in holder.get("discounts", ())
        ]

    def fees(holder):
        return [{"policyId": policy} for policy in holder.get("additionalFees", ())]

    wire = {"discounts": discounts(detail), "additionalFees": fees(detail)}
    if "taxFreeAmount" in detail:
        wire["taxFreeAmount"] = detail["taxFreeAmount"]
    if "lines" in detail:
        wire["orderDetail"] = {
            "orderLines": [
                {**each, "discounts": discounts(each), "additionalFees": fees(each)}
                for each in detail["lines"]
            ]
        }
    return wire


def test_formulas_of_ones_own_are_told_before_and_after(workspace, partner, month):
    """None before, ⌈0.1 %⌉ of each order after; one order carries a rate of 0.25 %."""
    simulation = simulate(workspace, calculator_draft())

    other, seller = simulation.partners.order_by("partner__public_id")
    assert other.formulas == {"BONUS": [0, 50]}
    # 10,001: 11, all cancelled; 9,999: 10; 3,333: 4; 27,346 at 0.25 %: 69, less A × 2 of it
    taken = -(-10_006 * 25 // 10_000)
    assert seller.formulas == {"BONUS": [0, 10 + 4 + 69 - taken]}
    assert simulation.totals["KRW"]["formulas"] == {"BONUS": [0, 50 + 83 - taken]}
    lines = simulation.job.result_file.read().decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[-3:] == ["지금 보너스 (원)", "초안 보너스 (원)", "보너스 차이 (원)"]
    assert sum(int(line.split(",")[-1]) for line in lines[1:]) == 50 + 83 - taken


def test_formulas_in_force_are_compared_with_the_drafted_ones(workspace, partner, contract):
    create_parameter(
        workspace=workspace, actor=ACTOR, key="RATE", name="비율", default=Decimal(1, 3)
    )
    draft = calculator_draft()
    save_calculator(workspace=workspace, actor=ACTOR, content=draft["calculator"])
    order = order_input(amount=10_001, settlementStartDate=clock.today().isoformat())
    register_order(workspace=workspace, actor=ACTOR, order=order)
    draft["calculator"]["settlementFormula"]["userDefined"][0]["formula"] = "ORDER_AMOUNT * 0.5"

    simulation = simulate(workspace, draft, clock.today(), clock.today())

    assert simulation.partners.get().formulas == {"BONUS": [11, 5_001]}
