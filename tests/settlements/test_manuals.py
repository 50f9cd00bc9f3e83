from datetime import date, timedelta

import pytest

from core import clock
from core.events.models import Event
from core.ledger.queries import balance
from partners.errors import CurrencyNotSupported, PartnerNotFound, UserDefinedPropertyNotFound
from partners.inputs import parse
from partners.models import PlatformSetting, PropertyDefinition
from settlements import errors
from settlements.inputs import ManualInput
from settlements.models import PartnerSettlement
from settlements.services import register_manual

TOMORROW = clock.today() + timedelta(days=1)


def manual(partner_id: str = "seller", amount: int = 5_000, **fields) -> ManualInput:
    body = {
        "partnerId": partner_id,
        "settlementAmount": amount,
        "settlementDate": TOMORROW.isoformat(),
    }
    return parse(ManualInput, body | fields)


def test_a_manual_amount_waits_for_its_day(workspace, partner, actor):
    transfer = register_manual(
        workspace=workspace,
        actor=actor,
        manual=manual(memo="보전", settlementTaxFreeAmount=1_000),
    )

    assert (transfer.type, transfer.status) == ("MANUAL", "IN_PROCESS")
    assert transfer.public_id.startswith("trs-")
    assert transfer.settlement_tax_free_amount == 1_000
    assert transfer.settlement_currency == "KRW"
    assert not PartnerSettlement.objects.exists()
    event = Event.objects.get(object_id=transfer.public_id)
    assert event.kind == "transfer.registered"
    assert event.changes["settlement_currency"] == "KRW"


def test_a_manual_amount_that_is_due_is_settled_at_once(workspace, partner, actor):
    transfer = register_manual(
        workspace=workspace,
        actor=actor,
        manual=manual(amount=-700, settlementDate=clock.today().isoformat()),
    )

    assert transfer.status == "SETTLED"
    assert transfer.partner_settlement.settlement_amount == -700
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == 700


def test_only_the_given_amount_is_settled_at_once(workspace, partner, actor):
    waiting = register_manual(workspace=workspace, actor=actor, manual=manual())
    type(waiting).objects.update(settlement_date=date(2026, 1, 1))

    register_manual(
        workspace=workspace, actor=actor, manual=manual(settlementDate=clock.today().isoformat())
    )

    waiting.refresh_from_db()
    assert waiting.status == "IN_PROCESS"


def test_what_is_refused(workspace, partner, actor):
    def register(**fields):
        register_manual(workspace=workspace, actor=actor, manual=manual(**fields))

    with pytest.raises(PartnerNotFound):
        register(partner_id="nobody")
    with pytest.raises(CurrencyNotSupported):
        register(settlementCurrency="GBP")
    with pytest.raises(UserDefinedPropertyNotFound):
        register(userDefinedProperties=[{"key": "TEAM", "value": {"string": "x"}}])
    register(id="mine")
    with pytest.raises(errors.TransferIdAlreadyUsed):
        register(id="mine")
    PlatformSetting.objects.create(workspace=workspace, settles_manual_per_transfer=True)
    with pytest.raises(errors.NegativeAmountNotAllowed):
        register(amount=-1)


def test_known_properties_are_kept(workspace, partner, actor):
    PropertyDefinition.objects.create(
        workspace=workspace, object_type="TRANSFER", key="TEAM", name="팀"
    )

    transfer = register_manual(
        workspace=workspace,
        actor=actor,
        manual=manual(userDefinedProperties=[{"key": "TEAM", "value": {"string": "영업"}}]),
    )

    assert transfer.properties == {"TEAM": "영업"}
