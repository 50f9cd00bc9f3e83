"""Every Korean sentence of the console, found in the code: what an English reader would meet."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
HANGUL = re.compile("[가-힣]")
LITERAL = r"(u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")"
SAID = re.compile(rf" (?:gettext|ngettext|_)\({LITERAL}")
SAID_IN_CONTEXT = re.compile(rf" pgettext\({LITERAL}, {LITERAL}")

Words = tuple[str, str]
"""A context, mostly empty, and the Korean."""

PACKAGES = ["core", "partners", "settlements", "invoices", "payouts"]

NOT_OF_THE_CONSOLE = re.compile(
    r"/(migrations|management|api|documents|imports|providers|rails|models|notifications"
    r"|sandbox)/|/upload/|/(models|jobs|tasks|handlers|apps|money|popbill|paper|report)\.py$"
)
"""Files, papers, letters, the API and what a job wrote down for good: Korean for everybody."""

PAPERS = re.compile(
    r"templates/(docs|notifications|.*/(mail|paper|document)s?/)|invoices/paper\.html$|\.txt$"
)
"""Templates of letters, papers and the integrator's guide."""

WRITTEN_DOWN = ("core/console/grid/export_job.py", "settlements/console/drafting.py")
"""Pages that compose what is kept: titles of jobs and simulations."""

NEVER_SAID = frozenset(
    {
        # patterns
        "[가-힣]",
        r"주식회사|유한책임회사|유한회사|합자회사|합명회사|재단법인|사단법인|\((?:주|유|재|사|합)\)",
        "([0-9]{1,2})[/월-]([0-9]{1,2})일?",
        r"^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
        r"(?:[\sT]+(오전|오후)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?$",
        "오후",
        # names of files
        "_반려",
        "수기_정산건_예시.csv",
        "주문_예시",
        "테스트_",
        # goods and a memo of the example file
        "도자기 수업",
        "배 3kg",
        "배송비 정정",
        "사과 5kg",
        "사과 외 1건",
    }
)
"""Constants with Korean that are no words of a page."""


def templates() -> list[Path]:
    found = sorted((ROOT / "templates").rglob("*.html"))
    return [path for path in found if not PAPERS.search(str(path.relative_to(ROOT)))]


def modules() -> list[Path]:
    found = [ROOT / "config/navigation.py"]
    for package in PACKAGES:
        found += sorted((ROOT / package).rglob("*.py"))
    return [path for path in found if not NOT_OF_THE_CONSOLE.search(f"/{path.relative_to(ROOT)}")]


def bare_words(path: Path) -> list[str]:
    """Korean of a template outside of `translate`, `blocktranslate` and `_()`."""
    source, inside, found = path.read_text(), False, []
    for token in Lexer(
        re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.S)
    ).tokenize():
        name = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        inside = name == "blocktranslate" or (inside and name != "endblocktranslate")
        if token.token_type == TokenType.COMMENT or inside or name == "translate":
            continue
        words = re.sub(r"""_\(("[^"]*"|'[^']*')\)""", "", token.contents)
        if HANGUL.search(words):
            found.append(words.strip())
    return found


def said_in_template(path: Path) -> set[Words]:
    code = templatize(path.read_text())
    plain = {("", _plain(words)) for words in SAID.findall(code)}
    return plain | {
        (_plain(context), _plain(words)) for context, words in SAID_IN_CONTEXT.findall(code)
    }


def _plain(literal: str) -> str:
    text: str = ast.literal_eval(literal)
    return text


def constants(path: Path) -> set[str]:
    """Korean constants of a module, without docstrings and the pieces of f-strings."""
    tree = ast.parse(path.read_text())
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            skipped.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            skipped.update(ast.walk(node))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node not in skipped and _is_korean(node.value)
    } - NEVER_SAID


def _is_korean(value: Any) -> bool:
    return isinstance(value, str) and bool(HANGUL.search(value))


def composed(path: Path) -> list[int]:
    """Lines of f-strings with Korean: anywhere on a page, elsewhere where something is refused."""
    if str(path.relative_to(ROOT)) in WRITTEN_DOWN:
        return []
    tree = ast.parse(path.read_text())
    roots = (
        [tree]
        if "/console/" in str(path)
        else [n for n in ast.walk(tree) if isinstance(n, ast.Raise)]
    )
    return [
        node.lineno
        for root in roots
        for node in ast.walk(root)
        if isinstance(node, ast.JoinedStr)
        and any(isinstance(part, ast.Constant) and _is_korean(part.value) for part in node.values)
    ]


def choices() -> set[str]:
    """Labels of choices and faces of every model of ours."""
    found = set()
    ours = [model for model in apps.get_models() if not model.__module__.startswith("django.")]
    for model in ours:
        for face in getattr(model, "FACES", {}).values():
            found |= {face.label, face.next_actor}
        for field in model._meta.get_fields():
            found |= {str(label) for _, label in getattr(field, "choices", None) or ()}
    return {label for label in found if HANGUL.search(label)}
