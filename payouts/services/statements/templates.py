"""Write what a statement shows. An edit makes a version; what was sent keeps its own (h.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Permission, Workspace
from core.database import wait_for_lock
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from core.words import said
from payouts.documents.items import ALWAYS_SHOWN, ITEMS, SHOWN_AT_FIRST
from payouts.models import StatementTemplate, StatementTemplateVersion

DEFAULT_NAME = "기본 템플릿"
TITLE = "정산내역서"
TITLE_LENGTH, NOTICE_LENGTH, NAME_LENGTH = 40, 1000, 100


@dataclass(frozen=True)
class Wording:
    """What a version says: title, items in the order of the paper, a notice under them."""

    title: str = TITLE
    shown_items: Sequence[str] = SHOWN_AT_FIRST
    notice: str = ""

    def checked(self) -> Wording:
        """Tidied; raises InvalidRequest. The paid amount is always on (contract.md h.7)."""
        unknown = set(self.shown_items) - set(ITEMS)
        if unknown:
            raise InvalidRequest(
                _("저장하지 않았습니다. 없는 항목입니다: %(items)s") % {"items": ", ".join(unknown)}
            )
        title = _line(self.title, TITLE_LENGTH, "제목")
        if len(self.notice.strip()) > NOTICE_LENGTH:
            raise InvalidRequest(
                _("저장하지 않았습니다. 안내문은 %(most)s자까지입니다.")
                % {"most": f"{NOTICE_LENGTH:,}"}
            )
        shown = {*self.shown_items, ALWAYS_SHOWN}
        return Wording(title, [item for item in ITEMS if item in shown], self.notice.strip())


def _line(text: str, length: int, label: str) -> str:
    tidy = " ".join(text.split())
    if not 0 < len(tidy) <= length:
        raise InvalidRequest(
            _("저장하지 않았습니다. %(label)s은 1자부터 %(most)s자까지 적어 주세요.")
            % {"label": said(label), "most": length}
        )
    return tidy


@transaction.atomic
def create_template(
    *, workspace: Workspace, actor: Actor, name: str, wording: Wording
) -> StatementTemplate:
    """A new template; the workspace's first becomes its default."""
    actor.require(Permission.PAYOUT_WRITE)
    wording = wording.checked()
    _one_at_a_time(workspace)
    template = StatementTemplate.objects.create(
        workspace=workspace,
        public_id=new_id("stt"),
        name=_line(name, NAME_LENGTH, "이름"),
        is_default=_default_of(workspace) is None,
    )
    _write_version(template, wording, actor)
    _note("created", template, actor, {"name": template.name, **_said(wording)})
    return template


@transaction.atomic
def update_template(
    *, template: StatementTemplate, actor: Actor, name: str, wording: Wording
) -> StatementTemplate:
    """Rename it, and write a version when its wording changed; saving the same does nothing.

    Raises Conflict for an archived one.
    """
    actor.require(Permission.PAYOUT_WRITE)
    template = _locked(template)
    if template.is_archived:
        raise Conflict("고치지 않았습니다. 보관한 템플릿은 먼저 되돌려 주세요.")
    wording, before = wording.checked(), template.current
    name = _line(name, NAME_LENGTH, "이름")
    changes = _changes(template, before, name, wording)
    if not changes:
        return template
    template.name = name
    if changes.keys() - {"name"}:
        template.revision += 1
        _write_version(template, wording, actor)
    template.save(update_fields=["name", "revision", "updated_at"])
    _note("updated", template, actor, changes)
    return template


def _said(wording: Wording | StatementTemplateVersion) -> dict[str, str]:
    """As the history of a template tells it."""
    labels = ", ".join(ITEMS[item] for item in wording.shown_items)
    return {"title": wording.title, "shown_items": labels, "notice": wording.notice}


def _changes(
    template: StatementTemplate, before: StatementTemplateVersion, name: str, wording: Wording
) -> dict[str, Any]:
    new = {"name": name, **_said(wording)}
    old = {"name": template.name, **_said(before)}
    return {field: [old[field], value] for field, value in new.items() if old[field] != value}


def _write_version(template: StatementTemplate, wording: Wording, actor: Actor) -> None:
    StatementTemplateVersion.objects.create(
        template=template, revision=template.revision, created_by=actor.name, **asdict(wording)
    )


@transaction.atomic
def make_default(*, template: StatementTemplate, actor: Actor) -> None:
    """What is chosen at first when statements are sent, and used by automatic sending."""
    actor.require(Permission.PAYOUT_WRITE)
    _one_at_a_time(template.workspace)
    template = _locked(template)
    if template.is_archived:
        raise Conflict("바꾸지 않았습니다. 보관한 템플릿은 기본으로 쓸 수 없습니다.")
    rows(StatementTemplate, template.workspace).filter(is_default=True).update(is_default=False)
    _set(template, is_default=True)
    _note("made_default", template, actor, {})


@transaction.atomic
def archive_template(*, template: StatementTemplate, actor: Actor) -> None:
    """Take it out of the choices; what was sent with it stays. Raises Conflict for the default."""
    actor.require(Permission.PAYOUT_WRITE)
    template = _locked(template)
    if template.is_default:
        raise Conflict("보관하지 않았습니다. 다른 템플릿을 기본으로 정한 뒤 보관해 주세요.")
    if not template.is_archived:
        _set(template, is_archived=True)
        _note("archived", template, actor, {})


@transaction.atomic
def recover_template(*, template: StatementTemplate, actor: Actor) -> None:
    actor.require(Permission.PAYOUT_WRITE)
    template = _locked(template)
    if template.is_archived:
        _set(template, is_archived=False)
        _note("recovered", template, actor, {})


def default_template(workspace: Workspace) -> StatementTemplate:
    """The workspace's default, written on the first use."""
    return _default_of(workspace) or _first_default(workspace)


def _default_of(workspace: Workspace) -> StatementTemplate | None:
    return rows(StatementTemplate, workspace).filter(is_default=True).first()


@transaction.atomic
def _first_default(workspace: Workspace) -> StatementTemplate:
    _one_at_a_time(workspace)
    return _default_of(workspace) or create_template(
        workspace=workspace, actor=Actor.system(), name=DEFAULT_NAME, wording=Wording()
    )


def _one_at_a_time(workspace: Workspace) -> None:
    """Who chooses a default waits for another's choice: two of one moment end in an error."""
    wait_for_lock(f"statement-templates:{workspace.pk}")


def _locked(template: StatementTemplate) -> StatementTemplate:
    return (
        StatementTemplate.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=template.pk)
    )


def _set(template: StatementTemplate, **fields: bool) -> None:
    for name, value in fields.items():
        setattr(template, name, value)
    template.save(update_fields=[*fields, "updated_at"])


def _note(verb: str, template: StatementTemplate, actor: Actor, changes: dict[str, Any]) -> None:
    record(
        f"statementtemplate.{verb}",
        workspace=template.workspace,
        object_type="statementtemplate",
        object_id=template.public_id,
        actor=actor,
        changes=changes,
    )
