"""The console in English: every Korean sentence of it has an English one in the catalog."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.console import korean

CATALOGS = sorted((korean.ROOT / "templates" / "locale" / "en").rglob("*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")


def name_of(path: Path) -> str:
    return str(path.relative_to(korean.ROOT))


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    entries = {}
    for path in CATALOGS:
        with path.open("rb") as file:
            found = [entry for entry in read_po(file) if entry.id and not entry.context]
            entries |= {entry.id: entry.string for entry in found}
    return entries


@pytest.mark.parametrize("path", korean.templates(), ids=name_of)
def test_template(path, english):
    assert korean.bare_words(path) == []
    assert missing(korean.said_in_template(path), english) == []


@pytest.mark.parametrize("path", korean.modules(), ids=name_of)
def test_module(path, english):
    assert korean.composed(path) == []
    assert missing(korean.constants(path), english) == []


def test_choices(english):
    assert missing(korean.choices(), english) == []


def missing(words: set[str], english: dict[str, str]) -> list[str]:
    return sorted(each for each in words if korean.HANGUL.search(each) and not english.get(each))


def test_english_says_the_same_numbers_and_names(english):
    """A placeholder that one side lacks would lose an amount or raise on the page."""
    differing = {
        words: said
        for words, said in english.items()
        if isinstance(words, str)
        and sorted(set(PLACEHOLDER.findall(words))) != sorted(set(PLACEHOLDER.findall(said)))
    }
    assert differing == {}


def test_english_holds_no_korean(english):
    assert [said for said in english.values() if korean.HANGUL.search(str(said))] == []


def test_compiled_catalog_is_of_today(english):
    """`make docs` compiles it."""
    compiled = CATALOGS[0].with_suffix(".mo")
    with compiled.open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    assert {words: catalog.gettext(words) for words in english} == english
