"""Start, claim, run, cancel and finish jobs.

A job kind is a function of a `Run`; it must be able to start again from `run.cursor` and do
nothing twice. It runs with no transaction open and commits its own steps.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from time import monotonic, sleep
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Q

from core import clock
from core.bell import ring
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.database import connect
from core.errors import Conflict, DomainError, LostRace
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition
from core.jobs.models import Heartbeat, Job, JobFailure
from core.words import korean

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=60)
"""A running job whose worker has been silent this long may be taken over."""

BEAT_SECONDS = 2.0
BEAT = "UPDATE jobs_job SET heartbeat_at = now() WHERE id = %s AND claim = %s"
WAIT_SECONDS = 0.2
UNFINISHED = frozenset({Job.Status.WAITING, Job.Status.RUNNING})
WORKER = Actor.system("작업자")


class ClaimLost(Exception):
    """Another worker took the job over; this one must stop at once."""


class Cancelled(Exception):
    """The job was asked to stop; what is committed stays."""


class Run:
    """A claimed job: what its function sees."""

    def __init__(self, job: Job, claim: str) -> None:
        self.job = job
        self.claim = claim
        self.workspace = job.workspace
        self.params: dict[str, Any] = job.params
        self.cursor: dict[str, Any] = job.cursor
        self._last_beat = 0.0

    @property
    def actor(self) -> Actor:
        return Actor(self.job.actor_kind, self.job.actor_id, self.job.actor_name)

    def progress(
        self,
        *,
        done: int | None = None,
        failed: int | None = None,
        total: int | None = None,
        stage: str | None = None,
        cursor: dict[str, Any] | None = None,
    ) -> None:
        """Say where we are; raises Cancelled or ClaimLost. A cursor is always written at once."""
        fields: dict[str, Any] = {
            name: value
            for name, value in {
                "done_count": done,
                "failed_count": failed,
                "total_count": total,
                "stage": stage,
                "cursor": cursor,
            }.items()
            if value is not None
        }
        if cursor is None and stage is None and monotonic() - self._last_beat < BEAT_SECONDS:
            return
        self._last_beat = monotonic()
        held = Job.objects.filter(pk=self.job.pk, claim=self.claim, status=Job.Status.RUNNING)
        if not held.update(heartbeat_at=clock.now(), **fields):
            raise ClaimLost
        if held.filter(cancel_requested_at__isnull=False).exists():
            raise Cancelled

    def reject(self, failures: Iterable[JobFailure]) -> None:
        """Keep rows that did not go through, each with its reason."""
        JobFailure.objects.bulk_create(failures, batch_size=1000)


@contextmanager
def beating(run: Run) -> Iterator[Callable[[], None]]:
    """A sign of life while one transaction works on, through a connection of its own."""
    last = monotonic()
    with connect() as own:

        def beat() -> None:
            nonlocal last
            if monotonic() - last > BEAT_SECONDS:
                last = monotonic()
                own.execute(BEAT, [run.job.pk, run.claim])

        yield beat


@contextmanager
def kept_alive(run: Run) -> Iterator[None]:
    """Signs of life while nothing can be counted: a workbook is converted in one go. It is a
    thread: fork after it has ended."""
    over = Signal()

    def beat() -> None:
        with connect() as own:
            while not over.wait(BEAT_SECONDS):
                own.execute(BEAT, [run.job.pk, run.claim])

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


JobFunction = Callable[[Run], dict[str, Any] | None]
KINDS: dict[str, JobFunction] = {}


def job_kind(name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the work of a job kind; apps import theirs in ready()."""

    def register(function: JobFunction) -> JobFunction:
        KINDS[name] = function
        return function

    return register


