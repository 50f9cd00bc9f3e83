"""Tell people of what happened while nobody was there."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F

from core import clock
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.models import Notice
from core.events.services import record


def notify(
    kind: str,
    *,
    workspace: Workspace,
    object_id: str,
    name: str = "",
    reason: str = "",
    count: int = 1,
    day: date | None = None,
) -> None:
    """In the caller's transaction. What joins a notice still open only raises its count."""
    day = day or clock.today()
    notice, is_new = Notice.objects.get_or_create(
        workspace=workspace,
        kind=kind,
        day=day,
        closed_at=None,
        defaults={"object_id": object_id, "name": name, "reason": reason, "count": count},
    )
    if not is_new:
        Notice.objects.filter(pk=notice.pk).update(count=F("count") + count)


@transaction.atomic
def close_notice(*, notice: Notice, actor: Actor) -> None:
    """Somebody has seen to it; closing twice changes nothing."""
    still_open = Notice.objects.filter(pk=notice.pk, closed_at=None)
    if still_open.update(closed_at=clock.now()):
        record(
            "notice.closed",
            workspace=notice.workspace,
            object_type="notice",
            object_id=notice.object_id,
            actor=actor,
            changes={"count": notice.count},
        )
