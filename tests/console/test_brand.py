"""Whatever colour a company picks, its words stay readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import BASE_DIR
from core.console import brand
from core.console.services import update_branding
from core.errors import Forbidden, InvalidRequest
from core.events.actors import Actor
from core.events.models import Event
from tests.console.conftest import text

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(colours)
def test_text_reaches_the_readable_contrast(colour):
    palette = brand.palette(colour)
    parse = brand._parse
    assert brand.contrast(parse(palette.brand), parse(palette.ink)) >= 4.5
    assert brand.contrast(parse(palette.text), (1.0, 1.0, 1.0)) >= 4.5
    assert brand.contrast(parse(palette.text_dark), brand.DARK_PAPER) >= 4.5


def test_no_dark_surface_that_links_lie_on_is_lighter():
    sheet = (BASE_DIR / "static/css/tokens.css").read_text()
    dark = sheet.split(':root[data-theme="dark"] {')[1].split("}")[0]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    surfaces = [
        found[name] for name in ("paper", "paper-low", "paper-high", "hover", "accent-paper")
    ]
    lightest = max(brand.contrast(brand._parse(surface), brand.BLACK) for surface in surfaces)
    assert brand.contrast(brand.DARK_PAPER, brand.BLACK) == pytest.approx(lightest, rel=0.01)


def test_contrast_of_black_and_white():
    assert brand.contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


def test_a_readable_colour_is_left_alone():
    assert brand.palette("#0f5c5c").text == "#0f5c5c"


@pytest.mark.parametrize("query", ["?v=0f5c5c", "?v=nonsense", "?v=red;}body{display:none", ""])
def test_the_sheet_holds_colours_only(client, query):
    response = client.get("/brand.css" + query)
    assert response.headers["Content-Type"] == "text/css"
    assert "--brand: #0f5c5c;" in text(response)
    assert "display" not in text(response)


def test_pages_ask_for_the_company_colour(browser, cast):
    cast.market_a.brand_colour = "#aa3366"
    cast.market_a.save()
    assert "/brand.css?v=aa3366" in text(browser(cast.owner).get("/console/market-a/live/"))


class TestSaving:
    def save(self, cast, member, logo=None):
        update_branding(
            company=cast.market_a,
            colour="#112233",
            sender_email="",
            logo=logo,
            actor=Actor.member(member),
        )

    def test_a_change_is_kept_and_noted(self, cast):
        self.save(cast, cast.owner)
        assert Event.objects.get(kind="company.branded").changes == {
            "brand_colour": ["#0f5c5c", "#112233"]
        }

    def test_a_viewer_may_not(self, cast):
        with pytest.raises(Forbidden):
            self.save(cast, cast.viewer)

    @pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"GIF89a", b""])
    def test_a_logo_is_judged_by_its_bytes(self, cast, content):
        from django.core.files.uploadedfile import SimpleUploadedFile

        with pytest.raises(InvalidRequest, match="PNG나 JPEG"):
            self.save(cast, cast.owner, SimpleUploadedFile("logo.png", content))
