"""Tags of the console. Each draws one thing; the words come from core.console.formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxSelectMultiple, Form
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.companies.models import Permission
from core.console import formats, history
from core.console.access import console_url as url_of
from core.console.brand import DEFAULT
from core.console.forms import SCOPES
from core.console.grid.several import SeveralField
from core.console.words import said_field
from core.events.transitions import Face
from core.jobs.models import Job
from core.jobs.progress import Progress
from core.money import WON, decimals
from core.words import said as words_said

register = template.Library()


@register.simple_tag(takes_context=True)
def console_url(context: Mapping[str, Any], name: str, *args: object) -> str:
    """{% console_url 'partners:detail' partner.public_id %}"""
    return url_of(context["request"], name, *args)


@register.simple_tag(takes_context=True)
def brand_href(context: Mapping[str, Any]) -> str:
    """The stylesheet with the company's colours; the default ones before a company is known."""
    company = context.get("company") or getattr(context["request"], "company", None)
    colour = company.brand_colour if company else DEFAULT
    return f"/brand.css?v={colour.removeprefix('#')}"


# Words and numbers


@register.filter
def said(words: Any, context: str = "") -> Any:
    """{{ tab.label|said }}: a label declared in Korean, in the language of this request.

    {{ grid.title|said:"list" }}: the same word where it names many.
    {{ field|said }}: a form field drawn by hand, with its choices and placeholder said.
    """
    if isinstance(words, BoundField):
        return said_field(words)
    return words_said(words, context)


@register.filter
def won(amount: int | None) -> str:
    return formats.NOTHING if amount is None else formats.won(amount)


@register.filter
def figure(amount: int | None, currency: str) -> str:
    """{{ payout.amount|figure:payout.currency }}: 12,840.00 without its unit."""
    return formats.NOTHING if amount is None else formats.figure(amount, currency)


@register.filter
def unit(currency: str) -> str:
    """{{ payout.currency|unit }}: 원 for won, the code for anything else."""
    return formats.unit_of(currency)


@register.filter
def sum_in(amount: int, currency: str) -> str:
    """{{ payout.amount|sum_in:payout.currency }}: 12,840.00 USD"""
    return formats.sum_in(amount, currency)


@register.filter
def has_decimals(currency: str) -> bool:
    """Whether a step of a calculation counts hundredths."""
    return decimals(currency) > 0


@register.simple_tag
def money(amount: int | None, minus: str = "", unit: str = "", currency: str = WON) -> str:
    """{% money payout.amount %}, {% money offset minus='차감' unit='원' %}"""
    if amount is None:
        return formats.NOTHING
    shown = formats.money(amount, minus, unit, currency)
    return format_html('<span class="figure">{}</span>', shown)


@register.filter
def percent(rate: int | None) -> str:
    return formats.NOTHING if rate is None else formats.percent(rate)


@register.filter
def day(value: date | None) -> str:
    return formats.NOTHING if value is None else formats.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Korean time to the minute."""
    return formats.NOTHING if value is None else formats.moment(value)


@register.filter
def noun(name: str) -> str:
    """The word of an object type or field (history.register_nouns)."""
    return history.noun(name)


@register.filter
def duration(value: timedelta) -> str:
    """`1분 20초`"""
    return formats.duration(value)


@register.filter
def registration_number(digits: str) -> str:
    return formats.registration_number(digits)


@register.simple_tag
def badge(subject: Any, field: str = "status") -> str:
    """{% badge payout %}: the face of its state; {% badge face %} of a face itself."""
    if isinstance(subject, Face):
        return formats.badge(subject)
    state = getattr(subject, field)
    return formats.badge(subject.FACES.get(state, Face(str(state))))


@register.simple_tag
def scope_label(scope: str) -> str:
    return str(said(dict(SCOPES).get(Permission(scope), scope)))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing beside a word, never instead of one."""
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


# Blocks


@register.simple_block_tag
def panel(content: str, title: str = "", note: str = "", wide: bool = False) -> SafeString:
    """{% panel '계좌' note='어제 기준' %}…{% endpanel %}"""
    context = {"title": title, "note": note, "wide": wide, "content": content}
    return render_to_string("console/components/panel.html", context)


