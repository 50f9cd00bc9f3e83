"""Selecting and generating: who is paid, who is carried, who is skipped, and nothing twice."""

from dataclasses import asdict
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Conflict
from partners.models import PlatformSetting
from partners.services.versions import version_of
from payouts import errors
from payouts.models import BulkPayout, Payout, PayoutItem
from payouts.queries.content import content_hash
from payouts.queries.funds import funds
from payouts.services import (
    cancel_bulk_payout,
    cancel_payouts,
    complete_payout,
    create_bulk_payout,
    drain,
    generate_payouts,
    select_settlements,
    set_memos,
    unselect_settlements,
)
from settlements.errors import PartnerSettlementsNotFound
from settlements.models import PartnerSettlement
from settlements.queries import SettlementFilter, find_settlements
from settlements.services import (
    exclude_settlements,
    hold_settlements,
    restore_settlements,
    settle_due,
)
from tests.payouts.factories import (
    ACTOR,
    DUE,
    books,
    make_partner,
    make_ready,
    make_started,
    owe,
    settlement_statuses,
    transfer_statuses,
)
from tests.settlements.factories import make_manual

EVERYTHING = PartnerSettlement.objects.all()


def create(account, **facts) -> BulkPayout:
    return create_bulk_payout(workspace=account.workspace, actor=ACTOR, name="10월", **facts)


def selected(bulk_payout) -> set[int]:
    items = PayoutItem.objects.filter(bulk_payout=bulk_payout, released_at=None)
    return set(items.values_list("settlement_amount", flat=True))


def test_the_filter_selects_what_is_payable(account, contract) -> None:
    a, b = make_partner(contract, "a"), make_partner(contract, "b")
    owe(a, 1_000, 2_000)
    held, excluded = owe(b, 4_000, 8_000)
    ids = PartnerSettlement.objects.filter
    hold_settlements(
        workspace=account.workspace, settlements=ids(pk=held.pk), actor=ACTOR, reason="분쟁"
    )
    exclude_settlements(
        workspace=account.workspace, settlements=ids(pk=excluded.pk), actor=ACTOR, reason="현금"
    )
    bulk_payout = create(account)
    assert selected(bulk_payout) == {1_000, 2_000}
    assert select_settlements(bulk_payout=bulk_payout, settlements=EVERYTHING, actor=ACTOR) == 0
    cancel_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
    one_day = create(account, wanted=SettlementFilter(settlement_dates=[DUE]))
    assert selected(one_day) == {1_000}


def test_unselecting_and_selecting_again(account, contract) -> None:
    partner = make_partner(contract)
    first, _ = owe(partner, 1_000, 2_000)
    bulk_payout = create(account)
    one = PartnerSettlement.objects.filter(pk=first.pk)
    assert unselect_settlements(bulk_payout=bulk_payout, settlements=one, actor=ACTOR) == 1
    assert selected(bulk_payout) == {2_000}
    assert select_settlements(bulk_payout=bulk_payout, settlements=one, actor=ACTOR) == 1
    assert unselect_settlements(bulk_payout=bulk_payout, actor=ACTOR) == 2
    with pytest.raises(errors.NoSelectedPartnerSettlements):
        generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)


def test_a_workspace_selects_one_bulk_payout_at_a_time(account, contract) -> None:
    owe(make_partner(contract), 1_000)
    create(account)
    with pytest.raises(errors.ActiveBulkPayoutAlreadyExists):
        create(account)


def test_nothing_payable_creates_nothing(account) -> None:
    with pytest.raises(errors.NoPayablePartnerSettlements):
        create(account)
    assert not BulkPayout.objects.exists()


def test_the_agency_pays_won_only_and_needs_an_account(workspace, contract) -> None:
    owe(make_partner(contract), 1_000)
    wanted = SettlementFilter(settlement_currencies=["USD"])
    facts = {"workspace": workspace, "actor": ACTOR, "name": "10월"}
    with pytest.raises(errors.CurrencyNotSupportedForAgencyMethod):
        create_bulk_payout(**facts, wanted=wanted)
    with pytest.raises(errors.VirtualAccountNotAllocated):
        create_bulk_payout(**facts)


def test_the_database_keeps_a_settlement_in_one_live_payout(account, contract) -> None:
    owe(make_partner(contract), 1_000)
    bulk_payout = make_ready(account)
    item = PayoutItem.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutItem.objects.create(
            workspace=account.workspace,
            bulk_payout=bulk_payout,
            partner_settlement=item.partner_settlement,
        )


