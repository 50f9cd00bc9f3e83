"""The adapter against a server that answers as data.go.kr does."""

import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from partners.providers import nts_open_api
from partners.providers.base import BusinessFacts, BusinessQuery, LookUpFailed, LookUpSilent
from partners.providers.nts_open_api import NtsOpenApi

UNREGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."


def business(number, status, taxation, **facts):
    return {
        "b_no": number,
        "b_stt": "",
        "b_stt_cd": status,
        "tax_type": "",
        "tax_type_cd": taxation,
        "end_dt": "",
        "utcc_yn": "N",
        "tax_type_change_dt": "",
        "invoice_apply_dt": "",
        "rbf_tax_type": "",
        "rbf_tax_type_cd": "99",
    } | facts


ROWS = [
    business("1248100998", "01", "01"),
    business("2208162517", "02", "07", tax_type_change_dt="20240701"),
    business("1208147521", "03", "02", end_dt="20230131"),
    business("1208800767", "", "", tax_type=UNREGISTERED),
    business("1018109147", "01", "04"),
    business("1048137225", "01", "06"),
    business("1078614075", "01", "03"),
]


class Portal(BaseHTTPRequestHandler):
    answer: tuple[int, bytes] = (200, b"{}")
    seen: list[tuple[str, dict]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Portal.seen.append((self.path, json.loads(body)))
        status, content = Portal.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def portal():
    server = HTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Portal.seen = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask(url, key="a+b/c==", numbers=("1248100998",)):
    return NtsOpenApi(key, url).statuses([BusinessQuery(number) for number in numbers])


def answer(status=200, **body):
    Portal.answer = (status, json.dumps(body).encode())


def test_codes_become_the_words_of_the_contract(portal):
    answer(request_cnt=7, match_cnt=6, status_code="OK", data=ROWS)
    found = ask(portal, numbers=[row["b_no"] for row in ROWS])
    assert list(found.values()) == [
        BusinessFacts("1248100998", "IN_BUSINESS", "NORMAL"),
        BusinessFacts(
            "2208162517", "SUSPENDED", "SIMPLE_TAX_INVOICE_ISSUER", date(2024, 7, 1), None
        ),
        BusinessFacts("1208147521", "CLOSED", "SIMPLE", None, date(2023, 1, 31)),
        BusinessFacts("1208800767", "NOT_FOUND", ""),
        BusinessFacts("1018109147", "IN_BUSINESS", "TAX_FREE"),
        BusinessFacts("1048137225", "IN_BUSINESS", "ASSIGNED_ID_NUMBER"),
        BusinessFacts("1078614075", "IN_BUSINESS", "SPECIAL"),
    ]


@pytest.mark.parametrize("key", ["a+b/c==", "a%2Bb%2Fc%3D%3D"])
def test_the_key_is_encoded_once_however_it_was_handed_out(portal, key):
    answer(status_code="OK", data=[])
    ask(portal, key)
    path, body = Portal.seen[0]
    assert urlsplit(path).path == "/status"
    assert "serviceKey=a%2Bb%2Fc%3D%3D" in path
    assert parse_qs(urlsplit(path).query)["returnType"] == ["JSON"]
    assert body == {"b_no": ["1248100998"]}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"code": -4, "msg": "등록되지 않은 인증키 입니다."}, LookUpFailed),
        (413, {"status_code": "TOO_LARGE_REQUEST"}, LookUpFailed),
        (200, {"status_code": "BAD_JSON_REQUEST"}, LookUpFailed),
        (200, {"code": -4, "msg": "등록되지 않은 인증키 입니다."}, LookUpFailed),
        (500, {"status_code": "INTERNAL_ERROR"}, LookUpSilent),
        (429, {}, LookUpSilent),
    ],
)
def test_refusals_and_silence_are_told_apart(portal, status, body, error):
    answer(status, **body)
    with pytest.raises(error) as raised:
        ask(portal)
    assert type(raised.value) is error
    assert "a%2Bb" not in str(raised.value)


def test_time_outs_and_nonsense_are_silence(portal, monkeypatch):
    Portal.answer = (200, b"<html>maintenance</html>")
    with pytest.raises(LookUpSilent):
        ask(portal)
    with pytest.raises(LookUpSilent):
        ask("http://127.0.0.1:9")
    assert nts_open_api.TIMEOUT_SECONDS == 10
