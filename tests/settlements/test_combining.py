"""Several drafts run and adopted as one, or refused with what stands against it."""

import pytest
from django.test import Client

from core.errors import InvalidRequest
from core.events.models import Event
from core.jobs.services import run_job
from partners.inputs import UpdateContract, parse
from partners.models import Partner
from partners.services import update_policy
from settlements.models import CalculatorVersion, Simulation
from settlements.services import (
    adopt_simulation,
    combine_simulations,
    draft_simulation,
    run_simulation,
)
from settlements.services.combining import NotCombined, fits
from tests.cast import assemble
from tests.settlements.factories import ACTOR, make_contract, make_partner
from tests.settlements.test_adopting import contract, fee_policy, formulas
from tests.settlements.test_simulated_moves import move_draft
from tests.settlements.test_simulations import (
    FROM,
    UNTIL,
    calculator_draft,
    contract_draft,
    month,
    simulate,
)

__all__ = ["month"]


def drafted(workspace, draft, title="초안") -> Simulation:
    changes = [["수수료율", "10%", title]]
    return draft_simulation(
        workspace=workspace, actor=ACTOR, title=title, draft=draft, changes=changes
    )


def combined(*simulations) -> Simulation:
    return combine_simulations(simulations=simulations, title="함께", actor=ACTOR)


def test_all_changes_come_into_one_new_draft(workspace, partner, month):
    other = Partner.objects.get(public_id="other")
    one = drafted(workspace, contract(workspace, partner), "계약안")
    two = drafted(workspace, formulas(workspace, partner), "수식안")
    three = drafted(workspace, move_draft(other, partner.default_contract), "이동안")
    four = drafted(workspace, fee_policy(workspace, partner), "추가 수수료안")

    both = combined(combined(one, two), three, four)

    parts = [each.draft for each in (one, two, three, four)]
    assert both.draft == parts[0] | parts[1] | parts[2] | parts[3]
    assert both.base == {
        "calculator": None,
        "contracts": {"basic": 1},
        "partners": {"other": 1},
        "additionalFeePolicies": {"fee": 1},
    }
    assert [change[3] for change in both.changes] == ["계약안", "수식안", "이동안", "추가 수수료안"]
    assert both.job is None
    assert Event.objects.filter(kind="simulation.drafted", object_id=both.public_id).exists()
    assert Simulation.objects.filter(pk=one.pk, changes=[["수수료율", "10%", "계약안"]]).exists()


def test_contracts_of_two_drafts_stand_side_by_side(workspace, partner, month):
    other = Partner.objects.get(public_id="other").default_contract
    one = drafted(workspace, contract(workspace, partner))
    two = drafted(workspace, contract_draft(other, platformFee={"type": "FIXED_RATE", "rate": 0}))

    both = combined(one, two)

    assert set(both.draft["contracts"]) == {"basic", "other"}
    assert both.base == {"contracts": {"basic": 1, "other": 1}}


def test_together_they_give_what_one_draft_of_all_gives_and_are_adopted(workspace, partner, month):
    parts = [contract(workspace, partner), formulas(workspace, partner)]
    at_once = simulate(workspace, parts[0] | parts[1])
    both = combined(*(drafted(workspace, part) for part in parts))
    started = run_simulation(simulation=both, from_date=FROM, until_date=UNTIL, actor=ACTOR)
    run_job(started.job_id)
    started.refresh_from_db()

    assert started.totals == at_once.totals
    adopt_simulation(simulation=started, actor=ACTOR)
    assert partner.default_contract.versions.count() == 2
    assert CalculatorVersion.objects.get().content == parts[1]["calculator"]


def raised(workspace, partner):
    update = parse(UpdateContract, {"platformFee": {"fixedRate": 9_000}})
    update_policy(policy=partner.default_contract, update=update, actor=ACTOR)


def test_two_that_change_the_same_contract_or_formulas_are_refused(workspace, partner, month):
    one = drafted(workspace, contract(workspace, partner))
    again = drafted(workspace, contract_draft(partner.default_contract))
    with pytest.raises(NotCombined, match="같은 것을 바꿉니다: 계약 'basic'"):
        combined(one, again)
    assert not fits(one, again)

    first, second = (drafted(workspace, calculator_draft()) for _ in range(2))
    with pytest.raises(NotCombined, match="같은 것을 바꿉니다: 계산식"):
        combined(first, one, second)
    assert Simulation.objects.count() == 4


