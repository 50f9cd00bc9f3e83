"""Vendored files are the ones we looked at; templates keep to what the CSP allows."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
LISTED = re.findall(
    r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", (STATIC / "vendor/README.md").read_text(), re.M
)
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
NOT_PAGES = ("mail", "mail.html", "documents")
"""Letters and PDFs carry their own style and meet no policy."""
PAGES = [path for path in TEMPLATES if not {*NOT_PAGES} & {*path.parts}]

FORBIDDEN = {
    "an inline style": r"\sstyle=",
    "a style element": r"<style[\s>]",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline handler": r"\son[a-z]+=",
    "script in an attribute": r"\bjavascript:|[\"']js:",
    "an htmx feature outside the dialect": r"\shx-(on|ext|vars|headers|boost)\b",
    "an address of another site": r"(src|href)=[\"'](https?:)?//",
}


@pytest.mark.parametrize(("name", "digest"), LISTED)
def test_a_vendored_file_is_unchanged(name, digest):
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_listed():
    kept = {path for folder in ("vendor", "fonts") for path in (STATIC / folder).iterdir()}
    binary = {path for path in kept if path.suffix in {".js", ".woff2", ".otf", ".css"}}
    assert {str(path.relative_to(STATIC)) for path in binary} == {name for name, _ in LISTED}


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_hold_nothing_the_policy_refuses(template, what):
    found = re.findall(FORBIDDEN[what], template.read_text())
    assert not found, f"{template} holds {what}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_htmx_element_says_where_its_answer_goes(template):
    for tag in re.findall(r"<[a-z-]+[^<>]*\shx-(?:get|post)=(?:[^<>]|<=)*>", template.read_text()):
        assert "hx-target=" in tag, (template, tag)
        assert "hx-swap=" in tag, (template, tag)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_post_form_carries_a_csrf_token(template):
    if "pages" in template.parts:
        return  # no session there: the token in the address is the permission, not a cookie
    if template.name == "language.html":
        return  # on those pages too; a foreign form could win nothing by it
    text = template.read_text()
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S)
    assert all("{% csrf_token %}" in form for form in forms), template


def test_scripts_evaluate_nothing():
    for path in (STATIC / "js").rglob("*.js"):
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML\s*=|insertAdjacentHTML", text), path
        assert len(text.splitlines()) <= 200, path
