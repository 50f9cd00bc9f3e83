"""Decide what is sent: payouts are claimed by a job, which then writes and mails (h.7)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Permission, Workspace
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition_all
from core.jobs.models import Job
from core.jobs.services import start_job
from payouts.models import (
    Payout,
    PayoutStatus,
    Statement,
    StatementTemplate,
    StatementTemplateVersion,
)

KIND = "payouts.send_statements"
SUBJECT_LENGTH = 100
RETRIED = (Statement.Failure.NO_ADDRESS, Statement.Failure.REFUSED, Statement.Failure.STOPPED)
"""Causes after which surely no mail left; an unknown one is sent again only by choice."""


@transaction.atomic
def start_sending(
    *,
    workspace: Workspace,
    payouts: QuerySet[Payout],
    actor: Actor,
    template: StatementTemplate,
    subject: str = "",
) -> Job:
    """Send the statements of these payouts, first ones and repeated ones, as one job.

    Of the payouts, those that are not paid or already wait to be sent are left alone. Raises
    Conflict when none is left or the template is archived, InvalidRequest for a bad subject.
    """
    actor.require(Permission.PAYOUT_WRITE)
    if template.is_archived:
        raise Conflict("보내지 않았습니다. 보관한 템플릿입니다.")
    return _start(workspace, payouts, actor, template.current, _checked(subject))


@transaction.atomic
def retry_failed(*, workspace: Workspace, actor: Actor, causes: Collection[str]) -> list[Job]:
    """Send again what failed for these causes, each as it was to be sent. One job per sending.

    Raises Conflict when nothing failed so, InvalidRequest for a cause that is no safe one.
    """
    actor.require(Permission.PAYOUT_WRITE)
    if not set(causes) <= set(RETRIED):
        raise InvalidRequest("보내지 않았습니다. 이미 나갔을 수 있는 메일은 골라서 보내 주세요.")
    failed = rows(Statement, workspace).filter(status="SEND_FAILED", failure__in=causes)
    before = Job.objects.filter(pk__in=failed.values("job")).order_by("pk")
    jobs = [_repeat(job, failed.filter(job=job), actor) for job in before]
    if not jobs:
        raise Conflict("보내지 않았습니다. 다시 보낼 실패가 없습니다.")
    return jobs


def _repeat(job: Job, failed: QuerySet[Statement], actor: Actor) -> Job:
    version = StatementTemplateVersion.objects.get(pk=job.params["version"])
    payouts = Payout.objects.filter(pk__in=failed.values("payout"))
    return _start(job.workspace, payouts, actor, version, job.params["subject"])


def _checked(subject: str) -> str:
    """One line; a line break in a header would start another header."""
    tidy = " ".join(subject.split())
    if len(tidy) > SUBJECT_LENGTH:
        raise InvalidRequest(
            _("보내지 않았습니다. 메일 제목은 %(most)s자까지입니다.") % {"most": SUBJECT_LENGTH}
        )
    return tidy


def _start(
    workspace: Workspace,
    payouts: QuerySet[Payout],
    actor: Actor,
    version: StatementTemplateVersion,
    subject: str,
) -> Job:
    job = start_job(
        workspace=workspace,
        actor=actor,
        kind=KIND,
        title="정산내역서 발송",
        params={"version": version.pk, "subject": subject},
    )
    _claim(job, payouts, actor)
    count = rows(Statement, workspace).filter(job=job).count()
    if not count:
        raise Conflict("보내지 않았습니다. 지급이 끝났고 발송 대기 중이 아닌 지급이 없습니다.")
    Job.objects.filter(pk=job.pk).update(total_count=count, title=f"정산내역서 {count:,}건 발송")
    job.refresh_from_db()
    return job


def _give_up_failed_jobs(workspace: Workspace, paid: QuerySet[Payout], actor: Actor) -> None:
    """What a failed job left unwritten is free: it may fail for ever, and nobody can cancel it."""
    left = rows(Statement, workspace).filter(
        payout__in=paid.order_by().values("pk"),
        status="SEND_PREPARED",
        message=None,
        job__status=Job.Status.FAILED,
    )
    transition_all(
        left,
        "SEND_FAILED",
        workspace=workspace,
        actor=actor,
        failure=Statement.Failure.STOPPED,
    )


def _claim(job: Job, payouts: QuerySet[Payout], actor: Actor) -> None:
    """Each statement waits for one job: one that waits for another is not taken from it."""
    paid = payouts.filter(workspace=job.workspace, status=PayoutStatus.SUCCEEDED)
    _give_up_failed_jobs(job.workspace, paid, actor)
    transition_all(
        Statement.objects.filter(payout__in=paid.values("pk")),
        "SEND_PREPARED",
        workspace=job.workspace,
        actor=actor,
        object_id=job.public_id,
        job=job,
        message=None,
        failure="",
        error="",
    )
    untold = paid.filter(statement=None).order_by("pk").values_list("pk", flat=True)
    made = Statement.objects.bulk_create(
        (
            Statement(workspace=job.workspace, public_id=new_id("st"), payout_id=pk, job=job)
            for pk in untold
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    if made:
        record(
            "statement.send_prepared",
            workspace=job.workspace,
            object_type="statement",
            object_id=job.public_id,
            actor=actor,
            changes={"status": "SEND_PREPARED", "count": len(made)},
        )
