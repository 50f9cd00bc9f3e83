"""A form of a page, filled in as a browser would post it back."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

from django.http import HttpResponse

Fields = dict[str, list[str]]


def fields_of(page: HttpResponse, form: str = "") -> Fields:
    """The fields of the form with this class, or of all; buttons are left out."""
    reader = FormReader(form)
    reader.feed(page.content.decode())
    return reader.fields


class FormReader(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.fields = form, Fields()
        self.inside = False
        self.name: str | None = None
        """Of the textarea or select that is open."""
        self.text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = not self.form or self.form in (given.get("class") or "").split()
        elif self.inside and tag in ("textarea", "select"):
            self.name, self.text = given["name"], "" if tag == "textarea" else None
        elif self.inside and tag == "input" and _is_posted(given):
            self._add(given["name"], given.get("value"))
        elif self.inside and tag == "option" and "selected" in given:
            self._add(self.name, given.get("value"))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text is not None:
            self._add(self.name, self.text)
            self.text = None

    def _add(self, name: str | None, value: str | None) -> None:
        if name:
            self.fields.setdefault(name, []).append(value or "")


def _is_posted(given: Mapping[str, str | None]) -> bool:
    return given.get("type") not in ("radio", "checkbox") or "checked" in given
