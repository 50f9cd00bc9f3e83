"""Every operation of the document asked at random, rightly and wrongly, about what exists and what
does not: no 5xx, no answer outside the document, nothing of another company or environment.

FUZZ_EXAMPLES=200 pytest tests/contract/test_fuzz.py
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi import checks as openapi

from core.companies.models import Permission
from core.companies.services import create_api_secret
from tests.contract import bodies
from tests.contract.conftest import Market, open_market
from tests.contract.sdk import DOCUMENT, Sdk
from tests.contract.test_invoices import THEIRS, invoice
from tests.contract.test_partners import wait_until_connected
from tests.live import LiveServer

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
STRANGER = "남의것"
"""In the name of everything that is not the caller's."""

project = ProjectConfig(
    generation=GenerationConfig(modes=list(GenerationMode), with_security_parameters=False)
)
project.phases.examples.enabled = False  # tests/contract/test_document.py has them
project.phases.coverage.enabled = False
schema = schemathesis.openapi.from_path(
    DOCUMENT, config=SchemathesisConfig(seed=20260228, projects=ProjectsConfig(default=project))
)
own_ids: list[str] = []
foreign_ids: list[str] = []


def existing(asked: dict[str, Any] | None) -> dict[str, Any]:
    """Every other identifier becomes one that exists, the caller's or a stranger's."""
    known_ids = [*own_ids, *foreign_ids]
    given = dict(asked or {})
    for name in {"id", "key"} & given.keys():
        chosen = sum(str(given[name]).encode())
        if chosen % 2:
            given[name] = known_ids[chosen // 2 % len(known_ids)]
    return given


def fill(sdk: Sdk, prefix: str, name: str) -> list[str]:
    """One of everything an identifier can name."""
    ids = {kind: f"{prefix}-{kind}" for kind in ("ct", "ptn", "share", "fee", "bulk")}
    sdk.policy.create_platform_contract(**bodies.contract(ids["ct"], name=name))
    sdk.policy.create_platform_discount_share_policy(
        id=ids["share"], name=name, partner_share_rate=1
    )
    sdk.policy.create_platform_additional_fee_policy(
        id=ids["fee"], name=name, fee={"fixedRate": 1000}, vat_payer="PARTNER"
    )
    shop = {"name": name, "type": bodies.business(THEIRS), "default_contract_id": ids["ct"]}
    sdk.partner.create_platform_partner(**bodies.partner(ids["ptn"], **shop))
    sdk.partner.connect_partner_counterparty(id=ids["ptn"])
    wait_until_connected(sdk, ids["ptn"])
    order = bodies.order(prefix, partner_id=ids["ptn"])
    order["external_payment_detail"]["orderName"] = name
    document = invoice(prefix)
    document["items"][0]["name"] = name
    manual = {"partner_id": ids["ptn"], "settlement_amount": 1000, "settlement_date": "2023-08-31"}
    made = [
        sdk.transfer.create_platform_order_transfer(**order).transfer.id,
        sdk.transfer.create_platform_manual_transfer(memo=name, **manual).transfer.id,
        sdk.tax_invoice.draft_b2b_tax_invoice(tax_invoice=document).tax_invoice.id,
    ]
    settled = sdk.partner_settlement.get_platform_partner_settlements(filter={}).items[0].id
    sdk.payout.complete_platform_payout_by_partner_settlement_ids(
        partner_settlement_ids=[settled], bulk_payout_id=ids["bulk"]
    )
    found = sdk.payout.get_platform_payouts(filter={"criteria": {"bulkPayoutId": ids["bulk"]}})
    return [*ids.values(), *made, settled, found.items[0].id]


@pytest.fixture(scope="module")
def caller(server: LiveServer, django_db_blocker: Any) -> Market:
    """A company with data, beside one it must not see and an environment it did not ask for."""
    with django_db_blocker.unblock():
        ours, theirs = open_market(server.url), open_market(server.url)
        _, secret = create_api_secret(
            company=ours.company, name="모든 권한", scopes=frozenset(Permission)
        )
    own_ids[:] = fill(ours.sdk(), "own", "우리것")
    foreign_ids[:] = [
        *fill(ours.sdk(test=False), "live", STRANGER),
        *fill(theirs.sdk(), "other", STRANGER),
    ]
    return replace(ours, secret=secret)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_a_documented_one(case: schemathesis.Case, caller: Market) -> None:
    case.path_parameters = existing(case.path_parameters)
    case.query = (case.query or {}) | {"test": "true"}
    response = case.call_and_validate(
        base_url=caller.url,
        headers={"Authorization": f"PortOne {caller.secret}"},
        checks=CHECKS,
    )
    assert STRANGER not in response.text or STRANGER in str(case.body) + str(case.query)


def by_id() -> list[tuple[str, str, Any]]:
    """Method, path and example body of every operation on one object."""
    paths = json.loads(DOCUMENT.read_text())["paths"]
    return [
        (method, path, operation.get("requestBody", {}).get("content", {}).get("application/json"))
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "{id}" in path or "{key}" in path
    ]


@pytest.mark.parametrize(("method", "path", "body"), by_id())
def test_what_is_not_the_callers_is_not_there(
    caller: Market, method: str, path: str, body: Any
) -> None:
    client = caller.sdk().raw
    for foreign in foreign_ids:
        place = path.replace("{id}", foreign).replace("{key}", foreign)
        place = place.replace("{object_type}", "PARTNER").replace("{attachment}", foreign)
        example = json.dumps((body or {}).get("example", {}))
        answer = client.request(method, place, params={"test": "true"}, content=example)
        assert answer.status_code in {400, 404}, answer.text
        assert STRANGER not in answer.text
