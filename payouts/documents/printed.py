"""What the paper of a statement says, word for word: the template only says where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.console.brand import palette
from core.console.formats import figure, registration_number, unit_of, won
from payouts.documents.statement import Content
from payouts.documents.typesetting import is_image
from payouts.documents.waterfall import bars
from payouts.documents.words import bank_name, confirmed, fingerprint, joined, partner_kind

MONEY = ("order", "deductions", "settlement")
LONG_WORD = re.compile(r"[!-~]{24}(?=[!-~])")
ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"


def printed(content: Content) -> dict[str, Any]:
    """For `payouts/statement.typ`: text and numbers of points, nothing left to work out."""
    shown, amounts = content["shown"], content["amounts"]
    colours, currency = palette(content["company"]["colour"]), content["currency"]
    return {
        "title": content["title"],
        "number": content["number"],
        "foot": _foot(content),
        "is_test": content["is_test"],
        "colour": colours.brand,
        "readable": colours.text,
        "logo": _logo(content["company"]["logo"]),
        "company": _breakable(content["company"]["name"]),
        "letterhead": _letterhead(content["company"]) if "sender" in shown else [],
        "reference": [f"지급일 {content['paid_on']}"] * bool(content["paid_on"])
        + [content["number"]],
        "facts": list(_facts(content)),
        "glance": _glance(content) if "steps" in shown else [],
        "unit": unit_of(currency),
        "paid": figure(amounts["amount"], currency),
        "steps": bars(_steps(content), amounts["amount"], currency) if "steps" in shown else [],
        "confirmed": [[label, figure(amount, currency)] for label, amount in confirmed(content)],
        "notice": _breakable(content["notice"]).splitlines(),
        "lines": [_line(line, currency) for line in content["lines"]] if "lines" in shown else None,
        "transfers": [_transfer(transfer, currency) for transfer in content["transfers"]],
        "transfer_count": f"{won(len(content['transfers']))}건",
        "line_sums": _sums(content["lines"], currency),
        "transfer_sums": _sums(content["transfers"], currency),
    }


def _foot(content: Content) -> str:
    template = content["template"]
    return joined(
        content["number"],
        f"{template['name']} v{template['revision']}",
        f"레이아웃 {content['layout']}",
        f"SHA-256 {fingerprint(content)}",
    )


def _letterhead(company: dict[str, str]) -> list[str]:
    """Who sends it: number and representative, address, where to ask."""
    representative = company["representative"] and f"대표 {company['representative']}"
    number = registration_number(company["registration_number"])
    ask = joined(company["email"], company.get("phone", ""))
    lines = [joined(number, representative), company["address"], ask]
    return [_breakable(line) for line in lines if line]


def _facts(content: Content) -> list[dict[str, str]]:
    """Label, what stands out, and the rest, for each that is shown and known."""
    shown, partner = content["shown"], content["partner"]
    name = partner["name"] if "partner_name" in shown else ""
    account = f"{bank_name(partner['bank'])} {partner['account']}" if "account" in shown else ""
    holder = partner["holder"] if "holder" in shown else ""
    facts = [
        ("받는 분", name, partner_kind(content)),
        ("지급 계좌", "", f"{account} {holder}".strip()),
        ("정산 기간", "", _period(content["period"]) if "period" in shown else ""),
    ]
    return [
        {"label": label, "name": _breakable(name), "words": _breakable(words)}
        for label, name, words in facts
        if name or words
    ]


def _period(period: dict[str, str]) -> str:
    return " – ".join(dict.fromkeys(day for day in (period["from"], period["until"]) if day))


def _glance(content: Content) -> list[tuple[str, str]]:
    glance, currency = content["glance"], content["currency"]
    words = {"총 주문": glance["orders"], "차감·가감": glance["change"]}
    return [(label, figure(amount, currency)) for label, amount in words.items()]


def _steps(content: Content) -> Sequence[tuple[str, int]]:
    return [(step["label"], step["amount"]) for step in content["steps"]]


def _line(line: dict[str, Any], currency: str) -> list[str]:
    return [
        line["date"],
        line["type"],
        _breakable(line["contract"]),
        won(line["count"]),
        *_money(line, currency),
    ]


def _transfer(transfer: dict[str, Any], currency: str) -> list[str]:
    named = [_breakable(transfer[key]) for key in ("name", "payment")]
    return [transfer["date"], transfer["type"], *named, *_money(transfer, currency)]


def _money(line: dict[str, Any], currency: str) -> list[str]:
    return [figure(line[key], currency) for key in MONEY]


def _sums(lines: Sequence[dict[str, Any]], currency: str) -> list[str]:
    return [figure(sum(line[key] for line in lines), currency) for key in MONEY]


def _breakable(text: str) -> str:
    """Long ids and addresses may go on in the next line anywhere; Korean always may."""
    return LONG_WORD.sub(lambda found: found[0] + ZERO_WIDTH_SPACE, text)


def _logo(name: str) -> str:
    """Where it lies in the media folder; without one that can be read the paper has none."""
    path = f"/{name}"
    return path if name and is_image(path) else ""
