"""A process that draws: pickled (template, content) in; PDF bytes, or why not as text, out.

    python -m core.drawing

Its parent is `core.rendering.Drawer`, on both ends of the pipe; nobody else is listened to.
"""

from __future__ import annotations

import pickle
import sys
import traceback

import django

django.setup()

from core.rendering import render_pdf  # noqa: E402


def main() -> None:
    asks, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            template, content = pickle.load(asks)
        except EOFError:
            return
        pickle.dump(_drawn(template, content), answers)
        answers.flush()


def _drawn(template: str, content: dict[str, object]) -> bytes | str:
    """A failed drawing is the asker's to handle; its traceback travels as text."""
    try:
        return render_pdf(template, content)
    except Exception:
        return traceback.format_exc()


if __name__ == "__main__":
    main()
