from datetime import timedelta

import pytest

from core import clock
from core.errors import Conflict, InvalidRequest
from core.jobs import services as jobs
from core.jobs.models import Job
from tests.cast import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def kind(monkeypatch):
    """Register a function as the job kind `test`."""

    def register(function):
        monkeypatch.setitem(jobs.KINDS, "test", function)

    return register


def start(cast):
    return jobs.start_job(workspace=cast.live, actor=cast.actor, kind="test", title="시험")


def test_a_job_runs_to_its_end_with_its_result(cast, kind):
    kind(lambda run: {"rows": 3})
    job = jobs.run_job(start(cast).pk)
    assert (job.status, job.result, job.actor_name) == ("SUCCEEDED", {"rows": 3}, "재무")


def test_a_refusal_is_told_and_the_job_can_be_retried_from_its_cursor(cast, kind):
    seen = []

    def work(run):
        seen.append(dict(run.cursor))
        run.progress(cursor={"row": 7})
        if len(seen) == 1:
            raise InvalidRequest("7행의 금액이 올바르지 않습니다.")

    kind(work)
    job = jobs.run_job(start(cast).pk)
    assert (job.status, job.error) == ("FAILED", "7행의 금액이 올바르지 않습니다.")
    jobs.retry_job(job=job, actor=cast.actor)
    job = jobs.run_job(job.pk)
    assert job.status == "SUCCEEDED"
    assert seen == [{}, {"row": 7}]


def test_only_one_worker_gets_a_job(cast, kind):
    kind(lambda run: None)
    job = start(cast)
    assert jobs.run_job(job.pk) is not None
    assert jobs.run_job(job.pk) is None


def test_a_silent_worker_loses_its_job_and_cannot_finish_it(cast, kind):
    kind(lambda run: None)
    job = start(cast)
    long_ago = clock.now() - jobs.STALE_AFTER - timedelta(seconds=1)

    def work(run):
        # while we sleep, somebody else takes the job over
        Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
        kind(lambda other: {"by": "other"})
        assert jobs.run_job(job.pk).result == {"by": "other"}
        return {"by": "first"}

    kind(work)
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("SUCCEEDED", {"by": "other"})


def test_cancelling_stops_a_running_job_at_its_next_step(cast, kind):
    def work(run):
        jobs.cancel_job(job=Job.objects.get(pk=run.job.pk), actor=cast.actor)
        run.progress(stage="다음 단계")
        raise AssertionError("the job went on")

    kind(work)
    assert jobs.run_job(start(cast).pk).status == "CANCELLED"


def test_the_sweeper_finds_waiting_and_abandoned_jobs(cast, kind):
    kind(lambda run: None)
    waiting, running, fresh = start(cast), start(cast), start(cast)
    old = clock.now() - timedelta(minutes=5)
    Job.objects.filter(pk=waiting.pk).update(status_updated_at=old)
    Job.objects.filter(pk=running.pk).update(status="RUNNING", heartbeat_at=old)
    assert jobs.sweep_jobs() == 2
    assert fresh.status == "WAITING"


def test_a_job_that_is_over_cannot_be_cancelled_and_runs_again_to_its_end(cast, kind):
    """A wish kept on a failed job would stop the run that repairs it."""

    def work(run):
        raise InvalidRequest("멈춤")

    kind(work)
    job = jobs.run_job(start(cast).pk)
    with pytest.raises(Conflict, match="이미 끝난 작업입니다"):
        jobs.cancel_job(job=job, actor=cast.actor)
    kind(lambda run: run.progress(stage="다시"))
    jobs.retry_job(job=job, actor=cast.actor)
    assert jobs.run_job(job.pk).status == "SUCCEEDED"


def test_a_wish_to_stop_ends_with_the_run_it_was_for(cast, kind):
    def work(run):
        jobs.cancel_job(job=Job.objects.get(pk=run.job.pk), actor=cast.actor)
        raise InvalidRequest("멈춤")

    kind(work)
    job = jobs.run_job(start(cast).pk)
    assert (job.status, job.cancel_requested_at is None) == ("FAILED", False)
    kind(lambda run: run.progress(stage="다시"))
    jobs.retry_job(job=job, actor=cast.actor)
    assert jobs.run_job(job.pk).status == "SUCCEEDED"
