"""python -m tests.bench [subject …] [--rows N …] [--rounds N]: ratios, not pass or fail."""

from __future__ import annotations

import argparse
import os
import tempfile
from importlib import import_module

SUBJECTS = ("upload", "settling", "lists", "export", "api", "statements")
"""Modules beside this one, each with `run(options)`."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=", ".join(SUBJECTS))
    parser.add_argument("--rows", type=int, nargs="+", help="sizes instead of a subject's own")
    parser.add_argument("--rounds", type=int, help="pairs of measurements instead of its own")
    options = parser.parse_args()
    unknown = sorted(set(options.subjects) - set(SUBJECTS))
    if unknown:
        parser.error(f"no subject {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    return options


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="jeongsan-bench-") as var:
        os.environ |= {
            "JEONGSAN_VAR": var,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "RINGS_WORKERS": "false",
            "LOG_LEVEL": "WARNING",
        }
        from tests.bench import machine, stage  # they read the environment

        with stage.instance():
            machine.describe()
            for subject in options.subjects or SUBJECTS:
                import_module(f"tests.bench.{subject}").run(options)


if __name__ == "__main__":
    main()
