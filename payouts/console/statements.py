"""Sending statements: who was told, who was not and why (contract.md h.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find, rows
from core.companies.models import Permission, Workspace
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import Badge, Blocker, BulkAction, Code, DateTime, Grid, Money, Tab, Text
from core.console.grid.bulk import Outcome, claim
from core.console.views.trail import history_of
from core.jobs.models import Job
from core.notifications.links import live_link
from core.notifications.models import Message
from core.words import said
from payouts.console.contexts import new_token
from payouts.console.words import counted, number
from payouts.errors import PayoutNotFound
from payouts.models import Payout, PayoutStatus, Statement, StatementDocument, StatementTemplate
from payouts.pages.statement import paper_response
from payouts.services.statements import default_template, retry_failed, start_sending
from payouts.services.statements.letters import OBJECT_TYPE, VIEW
from payouts.services.statements.sending import RETRIED, SUBJECT_LENGTH

READ, WRITE = Permission.PAYOUT_READ, Permission.PAYOUT_WRITE
LIST = "payouts:statements"


def status_of(payout: Payout) -> str:
    """UNSENT while nothing was sent about a payout."""
    statement = getattr(payout, "statement", None)
    return statement.status if statement else "UNSENT"


def statement_fact(name: str) -> Any:
    """Reads one fact of a payout's statement, None without one."""
    return lambda payout: getattr(getattr(payout, "statement", None), name, None)


def send_form(workspace: Workspace) -> type[forms.Form]:
    usable = rows(StatementTemplate, workspace).filter(is_archived=False)

    class SendForm(forms.Form):
        template = forms.ModelChoiceField(
            label="템플릿",
            queryset=usable.order_by("-is_default", "name"),
            to_field_name="public_id",
            empty_label="기본 템플릿" if not usable.exists() else None,
            required=False,
        )
        subject = forms.CharField(
            label="메일 제목",
            max_length=SUBJECT_LENGTH,
            required=False,
            help_text=_("%(most)s자까지. 비우면 회사 이름과 지급 금액으로 적어요.")
            % {"most": SUBJECT_LENGTH},
        )

    return SendForm


def send_action(request: ConsoleRequest) -> BulkAction:
    """정산내역서 발송 for any list of payouts: put it among the grid's actions."""
    return BulkAction(
        "send_statements",
        "정산내역서 발송",
        _send_selected,
        WRITE,
        total="amount",
        form=send_form(request.workspace),
        facts=_facts,
        blockers=[
            Blocker(~Q(status=PayoutStatus.SUCCEEDED), "지급이 끝난 건만 보낼 수 있습니다."),
            Blocker(
                Q(statement__status="SEND_PREPARED")
                & ~Q(statement__job__status=Job.Status.FAILED, statement__message=None),
                "이미 발송 대기 중입니다.",
            ),
        ],
        explain="파트너마다 메일 한 통에 PDF를 붙여 보내요. 앞서 보낸 링크는 닫혀요.",
    )


def _facts(request: ConsoleRequest, payouts: QuerySet[Payout]) -> Mapping[str, Any]:
    facts = {
        "보내는 주소": sender_of(request),
        "받는 주소": _("보낼 때 파트너의 담당자 이메일"),
        "다시 보내는 건": number(payouts.filter(statement__isnull=False).count()),
    }
    if nowhere := payouts.filter(partner__contact_email="").count():
        facts["이메일이 없어 실패할 건"] = number(nowhere)
    return facts


def sender_of(request: ConsoleRequest) -> str:
    """The company's own address, once its domain is set up under 브랜드."""
    return request.company.sender_email or settings.DEFAULT_FROM_EMAIL


def _send_selected(
    request: ConsoleRequest, payouts: QuerySet[Payout], data: Mapping[str, Any]
) -> Outcome:
    job = start_sending(
        workspace=request.workspace,
        payouts=payouts,
        actor=request.actor,
        template=data.get("template") or default_template(request.workspace),
        subject=data.get("subject", ""),
    )
    return redirect(console_url(request, "console:job", job.public_id))


class StatementFilter(django_filters.FilterSet):
    bulk = django_filters.CharFilter(label="일괄 지급 아이디", field_name="bulk_payout__public_id")
    partner = django_filters.CharFilter(label="파트너 아이디", field_name="partner__public_id")
    failure = django_filters.MultipleChoiceFilter(
        label="실패 이유",
        field_name="statement__failure",
        choices=Statement.Failure.choices,
    )

    class Meta:
        model = Payout
        fields: list[str] = []


