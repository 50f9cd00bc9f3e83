"""What a client hears that the web server refuses, over bare sockets: an answer, and in JSON."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.contract.conftest import Market
from tests.live import LiveServer

POLICIES = "/platform/discount-share-policies"
PATIENCE_SECONDS = 30
LONG_BYTES = 9 * 1024 * 1024


@dataclass(frozen=True)
class Heard:
    status: int
    content_type: str
    body: Any


class Talk:
    """One connection: requests written out by hand, answers read one after another."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.host = place.netloc
        self.socket = socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)

    def say(self, line: str, *headers: str, body: bytes = b"", host: str = "") -> Heard:
        lines = (line, f"Host: {host or self.host}", *headers)
        self.socket.sendall("\r\n".join((*lines, "", "")).encode() + body)
        return self.hear()

    def post(self, path: str, *headers: str, length: int) -> Heard:
        """All of the body is written before anything is read, as most clients do."""
        return self.say(
            f"POST {path} HTTP/1.1", f"Content-Length: {length}", *headers, body=b"x" * length
        )

    def hear(self) -> Heard:
        answer = HTTPResponse(self.socket)
        answer.begin()
        body = json.loads(answer.read())
        return Heard(answer.status, answer.headers["Content-Type"], body)


@pytest.fixture
def talk(server: LiveServer) -> Iterator[Talk]:
    started = Talk(server.url)
    with started.socket:
        yield started


def authorization(market: Market) -> str:
    return f"Authorization: PortOne {market.secret}"


@pytest.mark.parametrize("length", [100_000, LONG_BYTES])
@pytest.mark.parametrize(
    ("path", "status"), [(POLICIES, 401), ("/platform/nowhere", 404), (f"{POLICIES}/a", 405)]
)
def test_refused_before_its_body_is_read_and_the_connection_lives(
    talk: Talk, path: str, status: int, length: int
) -> None:
    for _ in range(3):
        heard = talk.post(path, length=length)
        assert (heard.status, heard.content_type) == (status, "application/json")


def test_a_body_beyond_the_limit_is_answered(talk: Talk, market: Market) -> None:
    for _ in range(2):
        heard = talk.post(POLICIES, authorization(market), length=LONG_BYTES * 4)
        assert (heard.status, heard.body["type"]) == (413, "REQUEST_TOO_LARGE")


def test_a_body_without_a_length_is_refused(talk: Talk, market: Market) -> None:
    chunk = b'{"name": "a", "partnerShareRate": 1}'
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(chunk), chunk)
    head = (f"POST {POLICIES} HTTP/1.1", authorization(market), "Transfer-Encoding: chunked")
    for _ in range(2):
        heard = talk.say(*head, body=body)
        assert (heard.status, heard.body["type"]) == (411, "LENGTH_REQUIRED")


@pytest.mark.parametrize(
    ("line", "headers", "status", "type"),
    [
        (f"GET {POLICIES}?requestBody={'a' * 9000} HTTP/1.1", (), 414, "REQUEST_URI_TOO_LONG"),
        (f"GET {POLICIES} HTTP/1.1", (f"X: {'a' * 9000}",), 431, "REQUEST_HEADERS_TOO_LARGE"),
        (f"GET {POLICIES} HTTP/1.1", ("Transfer-Encoding: odd",), 400, "INVALID_REQUEST"),
        (f"GET /p/a-token{POLICIES} of a partner HTTP/1.1", (), 400, "INVALID_REQUEST"),
    ],
)
def test_what_is_no_request_is_refused_in_json(
    server: LiveServer, talk: Talk, line: str, headers: tuple[str, ...], status: int, type: str
) -> None:
    heard = talk.say(line, *headers)
    assert (heard.status, heard.content_type) == (status, "application/json")
    assert heard.body["type"] == type
    assert "a-token" not in server.log("web")


def test_another_host_is_refused_in_json(talk: Talk) -> None:
    heard = talk.say(f"GET {POLICIES} HTTP/1.1", host="elsewhere.example")
    assert (heard.status, heard.body["type"]) == (400, "INVALID_REQUEST")
