"""The Popbill client against a server that answers as Popbill does."""

import base64
import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core import clock
from core.popbill import Popbill, PopbillRefused, PopbillSilent

SECRET = base64.b64encode(b"a secret of thirty-two bytes....").decode()


class Server(BaseHTTPRequestHandler):
    seen: list[dict] = []
    answers: dict[str, tuple[int, bytes]] = {}
    lives_seconds = 1800

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        Server.seen.append(
            {"method": self.command, "path": self.path, "headers": headers, "body": body}
        )
        status, content = Server.answers.get(self.path.partition("?")[0], (200, b"{}"))
        if self.path.endswith("/Token"):
            expires = clock.now() + timedelta(seconds=Server.lives_seconds)
            token = {"session_token": "token-1", "expiration": expires.isoformat()}
            status, content = 200, json.dumps(token).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _answer

    def log_message(self, *args):
        pass


@pytest.fixture
def url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Server.seen, Server.answers, Server.lives_seconds = [], {}, 1800
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def popbill(url):
    return Popbill("LINK", SECRET, ["170"], test=True, auth_url=url, api_url=url)


def test_a_token_is_asked_for_with_a_signature(popbill):
    popbill.get("/CloseDown", "1248100998", {"CN": "2208162517"})
    asked, called = Server.seen
    headers = asked["headers"]
    digest = base64.b64encode(hashlib.sha256(asked["body"]).digest()).decode()
    target = f"POST\n{digest}\n{headers['x-lh-date']}\n*\n2.0\n/POPBILL_TEST/Token"
    key = b"a secret of thirty-two bytes...."
    signed = base64.b64encode(hmac.new(key, target.encode(), hashlib.sha256).digest()).decode()
    assert asked["path"] == "/POPBILL_TEST/Token"
    assert headers["authorization"] == f"LINKHUB LINK {signed}"
    assert json.loads(asked["body"]) == {"access_id": "1248100998", "scope": ["member", "170"]}
    assert called["path"] == "/CloseDown?CN=2208162517"
    assert called["headers"]["authorization"] == "Bearer token-1"


def test_tokens_are_kept_per_member_until_they_end(popbill):
    for member in ("1248100998", "1248100998", "2208162517"):
        popbill.get("/CloseDown", member)
    assert sum(seen["path"].endswith("/Token") for seen in Server.seen) == 2
    Server.lives_seconds = 30
    popbill._tokens.clear()
    popbill.get("/CloseDown", "1248100998")
    popbill.get("/CloseDown", "1248100998")
    assert sum(seen["path"].endswith("/Token") for seen in Server.seen) == 4


def test_threads_share_one_token(popbill):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: popbill.get("/CloseDown", "1248100998"), range(24)))
    assert sum(seen["path"].endswith("/Token") for seen in Server.seen) == 1


def test_acts_are_named_in_a_header(popbill):
    popbill.post("/Taxinvoice", "1248100998", {"메모": "가"}, act="ISSUE")
    sent = Server.seen[-1]
    assert sent["headers"]["x-http-method-override"] == "ISSUE"
    assert json.loads(sent["body"]) == {"메모": "가"}


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, '{"code": -17000001, "message": "사업자번호 오류"}', PopbillRefused),
        (500, '{"code": -99999998, "message": "내부 오류"}', PopbillSilent),
        (502, "<html>Bad Gateway</html>", PopbillSilent),
        (200, "<html>maintenance</html>", PopbillSilent),
    ],
)
def test_a_no_and_silence_are_told_apart(popbill, status, content, error):
    Server.answers["/CloseDown"] = (status, content.encode())
    with pytest.raises(error):
        popbill.get("/CloseDown", "1248100998")


def test_nobody_there_is_silence():
    popbill = Popbill("LINK", SECRET, [], auth_url="http://127.0.0.1:9")
    with pytest.raises(PopbillSilent):
        popbill.get("/CloseDown", "1248100998")
