"""The guide's snippets, in its order, against a live server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.conftest import Market

ROOT = Path(__file__).parents[2]
SNIPPET = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(language: str) -> list[str]:
    text = (ROOT / "docs" / "integrating.md").read_text()
    return [code for kind, code in SNIPPET.findall(text) if kind == language]


def run(market: Market, *command: str) -> str:
    environment = os.environ | {"SECRET": market.secret, "BASE_URL": market.url}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_snippets_run_as_they_are_written(market: Market) -> None:
    printed = run(market, sys.executable, "-c", "\n".join(snippets("python")))
    assert "8900 2023-08-31" in printed
    assert "guide-partner 50000 SUCCEEDED" in printed
    assert printed.endswith("TaxInvoice.Issued\n")
    calls = [code for code in snippets("sh") if code.startswith("curl")]
    answers = [run(market, "bash", "-c", code) for code in calls]
    assert len(answers) == 3
    assert '"settlement":8900' in answers[1]


def test_the_javascript_snippets_parse(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("NO NODE: THE GUIDE'S JAVASCRIPT IS NOT CHECKED")
    for at, code in enumerate(snippets("js")):
        file = tmp_path / f"snippet-{at}.mjs"
        file.write_text(code)
        subprocess.run([node, "--check", file], check=True, timeout=60)


def test_the_javascript_snippets_run(market: Market, tmp_path: Path) -> None:
    """With `npm install @portone/server-sdk` somewhere and NODE_SDK naming that folder."""
    folder, node = os.environ.get("NODE_SDK"), shutil.which("node")
    if not folder or node is None:
        pytest.skip("NO NODE_SDK: THE GUIDE'S JAVASCRIPT IS ONLY PARSED")
    run(market, sys.executable, "-c", snippets("python")[0])
    file = Path(folder) / "guide.mjs"
    file.write_text("\n".join(snippets("js")))
    try:
        assert "guide-partner-js" in run(market, node, str(file))
    finally:
        file.unlink()
