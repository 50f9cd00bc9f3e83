from datetime import date

from core.companies.access import workspace_of
from core.events.models import Event
from core.ledger.models import Entry
from core.ledger.queries import balance, trial_balance
from partners.models import PlatformSetting
from settlements.models import PartnerSettlement, Transfer
from settlements.services import SettleOutcome, settle_due
from tests.settlements.factories import (
    make_cancel,
    make_contract,
    make_manual,
    make_order,
    make_partner,
)

OCTOBER = date(2026, 10, 30)
LATER = date(2026, 11, 2)


def test_orders_of_one_key_become_one_settlement(workspace, partner, actor):
    for amount in (10_000, 5_000):
        make_order(partner, OCTOBER, amount)

    outcome = settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    assert outcome == SettleOutcome(transfer_count=2, settlement_count=1, revised_count=0)
    settlement = PartnerSettlement.objects.get()
    assert settlement.status == "PAYOUT_PREPARED"
    assert settlement.revision == 1
    assert settlement.transfer_count == 2
    assert settlement.order_amount == 15_000
    assert settlement.platform_fee_amount == 1_500
    assert settlement.platform_fee_vat_amount == 150
    assert settlement.settlement_amount == 13_350
    assert set(Transfer.objects.values_list("status", "partner_settlement")) == {
        ("SETTLED", settlement.pk)
    }


def test_the_key_is_partner_contract_type_date_and_currency(workspace, contract, partner, actor):
    order = make_order(partner, OCTOBER)
    make_order(make_partner(contract, "other"), OCTOBER)
    other_contract = make_contract(workspace, "other")
    make_order(
        partner,
        OCTOBER,
        contract=other_contract,
        contract_version=other_contract.versions.get(),
    )
    make_order(partner, date(2026, 10, 29))
    make_order(partner, OCTOBER, settlement_currency="USD")
    make_cancel(order, OCTOBER)
    make_manual(partner, OCTOBER, -500)

    outcome = settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    assert outcome.settlement_count == 7


def test_what_is_not_due_and_other_workspaces_stay(workspace, partner, actor):
    later = make_order(partner, LATER)
    scheduled = make_order(partner, LATER, status="SCHEDULED", settlement_start_date=LATER)
    test_workspace = workspace_of(workspace.company, test=True)
    elsewhere = make_order(make_partner(make_contract(test_workspace)), OCTOBER)

    outcome = settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    assert outcome == SettleOutcome(0, 0, 0)
    for transfer in (later, scheduled, elsewhere):
        transfer.refresh_from_db()
        assert transfer.partner_settlement is None
    assert not Event.objects.filter(kind="transfer.settled").exists()


def test_running_again_changes_nothing(workspace, partner, actor):
    make_order(partner, OCTOBER)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    again = settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    assert again == SettleOutcome(0, 0, 0)
    assert PartnerSettlement.objects.get().revision == 1
    assert Entry.objects.count() == 1


def test_a_late_transfer_joins_the_open_settlement_as_a_revision(workspace, partner, actor):
    make_order(partner, OCTOBER, 10_000)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)
    make_order(partner, OCTOBER, 1_000)

    outcome = settle_due(workspace=workspace, as_of=LATER, actor=actor)

    assert outcome == SettleOutcome(transfer_count=1, settlement_count=0, revised_count=1)
    settlement = PartnerSettlement.objects.get()
    assert settlement.revision == 2
    assert settlement.transfer_count == 2
    assert settlement.settlement_amount == 8_900 + 890
    entries = Entry.objects.filter(key__startswith=f"settlement:{settlement.public_id}:")
    assert [(entry.key[-1], entry.posted_on) for entry in entries.order_by("key")] == [
        ("1", OCTOBER),
        ("2", LATER),
    ]
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == -9_790


def test_a_late_transfer_opens_another_settlement_when_the_first_is_not_open(
    workspace, partner, actor
):
    make_order(partner, OCTOBER, 10_000)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)
    PartnerSettlement.objects.update(status="CONFIRMED")
    make_order(partner, OCTOBER, 1_000)

    outcome = settle_due(workspace=workspace, as_of=LATER, actor=actor)

    assert outcome == SettleOutcome(transfer_count=1, settlement_count=1, revised_count=0)
    assert list(
        PartnerSettlement.objects.order_by("pk").values_list("settlement_amount", flat=True)
    ) == [8_900, 890]


def test_manual_transfers_settle_alone_when_the_workspace_says_so(workspace, partner, actor):
    PlatformSetting.objects.create(workspace=workspace, settles_manual_per_transfer=True)
    for amount in (1_000, 2_000):
        make_manual(partner, OCTOBER, amount)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)
    make_manual(partner, OCTOBER, 3_000)

    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    amounts = PartnerSettlement.objects.values_list("settlement_amount", "revision")
    assert sorted(amounts) == [(1_000, 1), (2_000, 1), (3_000, 1)]


def test_the_ledger_holds_every_side_of_an_order(workspace, partner, actor):
    make_order(
        partner,
        OCTOBER,
        10_000,
        discount_amount=2_000,
        discount_share_amount=1_000,
        payment_amount=8_000,
        payment_supply_amount=7_273,
        payment_vat_amount=727,
        payment_vat_burden_amount=727,
        additional_fee_amount=500,
        additional_fee_vat_amount=50,
        settlement_amount=10_000 - 727 - 1_000 - 100 - 500 - 50 - 1_000,
    )

    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    assert trial_balance(workspace) == {
        "ADDITIONAL_FEE_REVENUE": -500,
        "DISCOUNT_EXPENSE": 1_000,
        "FEE_REVENUE": -1_000,
        "ORDER_CLEARING": 8_000,
        "PARTNER_PAYABLE": -6_623,
        "PAYMENT_VAT_BURDEN": -727,
        "VAT_ACCRUED": -150,
    }


def test_a_users_formula_balances_through_its_own_account(workspace, partner, actor):
    make_order(partner, OCTOBER, 10_000, settlement_amount=9_500)

    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    assert balance(workspace, "FORMULA_DIFFERENCE") == 600
    assert balance(workspace, "PARTNER_PAYABLE") == -9_500


def test_an_order_and_its_full_cancel_leave_zero_in_every_account(workspace, partner, actor):
    order = make_order(partner, OCTOBER)
    make_cancel(order, LATER)

    settle_due(workspace=workspace, as_of=LATER, actor=actor)

    assert set(trial_balance(workspace).values()) == {0}


def test_one_run_leaves_one_event_with_counts(workspace, partner, actor):
    make_order(partner, OCTOBER)
    make_manual(partner, OCTOBER, 100)

    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    event = Event.objects.get(kind="transfer.settled")
    assert event.changes == {
        "as_of": "2026-10-30",
        "count": 2,
        "settlements": 2,
        "revised": 0,
    }
    assert set(Entry.objects.values_list("event", flat=True)) == {event.pk}
