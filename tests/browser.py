"""Where a Chromium is. `python -m tests.browser` exits 1 when there is none."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """CHROMIUM, one on the PATH, or the one that playwright installed."""
    candidates = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    found = next((path for path in candidates if path and not _is_snap(path)), None)
    return found or _playwrights_own()


def _is_snap(path: str) -> bool:
    """Ubuntu's packages only point to a snap, which containers cannot run."""
    resolved = Path(path).resolve()
    return "snap" in resolved.parts or b"snap" in resolved.read_bytes()[:4096]


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    sys.exit(chromium_path() is None)
