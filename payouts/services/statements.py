"""Issue statements for paid payouts and send them (contract.md h.7).

A statement's bytes are written once; sending again sends the same file. A payout has one
statement, so running twice issues and mails nothing twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition, transition_all
from core.notifications.models import Message
from core.notifications.services import Letter, prepare
from core.rendering import render_many
from payouts.documents import statement as document
from payouts.models import Payout, PayoutStatus, Statement, StatementTemplate

TEMPLATE = "payouts/statement.html"
BATCH = 100


@dataclass(frozen=True)
class Issued:
    issued_count: int
    already_count: int


def default_template(workspace: Workspace) -> StatementTemplate:
    """The workspace's default template, made with every item on when there is none."""
    template, _ = StatementTemplate.objects.get_or_create(
        workspace=workspace,
        is_default=True,
        defaults={
            "public_id": new_id("stt"),
            "name": "기본 양식",
            "shown_items": sorted(document.SHOWN_ITEMS),
        },
    )
    return template


def issue_statements(
    *,
    workspace: Workspace,
    payouts: QuerySet[Payout],
    actor: Actor,
    template: StatementTemplate | None = None,
    processes: int = 1,
) -> Issued:
    """Write and mail a statement for every paid payout that has none yet.

    `processes` > 1 renders in parallel; only for callers outside a worker.
    """
    template = template or default_template(workspace)
    paid = payouts.filter(workspace=workspace, status=PayoutStatus.SUCCEEDED)
    already = paid.filter(statement__isnull=False).count()
    issued = 0
    for batch in _batches(paid.filter(statement=None)):
        issued += _issue_batch(batch, template, actor, processes)
    return Issued(issued, already)


def _batches(payouts: QuerySet[Payout]) -> Iterator[list[Payout]]:
    ids = list(payouts.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield list(
            Payout.objects.filter(pk__in=ids[start : start + BATCH])
            .select_related("partner", "workspace__company")
            .order_by("pk")
        )


def _issue_batch(
    payouts: Sequence[Payout], template: StatementTemplate, actor: Actor, processes: int
) -> int:
    contents = document.collect(payouts, shown=template.shown_items)
    ordered = [contents[payout.pk] for payout in payouts]
    files = render_many(TEMPLATE, ordered, processes=processes)
    count = 0
    for payout, content, pdf in zip(payouts, ordered, files, strict=True):
        count += _store(payout, content, pdf, template)
    record(
        "statement.issued",
        workspace=template.workspace,
        object_type="statement",
        object_id=payouts[0].bulk_payout.public_id,
        actor=actor,
        changes={"count": count},
    )
    return count


@transaction.atomic
def _store(
    payout: Payout, content: document.Content, pdf: bytes, template: StatementTemplate
) -> int:
    """1 when written here, 0 when another worker was first."""
    statement, created = Statement.objects.get_or_create(
        payout=payout,
        defaults={
            "workspace": payout.workspace,
            "public_id": new_id("st"),
            "template": template,
            "template_revision": template.revision,
            "content": content,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "issued_at": clock.now(),
        },
    )
    if created:
        statement.file.save(file_name(payout), ContentFile(pdf), save=False)
        statement.message = _letter(statement, payout, sending=1)
        statement.save(update_fields=["file", "message"])
    return int(created)


def file_name(payout: Payout) -> str:
    return f"정산내역서_{payout.public_id}.pdf"


def _letter(statement: Statement, payout: Payout, *, sending: int) -> Message:
    company = payout.workspace.company
    return prepare(
        workspace=payout.workspace,
        letter=Letter(
            key=f"statement:{statement.public_id}:{sending}",
            template="statement",
            recipient=payout.partner.contact_email,
            subject=f"[{company.name}] 정산내역서 — {payout.amount:,}원 지급",
            text=(
                f"{payout.partner.contact_name}님, 안녕하세요.\n\n"
                f"{payout.amount:,}원을 지급했어요. "
                "자세한 내용은 붙임 정산내역서를 확인해 주세요.\n\n"
                f"{company.name}"
            ),
            object_type="statement",
            object_id=statement.public_id,
            attachments=[(file_name(payout), "application/pdf", statement.file.name or "")],
        ),
    )


def follow_messages(workspace: Workspace, actor: Actor) -> int:
    """Move statements to where their mails are. Returns how many moved."""
    waiting = rows(Statement, workspace).filter(status="SEND_PREPARED")
    sent = transition_all(
        waiting.filter(message__status=Message.Status.SENT),
        "SENT",
        workspace=workspace,
        actor=actor,
    )
    failed = transition_all(
        waiting.filter(message__status__in=[Message.Status.FAILED, Message.Status.UNKNOWN]),
        "SEND_FAILED",
        workspace=workspace,
        actor=actor,
    )
    return sent + failed


@transaction.atomic
def resend_statement(*, statement: Statement, actor: Actor) -> Message:
    """Mail the same file again, to the partner's present address."""
    if statement.status == "SEND_PREPARED":
        raise Conflict("이미 발송 대기 중입니다. 다시 보내지 않았습니다.")
    sent_before = Message.objects.filter(
        workspace=statement.workspace, key__startswith=f"statement:{statement.public_id}:"
    ).count()
    message = _letter(statement, statement.payout, sending=sent_before + 1)
    transition(statement, "SEND_PREPARED", actor=actor, message=message)
    return message
