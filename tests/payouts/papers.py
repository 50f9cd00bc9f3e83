"""What papers say, as a reader of PDFs finds it."""

from __future__ import annotations

import subprocess


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in columns as it stands there."""
    out = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return out.stdout.decode().split("\f")[:-1]