def start_job(
    *,
    workspace: Workspace,
    actor: Actor,
    kind: str,
    title: str,
    params: dict[str, Any] | None = None,
    input_file: File[bytes] | None = None,
) -> Job:
    """Write the job and ring a worker."""
    if kind not in KINDS:
        raise ValueError(f"no job kind {kind!r}")
    job = Job(
        workspace=workspace,
        public_id=new_id("job"),
        kind=kind,
        title=title,
        params=params or {},
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    if input_file is not None:
        job.input_file = input_file
    job.save()
    ring_job(job)
    return job


def ring_job(job: Job) -> None:
    from core.jobs.tasks import run_job_task  # the shell imports us

    ring(run_job_task, job.pk)


def run_job(job_id: int) -> Job | None:
    """Claim a waiting or abandoned job and run it to its end; None when someone else has it."""
    claim = uuid.uuid4().hex
    if not _claim(job_id, claim):
        return None
    Job.objects.filter(pk=job_id, started_at=None).update(started_at=clock.now())
    job = Job.objects.select_related("workspace__company").get(pk=job_id)
    with korean():  # what a job writes down is Korean
        _run(Run(job, claim))
    job.refresh_from_db()
    return job


def finish_job(job_id: int) -> Job:
    """Run the job here, or wait for the worker that was quicker; returns it when it is over.

    One whose worker died is taken over once its silence is certain (STALE_AFTER).
    """
    while run_job(job_id) is None:
        job = Job.objects.get(pk=job_id)
        if job.status not in UNFINISHED:
            return job
        sleep(WAIT_SECONDS)
    return Job.objects.get(pk=job_id)


def _claim(job_id: int, claim: str) -> bool:
    """Take a waiting job, or one whose worker fell silent. Of two workers one gets it."""
    job = Job.objects.select_related("workspace").get(pk=job_id)
    now = clock.now()
    if job.status == Job.Status.WAITING:
        try:
            transition(job, Job.Status.RUNNING, actor=WORKER, claim=claim, heartbeat_at=now)
        except LostRace:
            return False
        return True
    abandoned = Job.objects.filter(
        pk=job_id, status=Job.Status.RUNNING, claim=job.claim, heartbeat_at__lt=now - STALE_AFTER
    )
    return abandoned.update(claim=claim, heartbeat_at=now) == 1


def _run(run: Run) -> None:
    try:
        run.progress(stage=run.job.stage or "시작")
        result = KINDS[run.job.kind](run)
    except ClaimLost:
        log.warning("job %s was taken over", run.job.public_id)
    except Cancelled:
        _finish(run, Job.Status.CANCELLED)
    except DomainError as error:
        _finish(run, Job.Status.FAILED, error=error.message)
    except Exception:
        log.exception("job %s failed", run.job.public_id)
        _finish(
            run,
            Job.Status.FAILED,
            error="예상하지 못한 오류로 멈췄습니다. 다시 실행하면 이어서 처리합니다.",
        )
    else:
        _finish(run, Job.Status.SUCCEEDED, result=result or {})


@transaction.atomic
def _finish(run: Run, status: str, **fields: Any) -> None:
    job = Job.objects.select_for_update().select_related("workspace").get(pk=run.job.pk)
    if job.claim != run.claim:
        return
    transition(job, status, actor=run.actor, finished_at=clock.now(), claim="", **fields)


def cancel_job(*, job: Job, actor: Actor) -> None:
    """Ask a job to stop. A waiting one stops here; a running one at its next step.

    Raises Conflict when it is over.
    """
    if job.status == Job.Status.WAITING:
        transition(job, Job.Status.CANCELLED, actor=actor, finished_at=clock.now())
    elif job.status == Job.Status.RUNNING:
        _ask_to_stop(job, actor)
    else:
        raise Conflict("중단하지 않았습니다. 이미 끝난 작업입니다.")


@transaction.atomic
def _ask_to_stop(job: Job, actor: Actor) -> None:
    """Only while it runs: a wish kept on a failed job would stop its next run."""
    running = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, cancel_requested_at=None)
    if running.update(cancel_requested_at=clock.now()):
        record(
            "job.stop_requested",
            workspace=job.workspace,
            object_type="job",
            object_id=job.public_id,
            actor=actor,
        )


def retry_job(*, job: Job, actor: Actor) -> None:
    """Run a failed job again from its cursor."""
    transition(
        job,
        Job.Status.WAITING,
        actor=actor,
        error="",
        finished_at=None,
        cancel_requested_at=None,
    )
    ring_job(job)


def sweep_jobs() -> int:
    """Ring again for jobs nobody heard of or whose worker died. Returns how many."""
    silent = clock.now() - STALE_AFTER
    waiting = Q(
        status=Job.Status.WAITING, status_updated_at__lt=clock.now() - timedelta(seconds=10)
    )
    dead = Q(status=Job.Status.RUNNING, heartbeat_at__lt=silent)
    jobs = list(Job.objects.filter(waiting | dead).order_by("pk")[:100])
    for job in jobs:
        ring_job(job)
    return len(jobs)


def beat(name: str) -> None:
    """Note that a process kind is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": clock.now()})
