"""Is the account holder the bank names the one we were told? (korea-rules 6.4)"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class NameMatch(StrEnum):
    MATCH = "MATCH"
    REVIEW = "REVIEW"
    """Probably the same (cut short by the bank, a shop name behind, words turned around):
    a person decides."""
    MISMATCH = "MISMATCH"


COMPANY_FORMS = re.compile(
    r"주식회사|유한책임회사|유한회사|합자회사|합명회사|재단법인|사단법인|\((?:주|유|재|사|합)\)"
)
SHORTEST_PREFIX = 4
"""Banks cut long names; two or three syllables in common prove nothing."""


def compare_names(registered: str, found: str) -> NameMatch:
    """Compare a registered holder name with the one the bank answered."""
    ours, theirs = _without_form(registered), _without_form(found)
    a, b = _letters(ours), _letters(theirs)
    if not a or not b:
        return NameMatch.MISMATCH
    if a == b:
        return NameMatch.MATCH
    if _looks_alike(a, b) or _before_bracket(ours) == b or _before_bracket(theirs) == a:
        return NameMatch.REVIEW
    if sorted(ours.casefold().split()) == sorted(theirs.casefold().split()):
        return NameMatch.REVIEW
    return NameMatch.MISMATCH


def _without_form(name: str) -> str:
    return COMPANY_FORMS.sub(" ", unicodedata.normalize("NFKC", name)).strip()


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _before_bracket(name: str) -> str:
    """`이름` of `이름(상호)`, else nothing."""
    head, bracket, _ = name.partition("(")
    return _letters(head) if bracket else ""


def _looks_alike(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) >= SHORTEST_PREFIX and long.startswith(short)
