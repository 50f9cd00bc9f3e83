"""How the API takes and gives JSON, whatever is sent (contract.md a.1–a.7)."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.contract import bodies
from tests.contract.sdk import Sdk

POLICIES = "/platform/discount-share-policies"
POLICY = {"name": "쿠폰", "partnerShareRate": 1}
BROKEN = {
    "cut off": b'{"name": ',
    "null": b'{"name": null, "partnerShareRate": 1}',
    "a fraction": b'{"name": "a", "partnerShareRate": 1.5}',
    "a text for a number": b'{"name": "a", "partnerShareRate": "1"}',
    "beyond 64 bits": b'{"name": "a", "partnerShareRate": 9223372036854775808}',
    "a thousand digits": b'{"name": "a", "partnerShareRate": ' + b"9" * 1000 + b"}",
    "not UTF-8": b'{"name": "\xff", "partnerShareRate": 1}',
    "half a character": b'{"name": "\\ud800", "partnerShareRate": 1}',
    "NUL": b'{"name": "\\u0000", "partnerShareRate": 1}',
    "NaN": b'{"name": "a", "partnerShareRate": NaN}',
    "nested too deep": b'{"name": ' + b"[" * 100_000,
    "a list": b"[]",
}


@pytest.mark.parametrize("kind", ["text/plain;charset=UTF-8", "application/xml", "", "nonsense"])
def test_json_whatever_the_content_type(sdk: Sdk, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = sdk.raw.post(f"{POLICIES}?test=true", content=json.dumps(POLICY), headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_bodies_are_refused_and_nothing_is_kept(sdk: Sdk, name: str) -> None:
    answer = sdk.raw.post(f"{POLICIES}?test=true", content=BROKEN[name])
    assert (answer.status_code, answer.json()["type"]) == (400, "INVALID_REQUEST")
    assert sdk.policy.get_platform_discount_share_policies().page.total_count == 0


def test_the_last_of_duplicated_keys_counts(sdk: Sdk) -> None:
    body = b'{"name": "a", "partnerShareRate": 1, "partnerShareRate": 2}'
    answer = sdk.raw.post(f"{POLICIES}?test=true", content=body)
    assert answer.json()["discountSharePolicy"]["partnerShareRate"] == 2


@pytest.mark.parametrize("id", ["없는 아이디", "a%2Fb", "%00", "%FF", "..%2F..%2Fetc", "a" * 3000])
def test_strange_ids_are_not_found_or_refused(sdk: Sdk, id: str) -> None:
    headers = {"Authorization": f"PortOne {sdk.secret}"}
    answer = httpx.get(f"{sdk.url}{POLICIES}/{id}", headers=headers)
    assert answer.status_code in {400, 404}
    assert answer.json()["type"] in {
        "INVALID_REQUEST",
        "NOT_FOUND",
        "PLATFORM_DISCOUNT_SHARE_POLICY_NOT_FOUND",
    }


@pytest.mark.parametrize("id", ["가나다", "a/b", "", "a" * 101, "a b"])
def test_strange_ids_are_never_given(sdk: Sdk, id: str) -> None:
    answer = sdk.raw.post(f"{POLICIES}?test=true", json={**POLICY, "id": id})
    assert (answer.status_code, answer.json()["type"]) == (400, "INVALID_REQUEST")


def test_a_get_is_filtered_by_its_query_or_its_body(sdk: Sdk) -> None:
    for id in ("one", "two"):
        sdk.policy.create_platform_discount_share_policy(id=id, name=id, partner_share_rate=1)
    asked = json.dumps({"filter": {"keyword": {"id": "one"}}})
    queried = sdk.raw.get(POLICIES, params={"test": "true", "requestBody": asked})
    sent = sdk.raw.request("GET", f"{POLICIES}?test=true", content=asked)
    for answer in (queried, sent):
        assert [item["id"] for item in answer.json()["items"]] == ["one"]
    broken = sdk.raw.get(POLICIES, params={"requestBody": "{"})
    assert broken.json()["type"] == "INVALID_REQUEST"


def test_two_companies_see_nothing_of_each_other(sdk: Sdk, new_market) -> None:
    sdk.policy.create_platform_contract(**bodies.contract())
    sdk.partner.create_platform_partner(**bodies.partner())
    sdk.transfer.create_platform_order_transfer(**bodies.order("a"))
    stranger = new_market().sdk()
    for path in ("contracts/ct", "partners/ptn", "transfers/trs-a"):
        answer = stranger.raw.get(f"/platform/{path}?test=true")
        assert answer.status_code == 404, path
    for path in ("contracts", "partners"):
        assert stranger.raw.get(f"/platform/{path}?test=true").json()["items"] == []
