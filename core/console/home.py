"""What waits for whom: apps register counters, panels, banners and search sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Permission, Workspace
from core.console.access import ConsoleRequest, console_url
from core.jobs.models import Heartbeat

SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Counter:
    """A number on the first page that opens exactly the list it counted."""

    label: str
    count: Callable[[Workspace], int]
    url: str
    query: str = ""
    permission: Permission | None = None
    tone: str = "waiting"
    """waiting (look) · wrong (money is wrong) · neutral"""
    order: int = 100

    def href(self, request: ConsoleRequest) -> str:
        path = console_url(request, self.url)
        return f"{path}?{self.query}" if self.query else path


@dataclass(frozen=True)
class Waiting:
    label: str
    count: int
    href: str
    tone: str


@dataclass(frozen=True)
class Panel:
    """A part of the first page: a template and the context it needs."""

    template: str
    context: Callable[[ConsoleRequest], dict[str, Any]]
    permission: Permission | None = None
    order: int = 100
    wide: bool = False


@dataclass(frozen=True)
class Banner:
    """A sentence above every page about something silent or broken."""

    text: str
    tone: str = "waiting"
    href: str = ""


@dataclass
class Registry:
    counters: list[Counter] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    banners: list[Callable[[ConsoleRequest], Sequence[Banner]]] = field(default_factory=list)


REGISTRY = Registry()


def register_counter(*counters: Counter) -> None:
    REGISTRY.counters.extend(counters)


def register_panel(*panels: Panel) -> None:
    REGISTRY.panels.extend(panels)


def register_banner(source: Callable[[ConsoleRequest], Sequence[Banner]]) -> None:
    """`source` runs on every page: one indexed query at most."""
    REGISTRY.banners.append(source)


def waiting(request: ConsoleRequest) -> list[Waiting]:
    """Every counter this member may see, zeros included."""
    visible = [c for c in REGISTRY.counters if _may(request, c.permission)]
    return [
        Waiting(c.label, c.count(request.workspace), c.href(request), c.tone)
        for c in sorted(visible, key=lambda counter: counter.order)
    ]


def panels(request: ConsoleRequest) -> list[tuple[Panel, dict[str, Any]]]:
    visible = [panel for panel in REGISTRY.panels if _may(request, panel.permission)]
    ordered = sorted(visible, key=lambda panel: panel.order)
    return [(panel, panel.context(request)) for panel in ordered]


def banners(request: ConsoleRequest) -> list[Banner]:
    return [banner for source in REGISTRY.banners for banner in source(request)]


def silent_processes(request: ConsoleRequest) -> list[Banner]:
    """Workers that gave a sign of life once and stopped."""
    silent = Heartbeat.objects.filter(seen_at__lt=clock.now() - SILENT_AFTER)
    sentence = _(
        "작업 처리기(%(name)s)가 %(since)s부터 응답하지 않습니다. "
        "요청한 작업은 사라지지 않으며, 처리기가 다시 시작되면 이어집니다."
    )
    return [
        Banner(sentence % {"name": beat.name, "since": _month_to_minute(beat.seen_at)}, "wrong")
        for beat in silent
    ]


def _month_to_minute(moment: datetime) -> str:
    return f"{moment.astimezone(clock.KST):%m-%d %H:%M}"


def _may(request: ConsoleRequest, permission: Permission | None) -> bool:
    return permission is None or request.member.may(permission)
