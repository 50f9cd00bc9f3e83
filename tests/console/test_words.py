"""Whatever the trail may hold is said in Korean: every event kind and every kind of object."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from core.console.history import NOUNS, VERBS, story
from core.events.models import Event

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "partners", "settlements", "invoices", "payouts")
ENGLISH = re.compile(r"[a-z]{2,}")
KIND = re.compile(r"[a-z]+\.[a-z_]+")
DOORS = re.compile(r"_?(record|note)")
TREES = [
    ast.parse(path.read_text())
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"migrations", "console", "events"} & set(path.parts[:-1])
    or path.name in ("services.py", "serving.py")
]
STATEFUL = [model for model in apps.get_models() if getattr(model, "TRANSITIONS", None)]


def nodes(kind):
    return [node for tree in TREES for node in ast.walk(tree) if isinstance(node, kind)]


def texts(node):
    """The texts an expression may become: `"a"`, `"a" if x else "b"`."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def object_types():
    written = [
        text
        for call in nodes(ast.Call)
        for keyword in call.keywords
        if keyword.arg == "object_type"
        for text in texts(keyword.value)
        if text.islower()
    ]
    return sorted({*written, *(model._meta.model_name for model in STATEFUL)})


def called(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def written_kinds():
    """Kinds a call names as they are: `record("transfer.settled", …)`."""
    for call in nodes(ast.Call):
        if DOORS.match(called(call)):
            for text in (text for argument in call.args for text in texts(argument)):
                if KIND.fullmatch(text):
                    yield text


def composed_kinds():
    """Kinds a helper puts together: `f"parameter.{verb}"` for `_note(row, "updated")`."""
    for tree in TREES:
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            callers = [tree] if function.name.startswith("_") else TREES
            for text in (node for node in ast.walk(function) if isinstance(node, ast.JoinedStr)):
                yield from _composed(function, ast.unparse(text)[2:-1], callers)


def _composed(function, shape, callers):
    names = [argument.arg for argument in function.args.args]
    found = re.fullmatch(r"([a-z]+|\{kind\.name\})\.\{(verb|what)\}", shape)
    if not found or found[2] not in names:
        return
    noun = found[1] if found[1].isalpha() else "partner"
    position = names.index(found[2])
    for call in (node for tree in callers for node in ast.walk(tree)):
        if isinstance(call, ast.Call) and called(call) == function.name:
            for verb in texts(call.args[position]) if position < len(call.args) else []:
                yield f"{noun}.{verb}"


def test_every_recorded_kind_has_a_sentence():
    kinds = {*written_kinds(), *composed_kinds()}
    assert len(kinds) > 60
    assert {"taxinvoice.noted", "parameter.updated", "partner.schedule_failed"} <= kinds
    assert sorted(kinds - VERBS.keys()) == []


@pytest.mark.parametrize("name", object_types())
def test_every_kind_of_object_has_a_noun(name):
    assert not ENGLISH.search(NOUNS.get(name, name))


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model.__name__)
def test_every_move_to_a_state_has_words(model):
    name = model._meta.model_name
    for state in sorted(set().union(*model.TRANSITIONS.values())):
        event = Event(
            kind=f"{name}.{state.lower()}", object_type=name, changes={"status": ["", state]}
        )
        assert not ENGLISH.search(story(event).title), event.kind