@register.simple_block_tag
def kv(content: str, columns: int = 1) -> SafeString:
    """{% kv %}{% field '예금주' %}홍길동{% endfield %}{% endkv %}"""
    return format_html('<dl class="kv kv-{}">{}</dl>', columns, content)


@register.simple_block_tag
def field(content: str, label: str, help: str = "") -> SafeString:
    hint = format_html(' <span class="hint">{}</span>', help) if help else ""
    inner = content if content.strip() else formats.NOTHING
    return format_html("<div><dt>{}{}</dt><dd>{}</dd></div>", label, hint, inner)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """{% empty '아직 파트너가 없습니다.' %}how to make the first{% endempty %}"""
    return render_to_string("console/components/empty.html", {"title": title, "content": content})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Mapping[str, Any],
    content: str,
    id: str,
    title: str,
    action: str,
    button: str,
    danger: bool = False,
    otp: bool = False,
) -> SafeString:
    """A sheet that repeats the real content before a dangerous POST.

    {% confirm id='approve' title='지급 승인' action=url button='963건 지급 승인' otp=True %}
      {% kv %}…{% endkv %}
    {% endconfirm %}   opened by  <button type="button" data-opens="approve">지급 승인</button>
    """
    values = {
        "id": id,
        "title": title,
        "action": action,
        "button": button,
        "danger": danger,
        "otp": otp,
        "content": content,
    }
    request = context["request"]
    return render_to_string("console/components/confirm.html", values, request=request)


# Parts


@register.inclusion_tag("console/components/tabs.html")
def tabs(links: Sequence[Any], label: str = "구분") -> dict[str, Any]:
    """Objects with label, href, current and perhaps count and tone."""
    return {"links": links, "label": label}


@register.inclusion_tag("console/components/timeline.html")
def timeline(events: Sequence[Any]) -> dict[str, Any]:
    """One history, newest first, of core.events Event rows."""
    return {"stories": history.stories(events)}


@register.inclusion_tag("console/jobs/progress.html", takes_context=True)
def progress(context: Mapping[str, Any], job: Job) -> dict[str, Any]:
    """A Job's progress; polls until the job is over, then stops by itself."""
    return {"job": job, "progress": Progress.of(job), "request": context["request"]}


@register.simple_tag(takes_context=True)
def home_panel(context: Mapping[str, Any], panel: Any, values: Mapping[str, Any]) -> SafeString:
    """One registered panel of the first page, with its own context."""
    return render_to_string(panel.template, dict(values), request=context["request"])


@register.inclusion_tag("console/components/form_fields.html")
def form_fields(form: Form) -> dict[str, Any]:
    """All fields with labels, help and errors; wrap in your own <form method="post">."""
    return {"form": form}


@register.inclusion_tag("console/components/form_field.html")
def form_field(field: BoundField, unit: str = "") -> dict[str, Any]:
    return {"field": said(field), "unit": unit}


@register.inclusion_tag("console/grid/filter_field.html")
def filter_field(field: BoundField) -> dict[str, Any]:
    """A field of a list's filter; one of several values is folded away until it has some."""
    value = field.value() or []
    chosen = field.field.labels(value) if isinstance(field.field, SeveralField) else value
    return {"field": said(field), "chosen": chosen}


@register.inclusion_tag("console/components/drop_zone.html")
def drop_zone(field: BoundField, hint: str = "", sample: str = "") -> dict[str, Any]:
    """A file input that also takes a dropped file; `sample` is the URL of an example file."""
    return {"field": said(field), "hint": hint, "sample": sample}


@register.inclusion_tag("console/components/otp.html")
def otp_field() -> dict[str, Any]:
    """The six digits, named `otp`; check with core.companies.otp.require_code."""
    return {}


@register.filter
def actor(row: Any) -> str:
    """Who did it, of an event or a job."""
    return history.actor(row)


@register.filter
def control(field: BoundField) -> str:
    """What kind of control a form field draws: checkbox, checkboxes, radio, select, text, …"""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple):
        return "checkboxes"
    return getattr(widget, "input_type", "") or type(widget).__name__.lower()
