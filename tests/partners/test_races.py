"""Two at once. Each race has a control that shows what happens without the guard."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from core import clock
from core.companies.services import create_company
from core.database import connect
from core.events.actors import Actor
from core.jobs.models import Job
from core.jobs.services import run_job, start_job
from partners import inputs, services
from partners.errors import AccountVerificationAlreadyUsed, PartnerIdsAlreadyExist
from partners.imports import partners as imports
from partners.jobs import IMPORT
from partners.models import AccountVerification, Contract, Partner
from partners.services import partners as partner_services
from partners.services import policies, proofs
from tests.partners.bodies import account, contract_body, partner_body
from tests.partners.test_imports import HEADER, WRITER
from tests.partners.test_partners import account_verification
from tests.settlements.threads import PATIENCE, Held, in_thread

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor.system("시험")


@pytest.fixture
def workspace():
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def contract(workspace) -> Contract:
    body = inputs.parse(inputs.CreateContract, contract_body())
    return services.create_contract(workspace=workspace, actor=ACTOR, body=body)


def register(workspace, public_id: str) -> Partner:
    body = partner_body(id=public_id, account=account(accountVerificationId="av-1"))
    return services.create_partner(
        workspace=workspace, actor=ACTOR, body=inputs.parse(inputs.CreatePartner, body)
    )


def two_registrations_with_one_proof(workspace):
    account_verification(workspace)
    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, lambda: register(workspace, "first"))
        second = in_thread(pool, lambda: register(workspace, "second"))
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        return second


def test_a_proof_is_claimed_by_one(workspace, contract):
    second = two_registrations_with_one_proof(workspace)
    with pytest.raises(AccountVerificationAlreadyUsed):
        second.result(PATIENCE)
    assert [p.public_id for p in Partner.objects.all()] == ["first"]


def test_without_the_claim_one_proof_verifies_two(workspace, contract, monkeypatch):
    def claim_late(model, pk):
        unused = model.objects.filter(pk=pk, used_at=None).exists()
        model.objects.filter(pk=pk).update(used_at=clock.now())
        return unused

    monkeypatch.setattr(proofs, "_claim", claim_late)
    two_registrations_with_one_proof(workspace).result(PATIENCE)
    assert Partner.objects.filter(account_status="VERIFIED").count() == 2
    assert AccountVerification.objects.count() == 1


def change(contract: Contract, **facts) -> None:
    update = inputs.parse(inputs.UpdateContract, facts)
    services.update_policy(policy=contract, update=update, actor=ACTOR)


def two_changes(contract) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, lambda: change(contract, memo="먼저"))
        second = in_thread(pool, lambda: change(contract, name="나중"))
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        second.result(PATIENCE)


def test_two_changes_of_one_row_both_count(contract):
    two_changes(contract)
    contract.refresh_from_db()
    assert (contract.name, contract.memo) == ("나중", "먼저")
    assert [v.number for v in contract.versions.order_by("number")] == [1, 2, 3]


def test_without_the_lock_the_first_change_is_lost(contract, monkeypatch):
    monkeypatch.setattr(
        policies, "locked", lambda row: Contract.objects.select_related("workspace").get(pk=row.pk)
    )
    two_changes(contract)
    contract.refresh_from_db()
    assert (contract.name, contract.memo) == ("나중", "")


def test_a_plan_is_applied_once_by_two_sweepers(contract):
    moment = clock.now() + timedelta(days=1)
    update = inputs.parse(inputs.UpdateContract, {"memo": "예약"})
    services.schedule_update(row=contract, update=update, applied_at=moment, actor=ACTOR)

    def sweep() -> int:
        return services.apply_due_schedules(now=moment)

    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, sweep)
        second = in_thread(pool, sweep)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        second.result(PATIENCE)
    assert [v.number for v in contract.versions.order_by("number")] == [1, 2]


def test_a_plan_waits_for_a_change_and_sits_on_top_of_it(workspace, contract):
    moment = clock.now() + timedelta(days=1)
    update = inputs.parse(inputs.UpdateContract, {"platformFee": {"fixedRate": 7_000}})
    services.schedule_update(row=contract, update=update, applied_at=moment, actor=ACTOR)
    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, lambda: change(contract, memo="먼저"))
        second = in_thread(pool, lambda: services.apply_due_schedules(now=moment))
        first.commit()
        second.result(PATIENCE)
    contract.refresh_from_db()
    assert (contract.memo, contract.fee_rate) == ("먼저", 7_000)


def test_an_id_registered_twice_at_once_is_refused_by_name(workspace, contract):
    def make() -> None:
        body = inputs.parse(inputs.CreatePartner, partner_body())
        partner_services.create_partner(workspace=workspace, actor=ACTOR, body=body)

    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, make)
        second = in_thread(pool, make)
        first.commit()
        with pytest.raises(Exception, match="같은 아이디의 파트너"):
            second.result(PATIENCE)
    assert Partner.objects.count() == 1


def job_of(workspace, *lines) -> Job:
    return start_job(
        workspace=workspace,
        actor=ACTOR,
        kind=IMPORT,
        title="파트너 파일 등록",
        input_file=ContentFile("\n".join(lines).encode(), name="partners.csv"),
    )


def test_a_long_import_shows_that_it_lives(workspace, contract, monkeypatch):
    """One transaction, however long: silent for a minute, it was taken over by a second worker,
    which waited for its rows and failed, and the job said so of a file that was registered."""
    job, long_ago = job_of(workspace, HEADER, WRITER), clock.now() - timedelta(hours=1)
    monkeypatch.setattr("core.jobs.services.BEAT_SECONDS", -1)
    existing, seen = imports._existing, []

    def begun(*args, **values):
        with connect() as own:
            own.execute("UPDATE jobs_job SET heartbeat_at = %s", [long_ago])
        return existing(*args, **values)

    def registered(**values):
        with connect() as own:
            seen.extend(own.execute("SELECT heartbeat_at FROM jobs_job").fetchone())

    monkeypatch.setattr(imports, "_existing", begun)
    monkeypatch.setattr(imports, "insert_partners", registered)
    assert run_job(job.pk).status == "SUCCEEDED"
    assert seen > [long_ago]


def test_who_goes_on_with_a_registered_file_tells_what_was_registered(
    workspace, contract, monkeypatch
):
    """It found every row as the file has it, and told that nothing was registered."""
    job = job_of(workspace, HEADER, WRITER)
    with monkeypatch.context() as dying:
        dying.setattr("partners.jobs._tell", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            run_job(job.pk)
    Job.objects.update(heartbeat_at=clock.now() - timedelta(minutes=5))
    assert run_job(job.pk).result["created"] == 1


def test_a_worker_that_lost_its_job_registers_nothing(workspace, contract, monkeypatch):
    job = job_of(workspace, HEADER, WRITER)
    planned = imports._planned

    def taken_over(*args, **values):
        with connect() as own:
            own.execute("UPDATE jobs_job SET claim = 'another'")
        return planned(*args, **values)

    monkeypatch.setattr(imports, "_planned", taken_over)
    assert run_job(job.pk).status == "RUNNING"
    assert not Partner.objects.exists()


def test_a_batch_sent_again_while_it_runs_is_refused_by_name(workspace, contract):
    """A client whose call timed out sends it again; it was told of an error of the server."""

    def batch() -> None:
        bodies = [inputs.parse(inputs.CreatePartner, partner_body(id=name)) for name in "ab"]
        services.create_partners(workspace=workspace, actor=ACTOR, bodies=bodies)

    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, batch)
        second = in_thread(pool, batch)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        with pytest.raises(PartnerIdsAlreadyExist) as refused:
            second.result(PATIENCE)
    assert refused.value.extra["ids"] == ["a", "b"]
    assert Partner.objects.count() == 2
