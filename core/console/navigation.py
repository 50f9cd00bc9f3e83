"""The left navigation: apps register entries; the order is one list in the settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_url


@dataclass(frozen=True)
class Entry:
    group: str
    label: str
    url: str
    permission: Permission | None = None


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class LinkGroup:
    label: str
    links: list[Link]
    is_open: bool = True


ENTRIES: dict[str, Entry] = {}


def register(*entries: Entry) -> None:
    """Called by apps in ready(). The url name identifies the entry."""
    ENTRIES.update({entry.url: entry for entry in entries})


def tree(request: ConsoleRequest) -> list[LinkGroup]:
    """What this member may open, in the fixed order, with the current page marked."""
    allowed = [
        e for e in ENTRIES.values() if e.permission is None or request.member.may(e.permission)
    ]
    hrefs = {entry.url: console_url(request, entry.url) for entry in allowed}
    here = _longest_prefix(request.path, hrefs.values())
    groups: dict[str, list[Link]] = {}
    for entry in sorted(allowed, key=_position):
        href = hrefs[entry.url]
        groups.setdefault(entry.group, []).append(Link(entry.label, href, href == here))
    closed = unquote(request.COOKIES.get("nav_closed", "")).split(",")
    return [
        LinkGroup(label, links, label not in closed or any(link.current for link in links))
        for label, links in groups.items()
    ]


def _position(entry: Entry) -> tuple[int, int]:
    """Groups and labels as listed; what the list does not know comes last, as registered."""
    order: list[tuple[str, list[str]]] = settings.CONSOLE_NAVIGATION
    names = [group for group, _ in order]
    if entry.group not in names:
        return len(names), 0
    index = names.index(entry.group)
    labels = order[index][1]
    return index, labels.index(entry.label) if entry.label in labels else len(labels)


def _longest_prefix(path: str, hrefs: Iterable[str]) -> str:
    """The entry a page belongs to; the first page owns only itself."""
    inside = [h for h in hrefs if path == h or (path + "/").startswith(h + "/")]
    return max(inside, key=len, default="")
