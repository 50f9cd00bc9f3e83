"""What the frame around every console page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.companies.models import Company, Member
from core.console import home
from core.console.access import ConsoleRequest, wants_fragment
from core.console.navigation import LinkGroup, tree

CHOICES = {"theme": ("auto", "light", "dark"), "density": ("compact", "comfortable")}


@dataclass(frozen=True)
class Frame:
    request: ConsoleRequest

    @property
    def navigation(self) -> list[LinkGroup]:
        return tree(self.request)

    @property
    def companies(self) -> list[Company]:
        members = Member.objects.filter(user=self.request.user, is_active=True)
        return list(Company.objects.filter(members__in=members).order_by("name"))

    @property
    def is_test(self) -> bool:
        return self.request.workspace.is_test

    @property
    def place(self) -> str:
        """What the title of a tab ends with."""
        words = [_("테스트")] if self.is_test else []
        return " · ".join([*words, self.request.company.name])

    @property
    def base(self) -> str:
        """`/console/<company>`: what the environment switch builds on."""
        return f"/console/{self.request.company.slug}"

    @property
    def other_environment(self) -> str:
        """The same list in the other environment; a single row exists only in one."""
        here, there = ("test", "live") if self.is_test else ("live", "test")
        current = [link.href for group in self.navigation for link in group.links if link.current]
        path = current[0] if current else f"{self.base}/{here}/"
        return path.replace(f"{self.base}/{here}/", f"{self.base}/{there}/", 1)

    @property
    def banners(self) -> list[home.Banner]:
        return home.banners(self.request)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` inside the console, `preferences` everywhere."""
    preferences = {
        name: request.COOKIES.get(name) if request.COOKIES.get(name) in values else values[0]
        for name, values in CHOICES.items()
    }
    preferences["nav"] = "closed" if request.COOKIES.get("nav") == "closed" else "open"
    context: dict[str, Any] = {"preferences": preferences}
    if hasattr(request, "member"):
        inside = cast(ConsoleRequest, request)
        in_panel = wants_fragment(inside, "panel")
        context["frame"] = Frame(inside)
        context["layout"] = "console/panel.html" if in_panel else "console/frame.html"
    return context