class StatementGrid(Grid[Payout]):
    model = Payout
    title = "정산내역서 발송"
    columns = [
        Text("partner__name", "파트너"),
        Badge("statement_status", "발송", value=status_of, faces=Statement.FACES),
        Money("amount", "지급 금액", currency="currency"),
        DateTime("paid_at", "지급 일시"),
        DateTime("statement__issued_at", "작성 일시", value=statement_fact("issued_at")),
        Text("partner__contact_email", "담당자 이메일"),
        Text("bulk_payout__name", "일괄 지급"),
        Text("error", "실패 이유", value=lambda payout: failure_of(payout)),
        Code("partner__public_id", "파트너 아이디", shown=False),
        Code("public_id", "지급 아이디", shown=False),
        Code("statement_id", "정산내역서 아이디", value=statement_fact("public_id"), shown=False),
    ]
    tabs = [
        Tab("unsent", "미발송", Q(statement=None)),
        Tab("prepared", "발송 대기", Q(statement__status="SEND_PREPARED"), "running"),
        Tab("sent", "발송 완료", Q(statement__status="SENT"), "arrived"),
        Tab("failed", "발송 실패", Q(statement__status="SEND_FAILED"), "wrong"),
    ]
    filters = StatementFilter
    periods = {"paid_at": "지급 일시"}
    default_period = "90"
    search = ["partner__name", "partner__public_id", "public_id", "bulk_payout__name"]
    search_hint = "파트너, 일괄 지급, 아이디"
    totals = ["amount"]
    currency = "currency"
    detail = "payouts:statement"
    template = "payouts/console/statements/list.html"
    empty = "아직 보낼 지급이 없습니다."
    empty_help = "지급이 끝나면 여기에서 정산내역서를 보낼 수 있어요."

    def __init__(self, request: ConsoleRequest) -> None:
        super().__init__(request)
        self.actions = [send_action(request)]  # type: ignore[misc]  # its templates are ours

    def queryset(self) -> QuerySet[Payout]:
        paid = rows(Payout, self.request.workspace).filter(status=PayoutStatus.SUCCEEDED)
        return paid.select_related("partner", "bulk_payout", "statement")


def failure_of(payout: Payout) -> str:
    statement = getattr(payout, "statement", None)
    if statement is None or not statement.failure:
        return ""
    label = str(said(statement.get_failure_display()))
    return f"{label}: {statement.error}" if statement.error else label


@console_page(READ)
def statement_list(request: ConsoleRequest) -> HttpResponseBase:
    return StatementGrid(request).serve(
        causes=_causes(request.workspace),
        may_write=request.member.may(WRITE),
        sender=sender_of(request),
        is_own_sender=bool(request.company.sender_email),
    )


def _causes(workspace: Workspace) -> list[dict[str, Any]]:
    """Failures by cause, the most frequent first, and whether sending again is safe."""
    failed = rows(Statement, workspace).filter(status="SEND_FAILED")
    counts = failed.values("failure").annotate(count=Count("pk")).order_by("-count", "failure")
    return [
        row
        | {
            "label": Statement.Failure(row["failure"]).label,
            "safe": row["failure"] in RETRIED,
        }
        for row in counts
        if row["failure"]
    ]


@require_POST
@console_page(WRITE)
def statement_retry(request: ConsoleRequest) -> HttpResponseBase:
    """Send again what failed for one cause."""
    jobs = retry_failed(
        workspace=request.workspace,
        actor=request.actor,
        causes=[request.POST.get("cause", "")],
    )
    if len(jobs) == 1:
        return redirect(console_url(request, "console:job", jobs[0].public_id))
    started = _("%(count)s번의 발송을 다시 시작했습니다.") % {"count": f"{len(jobs):,}"}
    messages.success(request, started)
    return redirect(console_url(request, LIST))


@console_page(READ)
def statement_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    payout = _payout(request, public_id)
    statement = getattr(payout, "statement", None)
    context = {
        "payout": payout,
        "face": Statement.FACES[status_of(payout)],
        "statement": statement,
        "failure": failure_of(payout),
        "form": send_form(request.workspace)(),
        "token": new_token(),
        "send_button": _("%(what)s 정산내역서 발송")
        % {"what": counted(1, payout.amount, payout.currency)},
        "sender": sender_of(request),
        "may_write": request.member.may(WRITE),
        "may_send": payout.status == PayoutStatus.SUCCEEDED
        and (statement is None or not statement.waits_for_job),
        **(_sent(request, statement) if statement else {}),
    }
    return render(request, "payouts/console/statements/detail.html", context)


def _sent(request: ConsoleRequest, statement: Statement) -> dict[str, Any]:
    """Papers and mails, the newest first."""
    letters = rows(Message, request.workspace).filter(
        object_type=OBJECT_TYPE, object_id=statement.public_id
    )
    link = live_link(
        workspace=request.workspace,
        purpose=VIEW,
        object_type=OBJECT_TYPE,
        object_id=statement.public_id,
    )
    return {
        "documents": statement.documents.select_related("version__template").order_by("-pk"),
        "letters": letters.order_by("-pk"),
        "opened_at": link.opened_at if link else None,
        "history": history_of(request, "statement", statement.public_id),
    }


@require_POST
@console_page(WRITE)
def statement_send(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    payout = _payout(request, public_id)
    form = send_form(request.workspace)(request.POST)
    if not form.is_valid():
        messages.error(request, "보내지 않았습니다. 템플릿과 제목을 확인해 주세요.")
        return redirect(console_url(request, "payouts:statement", public_id))
    claim(request)
    start_sending(
        workspace=request.workspace,
        payouts=Payout.objects.filter(pk=payout.pk),
        actor=request.actor,
        template=form.cleaned_data["template"] or default_template(request.workspace),
        subject=form.cleaned_data["subject"],
    )
    messages.success(request, "발송을 시작했습니다. 잠시 뒤 상태가 바뀝니다.")
    return redirect(console_url(request, "payouts:statement", public_id))


@console_page(READ)
def statement_pdf(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """The bytes that were mailed."""
    document = get_object_or_404(
        rows(StatementDocument, request.workspace).filter(public_id=public_id)
    )
    return paper_response(document)


def _payout(request: ConsoleRequest, public_id: str) -> Payout:
    found = find(Payout, request.workspace, public_id, PayoutNotFound)
    with_statement = Payout.objects.select_related("partner", "bulk_payout", "statement__job")
    return with_statement.get(pk=found.pk)