def test_the_database_keeps_a_payout_the_sum_of_its_items(account, contract) -> None:
    owe(make_partner(contract), 1_000)
    make_ready(account)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="items are 1000 won"), transaction.atomic():
        Payout.objects.update(settlement_amount=1_001, supply_amount=1_001, amount=1_001)


def test_payouts_freeze_terms_and_account(account, contract) -> None:
    partner = make_partner(contract, "wht", type="WHT_PAYER")
    owe(partner, 6_889)
    make_ready(account)
    partner.account_holder = "바뀐 예금주"
    partner.save()
    version_of(partner, number=2, actor=ACTOR).save()
    payout = Payout.objects.get()
    assert (payout.amount, payout.income_tax_amount, payout.local_income_tax_amount) == (
        6_669,
        200,
        20,
    )
    assert (payout.account_holder, payout.account_number) == ("홍길동", partner.account_number)
    assert (payout.partner_type, payout.deducts_withholding) == ("WHT_PAYER", True)
    assert settlement_statuses(partner) == ["CONFIRMED"]
    assert transfer_statuses(partner) == {"PAYOUT_CONFIRMED"}


def test_a_negative_partner_is_carried_and_offset_next_time(account, bank, contract) -> None:
    good, bad = make_partner(contract, "good"), make_partner(contract, "bad")
    owe(good, 1_000)
    owe(bad, 500, -800)
    bulk_payout = create(account)
    generation = generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    assert (generation.payout_count, generation.total) == (1, 1_000)
    assert [(left.partner_id, left.amount) for left in generation.carried] == [("bad", -300)]
    assert settlement_statuses(bad) == ["PAYOUT_PREPARED", "PAYOUT_PREPARED"]
    bulk_payout.refresh_from_db()
    assert bulk_payout.report["carried"] == [asdict(left) for left in generation.carried]

    (new,) = owe(bad, 1_000, on=DUE.replace(day=31))
    following = create(account, wanted=SettlementFilter(settlement_dates=[new.settlement_date]))
    assert selected(following) == {1_000, 500, -800}
    generate_payouts(bulk_payout=following, actor=ACTOR)
    payout = Payout.objects.get(bulk_payout=following)
    assert payout.amount == 700
    assert sorted(payout.items.values_list("settlement_amount", flat=True)) == [-800, 500, 1_000]


def test_vat_on_top_that_outweighs_what_is_owed_is_carried_too(
    account, workspace, contract
) -> None:
    """Taxable refunds beside tax-free sales: 1,000 owed, but −99,000 × 10 % VAT on top."""
    PlatformSetting.objects.create(workspace=workspace, settlement_amount_type="NET")
    seller = make_partner(
        contract,
        "seller",
        type="BUSINESS",
        business_registration_number="1234567891",
        taxation_type="NORMAL",
    )
    make_manual(seller, DUE, 1_000, settlement_tax_free_amount=100_000)
    settle_due(workspace=workspace, actor=ACTOR, as_of=DUE)
    owe(make_partner(contract, "other"), 500)
    assert [line.carried_count for line in funds(account).expected] == [1]
    assert funds(account).expected_amount == 500
    generation = generate_payouts(bulk_payout=create(account), actor=ACTOR)
    assert (generation.payout_count, generation.total) == (1, 500)
    assert [(left.partner_id, left.amount, left.reasons) for left in generation.carried] == [
        ("seller", 1_000, ["부가세를 더하면 음수라 다음 지급에서 상계"])
    ]
    ids = [PartnerSettlement.objects.get(partner=seller).public_id]
    with pytest.raises(errors.NegativePayoutAmountPartners):
        complete_payout(workspace=workspace, settlement_ids=ids, bulk_payout_id="bp-1", actor=ACTOR)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (
            {"account_status": "VERIFY_FAILED"},
            "예금주가 다릅니다. 계좌를 고치거나 예금주를 확인해 주세요.",
        ),
        ({"account_status": "NOT_VERIFIED"}, "예금주를 아직 조회하지 않았습니다."),
        ({"status": "PENDING"}, "승인되지 않은 파트너입니다."),
    ],
)
def test_a_partner_that_cannot_be_paid_is_skipped_with_its_reason(
    account, contract, facts, reason
) -> None:
    good, bad = make_partner(contract, "good"), make_partner(contract, "bad", **facts)
    owe(good, 1_000)
    owe(bad, 2_000)
    generation = generate_payouts(bulk_payout=create(account), actor=ACTOR)
    assert generation.total == 1_000
    assert [(left.partner_id, left.reasons) for left in generation.skipped] == [("bad", [reason])]
    assert settlement_statuses(bad) == ["PAYOUT_PREPARED"]


