"""Several drafts as one: terms are rarely changed one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.words import said
from settlements.models import Simulation
from settlements.services.adopting import SAID
from settlements.services.simulations import draft_simulation
from settlements.simulation.base import CALCULATOR, DRAFTED_KINDS, Moved

Key = tuple[str, str]
"""A part of a draft, and the public id of an object in it; formulas have none."""


class NotCombined(Conflict):
    """The drafts stay as they are, each by itself."""


@transaction.atomic
def combine_simulations(
    *, simulations: Sequence[Simulation], title: str, actor: Actor
) -> Simulation:
    """One new draft, not run yet, with every change of drafts of one workspace, in their order.

    Errors: InvalidRequest for fewer than two; NotCombined when two change the same thing, stand on
    different versions of one, or a draft was adopted or knows no versions; FormulaError.
    """
    if len({each.pk for each in simulations}) < 2:
        raise InvalidRequest(_("합치지 않았습니다. 함께 돌릴 초안을 골라 주세요."))
    draft: dict[str, Any] = {}
    base: dict[str, Any] = {}
    for each in simulations:
        reason = _refusal(each) or _clash(draft, base, each)
        if reason:
            raise NotCombined(_("합치지 않았습니다. %(reason)s") % {"reason": reason})
        draft, base = _merged(draft, each.draft), _merged(base, each.base)
    return draft_simulation(
        workspace=simulations[0].workspace,
        actor=actor,
        title=title,
        draft=draft,
        changes=[change for each in simulations for change in _told(each)],
        base=base,
    )


def fits(simulation: Simulation, other: Simulation) -> bool:
    """Whether the two can be combined."""
    drafts, bases = (_flat(simulation.draft), _flat(other.draft)), (simulation.base, other.base)
    return not (
        any(_is_closed(each) for each in (simulation, other))
        or drafts[0].keys() & drafts[1].keys()
        or _on_different_versions(*bases)
    )


def sources_of(simulation: Simulation) -> list[str]:
    """Titles of the drafts it was combined from, or its own."""
    combined = [change[3] for change in simulation.changes if len(change) > 3]
    return list(dict.fromkeys(combined)) or [simulation.title]


def _clash(draft: Mapping[str, Any], base: Mapping[str, Any], other: Simulation) -> str:
    """Why a draft cannot join others, as a sentence; nothing when it can."""
    workspace = other.workspace
    for key in sorted(_flat(draft).keys() & _flat(other.draft).keys()):
        return _("두 초안이 같은 것을 바꿉니다: %(what)s") % {"what": _named(workspace, key)}
    for key in _on_different_versions(base, other.base):
        what = _named(workspace, key)
        return _("두 초안이 서로 다른 버전에서 만들어졌습니다: %(what)s") % {"what": what}
    return ""


def _refusal(simulation: Simulation) -> str:
    if simulation.adopted_at is not None:
        return _("'%(title)s': 이미 채택한 초안입니다.") % {"title": simulation.title}
    if not simulation.base:
        return _(SAID[Moved.GONE]) % {"what": simulation.title}
    return ""


def _is_closed(simulation: Simulation) -> bool:
    return simulation.adopted_at is not None or not simulation.base


def _on_different_versions(base: Mapping[str, Any], other: Mapping[str, Any]) -> list[Key]:
    one, two = _flat(base), _flat(other)
    return sorted(key for key in one.keys() & two.keys() if one[key] != two[key])


def _flat(content: Mapping[str, Any]) -> dict[Key, Any]:
    return dict(_entries(content))


def _entries(content: Mapping[str, Any]) -> Iterator[tuple[Key, Any]]:
    for part, value in content.items():
        if part == CALCULATOR:
            yield (part, ""), value
        else:
            yield from (((part, public_id), each) for public_id, each in value.items())


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """By part, then by public id; formulas are one thing."""
    both = one.keys() & other.keys() - {CALCULATOR}
    return {**one, **other, **{part: one[part] | other[part] for part in both}}


def _told(simulation: Simulation) -> Iterator[list[str]]:
    """Its changes, each with the title of the draft it came from."""
    for label, before, after, *source in simulation.changes:
        yield [label, before, after, source[0] if source else simulation.title]


def _named(workspace: Workspace, key: Key) -> str:
    part, public_id = key
    if part == CALCULATOR:
        return str(said("계산식"))
    kind = DRAFTED_KINDS[part]
    row = rows(kind.model, workspace).filter(public_id=public_id).first()
    return f"{said(kind.word)} '{row.name if row else public_id}'"
