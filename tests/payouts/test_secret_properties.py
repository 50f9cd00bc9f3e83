"""A payout shows its partner without what the caller may not see (contract.md h.2)."""

from __future__ import annotations

from core.companies.models import Permission
from partners.models import PropertyDefinition
from partners.services import define_property
from tests.api.client import EVERYDAY, Api
from tests.payouts.factories import ACTOR, make_partner, make_ready, owe


def test_secret_properties_are_for_those_with_the_scope(workspace, account, contract):
    for key, is_secret in (("GRADE", False), ("SCORE", True)):
        define_property(
            workspace=workspace,
            actor=ACTOR,
            object_type=PropertyDefinition.ObjectType.PARTNER,
            key=key,
            name=key,
            is_secret=is_secret,
        )
    owe(make_partner(contract, "p1", properties={"GRADE": "A", "SCORE": "97"}), 50_000)
    payout = make_ready(account).payouts.get()
    path = f"/platform/payouts/{payout.public_id}"

    seen = {"GRADE": {"string": "A"}, "SCORE": {"string": "97"}}
    for scopes, expected in (
        (EVERYDAY, seen),
        (EVERYDAY - {Permission.SECRET_VIEW}, {"GRADE": {"string": "A"}}),
    ):
        api = Api(workspace.company, scopes)
        answers = [
            api.get("/platform/payouts", {"filter": {"criteria": {"payoutId": payout.public_id}}}),
            api.get(path),
            api.patch(path, {"memo": "메모"}),
        ]
        assert [status for status, _ in answers] == [200, 200, 200], answers
        (_, many), (_, one), (_, changed) = answers
        for shown in (many["items"][0], one, changed["payout"]):
            assert shown["partner"]["userDefinedProperties"] == expected
