"""Templates of statements: choose what the paper shows, with the paper beside the form."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import Badge, Code, DateTime, Grid, Number, Tab, Text
from core.console.views.trail import history_of
from core.events.transitions import Face
from payouts.documents import statement as paper
from payouts.documents.items import ALWAYS_SHOWN, ITEMS
from payouts.documents.printed import printed
from payouts.documents.sample import sample_content
from payouts.documents.typesetting import typeset, typeset_pages
from payouts.models import StatementTemplate
from payouts.services import statements
from payouts.services.statements import Wording
from payouts.services.statements.templates import NAME_LENGTH, NOTICE_LENGTH, TITLE_LENGTH

READ, WRITE = Permission.PAYOUT_READ, Permission.PAYOUT_WRITE
LIST, ONE = "payouts:statement_templates", "payouts:statement_template"
UNPROCESSABLE = 422
OVERTAKEN = (
    "저장하지 않았습니다. 화면을 연 뒤에 다른 사람이 이 템플릿을 고쳤습니다. "
    "다시 저장하면 지금 화면의 내용으로 바뀝니다."
)
PREVIEW_POLICY = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'self'"
"""The paper carries its own logo; nothing else is let in, and no script."""

FACES = {
    "default": Face("기본", "arrived"),
    "used": Face("사용", "neutral"),
    "archived": Face("보관", "neutral"),
}


def state_of(template: StatementTemplate) -> str:
    if template.is_archived:
        return "archived"
    return "default" if template.is_default else "used"


class TemplateForm(forms.Form):
    name = forms.CharField(
        label="이름", max_length=NAME_LENGTH, help_text="고를 때 보여요. 문서 아래에도 작게 적혀요."
    )
    title = forms.CharField(label="문서 제목", max_length=TITLE_LENGTH, initial="정산내역서")
    shown_items = forms.MultipleChoiceField(
        label="표시 항목",
        required=False,
        choices=[(key, label) for key, label in ITEMS.items() if key != ALWAYS_SHOWN],
        widget=forms.CheckboxSelectMultiple,
        help_text="지급 금액은 언제나 표시돼요.",
        initial=[item for item in Wording().shown_items if item != ALWAYS_SHOWN],
    )
    notice = forms.CharField(
        label="안내문",
        required=False,
        max_length=NOTICE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="문의처나 다음 정산일처럼 모두에게 같은 말을 적어요.",
    )

    @classmethod
    def of(cls, template: StatementTemplate) -> TemplateForm:
        version = template.current
        return cls(
            initial={
                "name": template.name,
                "title": version.title,
                "shown_items": [item for item in version.shown_items if item != ALWAYS_SHOWN],
                "notice": version.notice,
            }
        )

    def wording(self) -> Wording:
        """What is typed, tidied; of an invalid form whatever is valid, for the preview."""
        values = getattr(self, "cleaned_data", {})
        return Wording(
            title=values.get("title") or Wording.title,
            shown_items=[*values.get("shown_items", ()), ALWAYS_SHOWN],
            notice=values.get("notice", ""),
        )


class TemplateGrid(Grid[StatementTemplate]):
    model = StatementTemplate
    title = "정산내역서 템플릿"
    columns = [
        Text("name", "이름"),
        Badge("state", "상태", value=state_of, faces=FACES),
        Number("revision", "버전"),
        DateTime("updated_at", "고친 일시"),
        Code("public_id", "템플릿 아이디", shown=False),
        DateTime("created_at", "만든 일시", shown=False),
    ]
    tabs = [
        Tab("used", "사용", Q(is_archived=False)),
        Tab("archived", "보관", Q(is_archived=True)),
    ]
    search = ["name", "public_id"]
    detail = ONE
    template = "payouts/console/statements/templates.html"
    empty = "아직 템플릿이 없습니다."
    empty_help = "만들지 않아도 처음 보낼 때 모든 항목을 보이는 기본 템플릿이 생겨요."


@console_page(READ)
def template_list(request: ConsoleRequest) -> HttpResponseBase:
    return TemplateGrid(request).serve(may_write=request.member.may(WRITE))


@console_page(WRITE)
def template_new(request: ConsoleRequest) -> HttpResponseBase:
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        template = statements.create_template(
            workspace=request.workspace,
            actor=request.actor,
            name=form.cleaned_data["name"],
            wording=form.wording(),
        )
        messages.success(request, _("'%(name)s' 템플릿을 만들었습니다.") % {"name": template.name})
        return redirect(console_url(request, ONE, template.public_id))
    return _form_page(request, form, None)


@console_page(WRITE)
def template_edit(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    template = find(StatementTemplate, request.workspace, public_id)
    form = TemplateForm(request.POST) if request.method == "POST" else TemplateForm.of(template)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("opened", _moment_of(template)) != _moment_of(template):
            form.add_error(None, OVERTAKEN)
            return _form_page(request, form, template)
        statements.update_template(
            template=template,
            actor=request.actor,
            name=form.cleaned_data["name"],
            wording=form.wording(),
        )
        messages.success(request, "저장했습니다. 이미 보낸 문서는 바뀌지 않습니다.")
        return redirect(console_url(request, ONE, public_id))
    return _form_page(request, form, template)


def _moment_of(template: StatementTemplate) -> str:
    """When it was last changed: all of a page is saved, and it does not know what came later."""
    return template.updated_at.isoformat()


def _form_page(
    request: ConsoleRequest, form: TemplateForm, template: StatementTemplate | None
) -> HttpResponseBase:
    back = console_url(request, ONE, template.public_id) if template else console_url(request, LIST)
    context = {"form": form, "template": template, "back": back, "query": _query(form)}
    context["opened"] = _moment_of(template) if template else ""
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "payouts/console/statements/template_form.html", context, status=status)


def _query(form: TemplateForm) -> str:
    """What the frame shows first: the form as it stands."""
    query = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        query.setlist(field.name, value if isinstance(value, list | tuple) else [value or ""])
    return query.urlencode()


@console_page(READ)
def template_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    template = find(StatementTemplate, request.workspace, public_id)
    versions = template.versions.order_by("-revision")
    context = {
        "template": template,
        "face": FACES[state_of(template)],
        "versions": [(version, _shown(version.shown_items)) for version in versions],
        "query": _query(TemplateForm.of(template)),
        "history": history_of(request, "statementtemplate", public_id),
        "may_write": request.member.may(WRITE),
    }
    return render(request, "payouts/console/statements/template.html", context)


def _shown(items: list[str]) -> list[tuple[str, bool]]:
    return [(label, item in items) for item, label in ITEMS.items()]


@xframe_options_sameorigin
@console_page(READ)
def template_preview(request: ConsoleRequest) -> HttpResponseBase:
    """The paper itself, page by page, with an invented payout on it."""
    pages = typeset_pages(paper.TEMPLATE, printed(_previewed(request)))
    html = render_to_string("payouts/console/statements/preview.html", {"pages": pages})
    return HttpResponse(html, headers={"Content-Security-Policy": PREVIEW_POLICY})


@console_page(READ)
def template_frame(request: ConsoleRequest) -> HttpResponseBase:
    """The frame anew, while someone types; htmx puts it where the old one was."""
    context = {"query": request.GET.urlencode()}
    return render(request, "payouts/console/statements/frame.html", context)


@console_page(READ)
def template_pdf(request: ConsoleRequest) -> HttpResponseBase:
    pdf = typeset(paper.TEMPLATE, printed(_previewed(request)))
    return HttpResponse(pdf, content_type="application/pdf")


def _previewed(request: ConsoleRequest) -> paper.Content:
    form = TemplateForm(request.GET)
    form.is_valid()
    wording = form.wording()
    return sample_content(
        request.workspace,
        title=wording.title,
        shown=[item for item in ITEMS if item in wording.shown_items],
        notice=wording.notice,
        name=form.data.get("name", ""),
    )


@require_POST
@console_page(WRITE)
def template_archive(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    template = find(StatementTemplate, request.workspace, public_id)
    statements.archive_template(template=template, actor=request.actor)
    messages.success(request, "보관했습니다. 이 템플릿으로 보낸 문서는 그대로입니다.")
    return redirect(console_url(request, ONE, public_id))


@require_POST
@console_page(WRITE)
def template_recover(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    template = find(StatementTemplate, request.workspace, public_id)
    statements.recover_template(template=template, actor=request.actor)
    messages.success(request, "다시 쓸 수 있습니다.")
    return redirect(console_url(request, ONE, public_id))


@require_POST
@console_page(WRITE)
def template_default(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    template = find(StatementTemplate, request.workspace, public_id)
    statements.make_default(template=template, actor=request.actor)
    messages.success(request, _("이제 '%(name)s' 템플릿이 기본입니다.") % {"name": template.name})
    return redirect(console_url(request, ONE, public_id))
