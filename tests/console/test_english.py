"""The console in English: every Korean sentence of it has an English one in the catalog."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.console import korean

CATALOG = korean.ROOT / "templates" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")


def name_of(path: Path) -> str:
    return str(path.relative_to(korean.ROOT))


@pytest.fixture(scope="module")
def english() -> dict[korean.Words, str]:
    with CATALOG.open("rb") as file:
        return {
            (entry.context or "", entry.id): entry.string for entry in read_po(file) if entry.id
        }


@pytest.fixture(scope="module")
def known(english) -> set[str]:
    """Korean that has English, in whichever context."""
    return {words for _, words in english}


@pytest.mark.parametrize("path", korean.templates(), ids=name_of)
def test_template(path, english):
    assert korean.bare_words(path) == []
    assert sorted(korean.said_in_template(path) - english.keys()) == []


@pytest.mark.parametrize("path", korean.modules(), ids=name_of)
def test_module(path, known):
    assert korean.composed(path) == []
    assert sorted(korean.constants(path) - known) == []


def test_choices(known):
    assert sorted(korean.choices() - known) == []


def test_english_says_the_same_numbers_and_names(english):
    """A placeholder that one side lacks would lose an amount or raise on the page."""
    assert {
        words: said for words, said in english.items() if _named(words[1]) != _named(said)
    } == {}


def _named(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_english_is_whole_and_holds_no_korean(english):
    assert [
        words for words, said in english.items() if not said or korean.HANGUL.search(said)
    ] == []


def test_compiled_catalog_is_of_today(english):
    """`make docs` compiles it."""
    with CATALOG.with_suffix(".mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    assert {words: compiled(catalog, *words) for words in english} == english


def compiled(catalog: gettext.GNUTranslations, context: str, words: str) -> str:
    return catalog.pgettext(context, words) if context else catalog.gettext(words)
