"""One workspace that cannot be worked for keeps nobody else's work waiting."""

from __future__ import annotations

import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from core.events import relay, tasks
from core.ledger import tasks as nightly
from core.notifications import services as notifications
from core.notifications.services import Letter, prepare


@pytest.fixture
def workspaces(db) -> list[Workspace]:
    made = [create_company(slug=slug, name=slug) for slug in ("broken", "fine")]
    return [company.workspaces.get(environment="LIVE") for company in made]


def broken_for(workspace: Workspace, seen: list[Workspace]):
    def work(each: Workspace) -> int:
        if each == workspace:
            raise RuntimeError("broken")
        seen.append(each)
        return 1

    return work


@pytest.mark.parametrize(
    ("module", "name", "sweep"),
    [
        (relay, "seal", tasks.seal_task),
        (nightly, "note_violations", nightly.check_invariants_task),
        (notifications, "_deliver", notifications.deliver_waiting),
    ],
)
def test_the_sweep_goes_on(workspaces, monkeypatch, caplog, module, name, sweep) -> None:
    broken, fine = workspaces
    for workspace in workspaces:
        letter = Letter(key="k", template="t", recipient="a@b.example", subject="s", text="t")
        prepare(workspace=workspace, letter=letter)
    seen: list[Workspace] = []
    monkeypatch.setattr(module, name, broken_for(broken, seen))
    sweep()
    assert fine in seen
    assert broken not in seen
    assert "the sweep goes on" in caplog.text
