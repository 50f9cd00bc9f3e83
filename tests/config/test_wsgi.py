"""Who sends a request and never ends it does not hold a thread for good."""

from __future__ import annotations

import socket

import pytest

from config import wsgi


@pytest.mark.parametrize("sent", [b"", b"x" * 10])
def test_waiting_for_the_end_of_a_request_ends(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(wsgi, "PATIENCE_SECONDS", 0.1)
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as body:
        theirs.sendall(sent)
        wsgi._read_to_the_end(body, ours)
        assert ours.gettimeout() is None