def test_a_settlement_held_after_selection_is_left_out(account, contract) -> None:
    partner = make_partner(contract)
    _, held = owe(partner, 1_000, 2_000)
    bulk_payout = create(account)
    hold_settlements(
        workspace=account.workspace,
        settlements=PartnerSettlement.objects.filter(pk=held.pk),
        actor=ACTOR,
        reason="분쟁",
    )
    assert generate_payouts(bulk_payout=bulk_payout, actor=ACTOR).total == 1_000
    assert settlement_statuses(partner) == ["CONFIRMED", "PAYOUT_WITHHELD"]


def test_what_joined_the_settlement_after_selection_is_paid_too(account, contract) -> None:
    partner = make_partner(contract)
    owe(partner, 1_000)
    bulk_payout = create(account)
    owe(partner, 300)
    assert generate_payouts(bulk_payout=bulk_payout, actor=ACTOR).total == 1_300


def test_generating_twice_is_refused(account, contract) -> None:
    owe(make_partner(contract), 1_000)
    bulk_payout = make_ready(account)
    with pytest.raises(Conflict):
        generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    with pytest.raises(Conflict):
        select_settlements(bulk_payout=bulk_payout, settlements=EVERYTHING, actor=ACTOR)


def test_the_fingerprint_covers_amount_and_account_but_not_memos(account, contract) -> None:
    owe(make_partner(contract), 1_000)
    bulk_payout = make_ready(account)
    before = content_hash(bulk_payout)
    assert bulk_payout.totals_hash == before
    set_memos(payouts=bulk_payout.payouts.all(), memos={"deposit_memo": "10월정산"}, actor=ACTOR)
    assert content_hash(bulk_payout) == before
    Payout.objects.update(account_holder="다른 사람")
    assert content_hash(bulk_payout) != before


def test_memos_only_where_empty(account, contract) -> None:
    owe(make_partner(contract, "a"), 1_000)
    owe(make_partner(contract, "b"), 1_000)
    payouts = make_ready(account).payouts.order_by("partner__public_id")
    set_memos(payouts=payouts.filter(partner__public_id="a"), memos={"memo": "하나"}, actor=ACTOR)
    wrote = set_memos(payouts=payouts, memos={"memo": "모두"}, only_empty=True, actor=ACTOR)
    assert wrote == payouts.count() - 1, "one had a memo, which stays"
    assert list(payouts.values_list("memo", flat=True)) == ["하나", "모두"]


def test_cancelling_gives_the_settlements_back(account, contract) -> None:
    partner = make_partner(contract)
    owe(partner, 1_000)
    bulk_payout = make_ready(account)
    cancel_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR, reason="다시 계산")
    assert settlement_statuses(partner) == ["CANCELLED"]
    assert transfer_statuses(partner) == {"SETTLED"}
    again = create(account, wanted=SettlementFilter(statuses=["CANCELLED"]))
    assert generate_payouts(bulk_payout=again, actor=ACTOR).total == 1_000


def test_cancelling_while_selecting_leaves_settlements_as_they_were(account, contract) -> None:
    partner = make_partner(contract)
    owe(partner, 1_000)
    cancel_bulk_payout(bulk_payout=create(account), actor=ACTOR)
    assert settlement_statuses(partner) == ["PAYOUT_PREPARED"]
    assert not PayoutItem.objects.exists()


def test_cancelling_one_payout_changes_the_fingerprint(account, contract) -> None:
    owe(make_partner(contract, "a"), 1_000)
    owe(make_partner(contract, "b"), 2_000)
    bulk_payout = make_ready(account)
    before = bulk_payout.totals_hash
    some = bulk_payout.payouts.filter(partner__public_id="a")
    assert cancel_payouts(workspace=account.workspace, payouts=some, actor=ACTOR) == 1
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "PREPARED"
    assert bulk_payout.totals_hash != before


def test_a_returned_settlement_is_paid_by_another_payout_and_the_old_one_dies(
    account, bank, contract
) -> None:
    partner = make_partner(contract, ending="999412")
    (settlement,) = owe(partner, 1_000)
    old = make_started(account)
    drain(workspace=account.workspace)
    restore_settlements(
        workspace=account.workspace,
        settlements=PartnerSettlement.objects.filter(pk=settlement.pk),
        actor=ACTOR,
    )
    new = make_ready(account, "11월")
    assert list(old.payouts.values_list("status", flat=True)) == ["CANCELLED"]
    assert list(new.payouts.values_list("amount", flat=True)) == [1_000]