def test_two_upon_different_versions_of_one_contract_are_refused(workspace, partner, month):
    """A partner moves to the contract as it was; the other draft changes it as it is now."""
    other = Partner.objects.get(public_id="other")
    one = drafted(workspace, move_draft(other, partner.default_contract))
    raised(workspace, partner)
    two = drafted(workspace, contract_draft(partner.default_contract))

    assert (one.base["contracts"], two.base["contracts"]) == ({"basic": 1}, {"basic": 2})
    with pytest.raises(NotCombined, match="서로 다른 버전에서 만들어졌습니다: 계약 'basic'"):
        combined(one, two)
    assert not fits(one, two)


def test_adopted_drafts_and_those_without_versions_are_refused(workspace, partner, month):
    done = simulate(workspace, contract(workspace, partner))
    adopt_simulation(simulation=done, actor=ACTOR)
    done.refresh_from_db()
    old = drafted(workspace, fee_policy(workspace, partner))
    Simulation.objects.filter(pk=old.pk).update(base={})
    old.refresh_from_db()
    new = drafted(workspace, formulas(workspace, partner))

    for closed, said in [(done, "이미 채택한"), (old, "어느 버전에서 만든")]:
        with pytest.raises(NotCombined, match=said):
            combined(new, closed)
        assert not fits(new, closed)


def test_one_alone_is_not_together(workspace, partner, month):
    one = drafted(workspace, contract(workspace, partner))

    with pytest.raises(InvalidRequest, match="함께 돌릴 초안을 골라"):
        combined(one, one)


BASE = "/console/market-a/live/simulations"


@pytest.fixture
def cast(db):
    return assemble()


def logged_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def drafts(cast) -> list[Simulation]:
    """Of two contracts, and the first of them once more."""
    make_partner(make_contract(cast.live))
    basic, other = make_contract(cast.live, "basic-2"), make_contract(cast.live, "other")
    wanted = [(basic, "첫째"), (other, "둘째"), (basic, "또 첫째")]
    return [drafted(cast.live, contract_draft(each), title) for each, title in wanted]


def test_what_fits_is_offered_and_run_together(cast, drafts):
    first, second, _ = drafts
    finance = logged_in(cast.finance)
    page = finance.get(f"{BASE}/{first.public_id}")
    assert page.context["beside"] == [second]
    assert f'name="with" value="{second.public_id}"' in page.content.decode()

    answer = finance.post(
        f"{BASE}/{first.public_id}/combine", {"with": [second.public_id]}, follow=True
    )

    both = Simulation.objects.latest("pk")
    assert answer.redirect_chain[-1][0] == f"{BASE}/{both.public_id}"
    assert both.title == "첫째 외 1개"
    shown = answer.content.decode()
    assert shown.index(">첫째<") < shown.index(">둘째<")
    assert "어느 달에 돌려 볼까요?" in shown


def test_a_refusal_leads_back_with_its_reason(cast, drafts):
    first, _, again = drafts
    finance = logged_in(cast.finance)

    for chosen, said in [([again], "같은 것을 바꿉니다: 계약"), ([], "함께 돌릴 초안을 골라")]:
        ids = [each.public_id for each in chosen]
        answer = finance.post(f"{BASE}/{first.public_id}/combine", {"with": ids}, follow=True)
        assert said in answer.content.decode()
    assert Simulation.objects.count() == 3


def test_combining_takes_the_permission_of_drafting(cast, drafts):
    first, second, _ = drafts
    viewer, body = logged_in(cast.viewer), {"with": [second.public_id]}

    page = viewer.get(f"{BASE}/{first.public_id}")
    assert "/combine" not in page.content.decode()
    assert viewer.post(f"{BASE}/{first.public_id}/combine", body).status_code == 403
    stranger = logged_in(cast.stranger)
    assert stranger.post(f"{BASE}/{first.public_id}/combine", body).status_code == 404
    theirs = f"/console/market-b/live/simulations/{first.public_id}/combine"
    assert stranger.post(theirs, body).status_code == 404
    assert Simulation.objects.count() == 3
