"""Six colours from one: what a company chose, made readable on light and on dark paper."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

DEFAULT = "#0f5c5c"
READABLE = 4.5
"""WCAG AA for text of normal size."""

Rgb = tuple[float, float, float]
WHITE: Rgb = (1.0, 1.0, 1.0)
BLACK: Rgb = (0.0, 0.0, 0.0)
DARK_PAPER: Rgb = (0.133, 0.188, 0.184)
"""The lightest a link lies on: `--accent-paper` of the dark tokens."""


@dataclass(frozen=True)
class Palette:
    brand: str
    """Fill of primary buttons, first chart series, document heads."""
    ink: str
    """Text on the fill."""
    strong: str
    """The fill under the pointer."""
    soft: str
    """Background of the current entry and of selected rows."""
    text: str
    """Links on white paper, at least 4.5 : 1."""
    text_dark: str
    """Links on dark paper, at least 4.5 : 1."""


def palette(colour: str) -> Palette:
    """The palette of a `#rrggbb` colour."""
    rgb = _parse(colour)
    ink = max((WHITE, BLACK), key=lambda text: contrast(rgb, text))
    return Palette(
        brand=_hex(rgb),
        ink=_hex(ink),
        strong=_hex(_mix(rgb, BLACK, 0.18)),
        soft=_hex(_mix(rgb, WHITE, 0.9)),
        text=_hex(_until_readable(rgb, WHITE, toward=0.0)),
        text_dark=_hex(_until_readable(rgb, DARK_PAPER, toward=1.0)),
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG contrast ratio, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def stylesheet(colour: str) -> str:
    colours = palette(colour)
    return (
        "@layer brand {\n:root {\n"
        f"  --brand: {colours.brand};\n  --brand-ink: {colours.ink};\n"
        f"  --brand-strong: {colours.strong};\n  --brand-soft: {colours.soft};\n"
        f"  --brand-text: {colours.text};\n  --brand-text-dark: {colours.text_dark};\n"
        "}\n}\n"
    )


@cache_control(public=True, max_age=31536000, immutable=True)
def brand_css(request: HttpRequest) -> HttpResponse:
    """`?v=` is the colour itself: no look-up, nothing to leak, cached for good."""
    colour = "#" + request.GET.get("v", "")
    valid = re.fullmatch(r"#[0-9a-fA-F]{6}", colour)
    return HttpResponse(stylesheet(colour if valid else DEFAULT), content_type="text/css")


def _parse(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (a * (1 - share) + b * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _until_readable(rgb: Rgb, paper: Rgb, *, toward: float) -> Rgb:
    """Keep the hue, move the lightness until text of this colour can be read."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb)
    for step in range(101):
        share = step / 100
        moved = colorsys.hls_to_rgb(hue, lightness * (1 - share) + toward * share, saturation)
        if contrast(_parse(_hex(moved)), paper) >= READABLE:
            return moved
    return (toward, toward, toward)