def test_complete_payout_books_what_was_paid_by_hand(workspace, contract) -> None:
    a, b = make_partner(contract, "a"), make_partner(contract, "b", type="WHT_PAYER")
    ids = [settlement.public_id for settlement in owe(a, 1_000, -400) + owe(b, 100_000)]
    done = complete_payout(
        workspace=workspace, settlement_ids=ids, bulk_payout_id="bp-1", actor=ACTOR
    )
    assert (done.payout_count, done.settlement_count) == (2, 3)
    assert (done.bulk_payout.status, done.bulk_payout.method) == ("COMPLETED", "DIRECT")
    assert set(settlement_statuses(a, b)) == {"PAID_OUT"}
    balances = books(type("Account", (), {"workspace": workspace}))
    assert balances == {
        "MANUAL_ADJUSTMENT": 100_600,
        "DIRECT_PAYMENT": -97_300,
        "WITHHOLDING_PAYABLE": -3_300,
    }


def test_complete_payout_refuses_in_the_order_of_the_contract(workspace, contract) -> None:
    partner = make_partner(contract)
    plus, minus = owe(partner, 1_000, -3_000)

    def complete(ids, bulk_payout_id="bp-1"):
        return complete_payout(
            workspace=workspace, settlement_ids=ids, bulk_payout_id=bulk_payout_id, actor=ACTOR
        )

    with pytest.raises(errors.NoSelectedPartnerSettlements):
        complete([])
    with pytest.raises(errors.DuplicatedPartnerSettlementIds):
        complete(["none", "none"])
    with pytest.raises(PartnerSettlementsNotFound) as missing:
        complete([plus.public_id, "none"])
    assert missing.value.extra["ids"] == ["none"]
    with pytest.raises(errors.NegativePayoutAmountPartners):
        complete([plus.public_id, minus.public_id])
    assert set(settlement_statuses(partner)) == {"PAYOUT_PREPARED"}
    assert not BulkPayout.objects.exists()
    complete([plus.public_id])
    with pytest.raises(errors.BulkPayoutIdAlreadyExists):
        complete([plus.public_id])
    with pytest.raises(errors.NonPayablePartnerSettlements) as stuck:
        complete([plus.public_id], "bp-2")
    assert stuck.value.extra["ids"] == [plus.public_id]
    with pytest.raises(errors.BulkPayoutIdAlreadyExists):
        complete([minus.public_id])
    assert find_settlements(workspace, [minus.public_id]).get().status == "PAYOUT_PREPARED"


def owe_in(currency: str, partner, amount: int) -> PartnerSettlement:
    settlement = owe(partner, amount)[0]
    PartnerSettlement.objects.filter(pk=settlement.pk).update(settlement_currency=currency)
    return settlement


def test_a_bulk_payout_is_of_one_currency(open_account, contract) -> None:
    won, dollars = owe(make_partner(contract), 1_000)[0], owe_in("USD", make_partner(contract), 30)
    with pytest.raises(Conflict, match="통화를 하나만 골라 주세요: KRW, USD"):
        create(open_account, method="DIRECT")
    wanted = SettlementFilter(settlement_currencies=("USD",))
    bulk_payout = create(open_account, method="DIRECT", wanted=wanted)
    assert bulk_payout.currency == "USD"
    everything = PartnerSettlement.objects.filter(pk__in=[won.pk, dollars.pk])
    select_settlements(bulk_payout=bulk_payout, settlements=everything, actor=ACTOR)
    assert [item.partner_settlement_id for item in bulk_payout.items.all()] == [dollars.pk]


def test_the_fingerprint_is_of_who_is_paid_what_to_which_account(account, contract) -> None:
    """Approvals of earlier versions keep theirs, so its making must not change."""
    owe(make_partner(contract, "a"), 1_000)
    owe(make_partner(contract, "b"), 500)
    bulk_payout = make_ready(account)
    facts = f"{bulk_payout.public_id}:{account.pk}"
    for each in bulk_payout.payouts.order_by("pk"):
        to = f"{each.bank}\x1f{each.account_number}\x1f{each.account_holder}"
        who = each.partner.public_id
        facts += f"{each.public_id}\x1f{who}\x1f{each.amount}\x1fKRW\x1f{to}\x1e"
    assert content_hash(bulk_payout) == sha256(facts.encode()).hexdigest()
