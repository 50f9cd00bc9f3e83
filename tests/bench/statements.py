"""Papers of statements: CPU for each, and how many a second over all cores.

Beside them the same words in a bare table with the same font: by Typst, the least it can cost,
and by WeasyPrint, which set statements before. Every paper differs, as partners do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from html import escape

import typst
from django.conf import settings

from core.companies.models import Workspace
from payouts.documents.items import SHOWN_AT_FIRST
from payouts.documents.printed import printed
from payouts.documents.sample import sample_content
from payouts.documents.statement import TEMPLATE, Content
from payouts.documents.typesetting import typeset, typeset_many
from tests.bench import market, report
from tests.bench.measure import measure, middle

SIZES = (1_000, 4_000)
LINES = 8
"""Settlements of a payout: a month settled every week, with a cancel each."""

BARE_COUNT = 100
COLUMNS = 6
FONTS = settings.BASE_DIR / "static" / "fonts"
BARE_TYPST = f"""
#set text(font: "Jeongsan Sans", size: 8.5pt)
#table(columns: {COLUMNS}, ..json(bytes(sys.inputs.words)))
"""
BARE_STYLE = """
@font-face { font-family: Sans; src: url(jeongsan-sans-regular.otf) }
table { font: 8.5pt Sans; table-layout: fixed; width: 100% }
"""


def run(options: argparse.Namespace) -> None:
    workspace = market.open_market("statements", partners=1)
    per_row: dict[int, float] = {}
    for count in options.rows or SIZES:
        report.heading(f"{count:,} statements of one page, {LINES} settlements each")
        per_row[count] = _compare(workspace, count, options.rounds or 3)
    report.growth("CPU per statement", per_row)


def _compare(workspace: Workspace, count: int, rounds: int) -> float:
    ours, threaded, bare, before = [], [], [], []
    for _ in range(rounds):
        ours.append(measure(lambda: [typeset(TEMPLATE, printed(c)) for c in _some(workspace)]))
        bare.append(measure(_bare_typst(workspace)))
        before.append(measure(_bare_weasyprint(workspace)))
        threaded.append(measure(lambda: _all(workspace, count)))
    report.cost("ours, on every core", middle(threaded), count, "papers")
    for name, samples in (
        ("ours, one thread", ours),
        ("bare Typst", bare),
        ("bare WeasyPrint", before),
    ):
        report.cost(name, middle(samples), BARE_COUNT, "papers")
    for name, samples in (("bare Typst", bare), ("bare WeasyPrint", before)):
        ratios = [a.cpu_seconds / b.cpu_seconds for a, b in zip(ours, samples, strict=True)]
        report.ratio(f"CPU ratio to {name}", ratios, "≤ 3.0" if samples is bare else "≤ 0.3")
    each = middle(threaded).cpu_seconds / count
    report.line("CPU per statement", f"{each:.4f} s", "aim ≤ 0.10 s")
    return each


def _all(workspace: Workspace, count: int) -> None:
    """As the job does it: a hundred at a time."""
    for start in range(0, count, BARE_COUNT):
        words = [printed(_content(workspace, start + number)) for number in range(BARE_COUNT)]
        for _ in typeset_many(TEMPLATE, words):
            pass


def _some(workspace: Workspace) -> Iterator[Content]:
    return (_content(workspace, number) for number in range(BARE_COUNT))


def _content(workspace: Workspace, number: int) -> Content:
    content = sample_content(
        workspace, title="정산내역서", shown=list(SHOWN_AT_FIRST), notice="", name="측정"
    )
    lines = [{**content["lines"][0], "count": number + line} for line in range(LINES)]
    return content | {"number": f"st-{number:026d}", "lines": lines}


def _words(content: Content) -> list[str]:
    """Everything a paper says, in the order it says it."""
    found: list[str] = []

    def gather(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            gather(list(value.values()))
        elif isinstance(value, list | tuple):
            for each in value:
                gather(each)

    gather(printed(content))
    return found


def _bare_typst(workspace: Workspace) -> Callable[[], None]:
    pages = [json.dumps(_words(content)) for content in _some(workspace)]
    compiler = typst.Compiler(font_paths=[FONTS], ignore_system_fonts=True)

    def work() -> None:
        for page in pages:
            compiler.compile(BARE_TYPST.encode(), sys_inputs={"words": page}, pdf_tags=False)

    return work


def _bare_weasyprint(workspace: Workspace) -> Callable[[], None]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    style = CSS(string=BARE_STYLE, base_url=f"{FONTS}/", font_config=fonts)
    pages = [_table(_words(content)) for content in _some(workspace)]

    def work() -> None:
        for page in pages:
            HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)

    return work


def _table(words: list[str]) -> str:
    cells = [f"<td>{escape(word)}" for word in words]
    rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
    return f"<table>{''.join('<tr>' + ''.join(row) for row in rows)}</table>"
