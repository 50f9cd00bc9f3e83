from dataclasses import replace

import pytest

from core.companies.models import Permission
from core.errors import Conflict, Forbidden, InvalidRequest
from core.events.models import Event
from partners import inputs, services
from partners.models import PlatformSetting, PropertyDefinition
from partners.snapshots import setting_snapshot

PARTNER = PropertyDefinition.ObjectType.PARTNER
TRANSFER = PropertyDefinition.ObjectType.TRANSFER


def patch(workspace, actor, **facts):
    update = inputs.parse(inputs.UpdateSafeguards, facts)
    return services.update_setting(workspace=workspace, actor=actor, update=update)


def test_a_workspace_has_the_defaults_of_the_contract(workspace):
    first = services.ensure_setting(workspace)
    assert services.ensure_setting(workspace).pk == first.pk
    snapshot = setting_snapshot(first)
    assert {name: snapshot[name] for name in list(snapshot)[:6]} == {
        "supportsMultipleOrderTransfersPerPartner": False,
        "adjustSettlementDateAfterHolidayIfEarlier": True,
        "deductWht": True,
        "settlementAmountType": "GROSS",
        "manualSettlementPerTransfer": False,
        "isForTest": False,
    }


def test_settings_merge_and_empty_memos_clear(workspace, actor):
    setting = patch(workspace, actor, defaultDepositMemo="정산", settlementAmountType="NET")
    assert setting_snapshot(setting)["defaultDepositMemo"] == "정산"
    setting = patch(workspace, actor, defaultDepositMemo="")
    assert "defaultDepositMemo" not in setting_snapshot(setting)
    assert setting.settlement_amount_type == "NET"
    events = Event.objects.filter(kind="setting.updated").order_by("pk")
    assert [event.changes for event in events] == [
        {"defaultDepositMemo": [None, "정산"], "settlementAmountType": ["GROSS", "NET"]},
        {"defaultDepositMemo": ["정산", None]},
    ]


def test_settings_are_separate(workspace, other_workspace, actor):
    patch(workspace, actor, deductWht=False)
    assert services.ensure_setting(other_workspace).deducts_withholding
    assert PlatformSetting.objects.count() == 2


def define(workspace, actor, key, object_type=PARTNER):
    return services.define_property(
        workspace=workspace, actor=actor, object_type=object_type, key=key, name="이름"
    )


def test_properties_have_keys_and_a_limit(workspace, actor):
    for number in range(10):
        define(workspace, actor, f"key_{number}")
    with pytest.raises(Conflict, match="10개"):
        define(workspace, actor, "one_more")
    assert define(workspace, actor, "key_0", TRANSFER).object_type == TRANSFER
    with pytest.raises(Conflict, match="같은 키"):
        define(workspace, actor, "key_0", TRANSFER)
    with pytest.raises(InvalidRequest):
        define(workspace, actor, "한글", TRANSFER)


def test_a_property_may_be_renamed(workspace, actor):
    definition = define(workspace, actor, "grade")
    services.update_property(definition=definition, actor=actor, name="등급", is_secret=True)
    definition.refresh_from_db()
    assert (definition.name, definition.is_secret, definition.key) == ("등급", True, "grade")
    assert Event.objects.get(kind="property.updated").changes == {
        "name": ["이름", "등급"],
        "is_secret": [False, True],
    }


def test_only_who_may_see_secrets_makes_one_seen(workspace, actor):
    """An API secret without the scope to read secret properties opened them for itself."""
    secret = define(workspace, actor, "score")
    services.update_property(definition=secret, actor=actor, name="점수", is_secret=True)
    program = replace(actor, permissions=frozenset({Permission.PROPERTY_WRITE}))
    with pytest.raises(Forbidden):
        services.update_property(definition=secret, actor=program, name="점수", is_secret=False)
    assert PropertyDefinition.objects.get().is_secret
    services.update_property(definition=secret, actor=program, name="평점", is_secret=True)
    assert PropertyDefinition.objects.get().name == "평점"
