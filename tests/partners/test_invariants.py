from datetime import timedelta

import pytest

from core import clock
from core.invariants import violations
from partners import inputs, services
from partners.models import Contract, ContractVersion, Partner, PartnerVersion
from tests.partners.bodies import BUSINESS


@pytest.fixture
def busy(contract, new_partner, actor) -> Partner:
    """A partner with history, a plan, an archive and back, and answered look-ups."""
    partner = new_partner(type={"business": BUSINESS})
    update = inputs.parse(inputs.UpdatePartner, {"memo": "새 메모"})
    services.update_partner(partner=partner, update=update, actor=actor)
    later = inputs.parse(inputs.UpdatePartner, {"memo": "나중"})
    moment = clock.now() + timedelta(days=1)
    services.schedule_update(row=partner, update=later, applied_at=moment, actor=actor)
    services.archive_policy(policy=contract, actor=actor)
    services.run_due_checks()
    return partner


def broken(workspace) -> dict[str, list]:
    return {
        each.invariant.name: list(each.offenders)
        for each in violations(workspace)
        if each.invariant.app == "partners"
    }


def test_honest_work_breaks_nothing(workspace, busy):
    assert broken(workspace) == {}


def test_a_change_behind_the_services_is_found(workspace, busy):
    Contract.objects.update(fee_rate=1)
    Partner.objects.update(account_holder="남")
    assert broken(workspace) == {
        "every contract, policy and partner stands as its last version says": [
            {"kind": "contract", "public_id": "basic", "differs": ["platformFee.rate"]},
            {"kind": "partner", "public_id": "seller", "differs": ["account.holder"]},
        ]
    }


def test_a_row_without_a_version_is_found(workspace, busy):
    ContractVersion.objects.all().delete()
    (found,) = broken(workspace).values()
    assert [row["public_id"] for row in found] == ["basic"]


def test_a_gap_and_a_step_back_in_time_are_found(workspace, busy):
    PartnerVersion.objects.filter(number=2).update(number=3)
    assert [row["number"] for row in broken(workspace).popitem()[1]] == [3]
    PartnerVersion.objects.filter(number=3).update(
        number=2, applied_at=clock.now() - timedelta(days=9)
    )
    assert [row["number"] for row in broken(workspace).popitem()[1]] == [2]


def test_what_a_dead_sweeper_leaves_is_found(workspace, busy):
    PartnerVersion.objects.filter(status="SCHEDULED").update(
        applied_at=clock.now() - timedelta(hours=2)
    )
    Partner.objects.update(checks_due_at=clock.now() - timedelta(hours=2))
    assert set(broken(workspace)) == {
        "no planned change is overdue",
        "no look-up of a holder or business is overdue",
    }


def test_a_person_linked_to_the_tax_office_is_found(workspace, partner):
    services.run_due_checks()
    Partner.objects.update(connection_status="CONNECTED")
    assert set(broken(workspace)) == {"a linked partner is a business with a registration number"}
