"""House rules that matter are tests: what the tree may say, import and compute."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("partners", "settlements", "invoices", "payouts")
BUSINESS_NOUNS = re.compile(r"settlement|payout|invoice|partner", re.IGNORECASE)
MAY_NAME_PERMISSIONS = ROOT / "core" / "companies" / "models.py"
MONEY_FOLDERS = (
    "core/ledger",
    "settlements/calculator",
    "settlements/services",
    "invoices/services",
    "payouts/services",
)
MONEY_FILES = (
    "core/money.py",
    "invoices/rules.py",
    "payouts/withholding.py",
    "payouts/documents/statement.py",
)


def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def money_sources():
    yield from (ROOT / name for name in MONEY_FILES)
    yield from sources(*MONEY_FOLDERS)


@pytest.mark.parametrize("path", list(money_sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_money_is_never_divided_rounded_or_floated_by_accident(path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.BinOp | ast.AugAssign):
            assert not isinstance(node.op, ast.Div), (
                f"{where}: `/` near money; use core.money.divide"
            )
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"round", "float"}, f"{where}: {node.func.id}() near money"


@pytest.mark.parametrize("path", list(sources("core")), ids=lambda p: str(p.relative_to(ROOT)))
def test_core_says_no_business_noun(path):
    if path == MAY_NAME_PERMISSIONS:
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        assert not BUSINESS_NOUNS.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


@pytest.mark.parametrize("app", APPS)
def test_every_app_has_a_page_about_itself(app):
    page = (ROOT / app / "README.md").read_text()
    assert "stateDiagram" in page, "its states are drawn"


@pytest.mark.parametrize(
    "path", list(sources("core", "config", *APPS)), ids=lambda p: str(p.relative_to(ROOT))
)
def test_files_stay_readable(path):
    assert len(path.read_text().splitlines()) <= 400


def test_status_is_written_by_one_door_only():
    """`.status = …` outside of models' defaults and the door itself is a second writer."""
    offenders = []
    for path in sources("core", "config", *APPS):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Attribute) and t.attr == "status" for t in node.targets
            ):
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    allowed = {"core/events/webhooks/services.py"}
    assert [o for o in offenders if o.split(":")[0] not in allowed] == []
