"""The processes that serve, on a real database and broker."""

import json
import time
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.live import LiveServer

pytestmark = pytest.mark.crash


def health(server: LiveServer) -> dict[str, bool]:
    try:
        response = urlopen(f"{server.url}/healthz", timeout=10)
    except HTTPError as error:
        response = error
    body: dict[str, bool] = json.loads(response.read())
    return body


def wait_for_worker(server: LiveServer) -> None:
    deadline = time.monotonic() + 60
    while not health(server)["worker"]:
        assert time.monotonic() < deadline, server.log("worker")
        time.sleep(0.2)


def test_health_names_what_is_missing(live_server_process: LiveServer) -> None:
    server = live_server_process
    server.start("web")
    assert health(server) == {"database": True, "broker": True, "worker": False}
    server.start("worker")
    wait_for_worker(server)
    assert health(server) == {"database": True, "broker": True, "worker": True}


def test_a_killed_web_server_starts_again(live_server_process: LiveServer) -> None:
    server = live_server_process
    server.start("web")
    server.kill("web")
    with pytest.raises(OSError, match="refused"):
        urlopen(server.url, timeout=5)
    server.start("web")
    assert health(server)["database"]


def test_pages_keep_to_themselves(live_server_process: LiveServer) -> None:
    server = live_server_process
    server.start("web")
    with pytest.raises(HTTPError, match="404") as caught:
        urlopen(f"{server.url}/p/a-token-that-must-not-be-logged")
    policy = caught.value.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert len(caught.value.headers["X-Request-Id"]) == 32
    assert "must-not-be-logged" not in server.log("web")
