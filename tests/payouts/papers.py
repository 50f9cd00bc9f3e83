"""What papers say, as a reader of PDFs finds it."""

from __future__ import annotations

import io

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in columns as it stands there."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [page.extract_text(extraction_mode="layout") for page in pages]
