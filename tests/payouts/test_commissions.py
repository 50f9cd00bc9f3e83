"""What our fees in a payout become on paper."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.money import added_vat
from invoices.models import TaxInvoice
from partners.services import ensure_setting
from payouts.models import Payout
from payouts.services import cancel_payouts, create_bulk_payout, generate_payouts
from payouts.services.invoicing import Commission, commissions_of, invoice_payouts
from settlements.models import PartnerSettlement
from settlements.queries import SettlementFilter
from tests.payouts.factories import ACTOR, DUE, make_partner, make_ready, owe
from tests.settlements.factories import make_contract

BUSINESS = {
    "type": "BUSINESS",
    "business_registration_number": "1248100998",
    "company_name": "상회",
    "representative_name": "김",
    "taxation_type": "NORMAL",
}


@pytest.fixture
def contract(workspace):
    return make_contract(workspace)


def test_commissions_are_the_fees_of_orders_less_those_of_cancels(account, contract) -> None:
    """1,000 and VAT of 100 on top, less 110 that hold their VAT of 10."""
    owe(make_partner(contract), 5_000, 100)
    payout = make_ready(account).payouts.get()
    orders = {"contract": contract, "start_date_from": DUE, "start_date_until": DUE}
    more, less = payout.items.order_by("-settlement_amount").values_list("partner_settlement")
    of = PartnerSettlement.objects.filter
    with transaction.atomic():
        of(pk__in=more).update(
            type="ORDER", platform_fee_amount=1_000, platform_fee_vat_amount=100, **orders
        )
        of(pk__in=less).update(type="ORDER_CANCEL", additional_fee_amount=110, **orders)
        found = commissions_of([payout])
        transaction.set_rollback(True)  # no transfer stands behind these fees
    assert found == {payout.pk: Commission(supply=900, vat=90)}


@given(supply=st.integers(1, 10**11), off=st.integers(-(10**6), 10**6).filter(lambda off: off != 0))
def test_documents_of_a_commission_add_up_and_each_is_accepted(supply, off):
    commission = Commission(supply, max(added_vat(supply) + off, 0))
    documents = commission.documents()
    assert sum(document.supply for document in documents) == commission.supply
    assert sum(document.vat for document in documents) == commission.vat
    assert all(abs(each.vat - added_vat(each.supply)) <= 1_000 for each in documents)


def test_a_seller_of_many_orders_gets_as_many_documents_as_are_accepted(account, contract):
    """50,000 orders whose VAT was cut each: 22,500 won less than a tenth, in 23 documents."""
    owe(make_partner(contract, **BUSINESS), 5_000)
    payout = make_ready(account).payouts.get()

    def invoice():
        return invoice_payouts(
            workspace=account.workspace,
            payouts=Payout.objects.all(),
            write_date=DUE,
            actor=ACTOR,
            name="10월",
        )

    with transaction.atomic():
        PartnerSettlement.objects.update(
            type="ORDER",
            contract=contract,
            start_date_from=DUE,
            start_date_until=DUE,
            platform_fee_amount=225_225_000,
            platform_fee_vat_amount=22_500_000,
        )
        [bulk] = invoice()
        again = invoice()
        TaxInvoice.objects.filter(bulk=bulk, purpose_key__endswith="#7/23").update(
            deleted_at=clock.now()
        )
        [seventh] = invoice()
        PartnerSettlement.objects.update(platform_fee_vat_amount=22_000_000)
        split_otherwise = invoice()
        invoices = list(TaxInvoice.objects.filter(bulk=bulk).order_by("pk"))
        transaction.set_rollback(True)  # no transfers stand behind these fees

    assert again == []
    assert seventh.public_id != bulk.public_id
    assert split_otherwise == [], "it has its documents"
    assert [each.purpose_key for each in invoices] == [
        f"commission:{payout.public_id}#{number}/23" for number in range(1, 24)
    ]
    assert {each.provider_error for each in invoices} == {""}
    assert sum(each.total_supply_amount for each in invoices) == 225_225_000
    assert sum(each.total_tax_amount for each in invoices) == 22_500_000


@pytest.fixture
def seller(contract):
    return make_partner(contract, **BUSINESS)


@pytest.fixture
def invoiced(account, seller, monkeypatch):
    """Documents of every payout that is not cancelled, as amounts by what they are for."""
    setting = ensure_setting(account.workspace)
    setting.requests_supply_invoices = True
    setting.save()
    fees = {"platform_fee_amount": 1_000, "platform_fee_vat_amount": 100}

    def invoice() -> dict[str, int]:
        with transaction.atomic():
            PartnerSettlement.objects.update(
                type="ORDER",
                contract=seller.default_contract,
                start_date_from=DUE,
                start_date_until=DUE,
                **fees,
            )
            invoice_payouts(
                workspace=account.workspace,
                payouts=Payout.objects.exclude(status="CANCELLED"),
                write_date=DUE,
                actor=ACTOR,
                name="10월",
            )
            PartnerSettlement.objects.update(
                type="MANUAL",
                contract=None,
                start_date_from=None,
                start_date_until=None,
                platform_fee_amount=0,
                platform_fee_vat_amount=0,
            )
        made = TaxInvoice.objects.filter(deleted_at=None)
        return {each.purpose_key: each.total_supply_amount for each in made}

    return invoice


def pay_anew(account) -> Payout:
    """What was cancelled and what is new, in one payout."""
    live = Payout.objects.exclude(status="CANCELLED")
    assert cancel_payouts(workspace=account.workspace, payouts=live, actor=ACTOR)
    bulk_payout = create_bulk_payout(
        workspace=account.workspace,
        actor=ACTOR,
        name="다시",
        wanted=SettlementFilter(statuses=("CANCELLED", "PAYOUT_PREPARED")),
    )
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    return bulk_payout.payouts.get()


def test_what_is_paid_anew_after_a_cancel_is_invoiced_once(account, seller, invoiced):
    owe(seller, 11_000)
    first = make_ready(account).payouts.get()
    before = invoiced()
    assert before == {
        f"commission:{first.public_id}": 1_000,
        f"supply:taxable:{first.public_id}": 10_000,
    }
    owe(seller, 22_000)
    second = pay_anew(account)
    assert invoiced() == before | {
        f"commission:{second.public_id}": 1_000,
        f"supply:taxable:{second.public_id}": 20_000,
    }


def test_what_is_paid_anew_is_invoiced_when_its_documents_are_gone(account, seller, invoiced):
    owe(seller, 11_000)
    make_ready(account)
    invoiced()
    TaxInvoice.objects.update(deleted_at=clock.now())
    second = pay_anew(account)
    assert invoiced() == {
        f"commission:{second.public_id}": 1_000,
        f"supply:taxable:{second.public_id}": 10_000,
    }
