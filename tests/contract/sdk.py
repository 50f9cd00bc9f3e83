"""The official SDK with its answers held against docs/openapi.json, to the letter."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema
import portone_server_sdk._generated.b2b.counterparty.client as counterparty_client
from portone_server_sdk import PortOneClient
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

NAME = "urn:api"
DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
Json = dict[str, Any]

counterparty_client.request_body = {}  # SDK 0.21.0 reads this undefined name when it deletes one


class Sdk:
    """`sdk.policy.get_platform_contract(id=…)` in one environment.

    Any client of the SDK by its short name: `platform`, `policy`, `partner`, `tax_invoice` …
    """

    def __init__(self, secret: str, url: str, *, test: bool) -> None:
        self.secret, self.url, self.test = secret, url, test

    @property
    def raw(self) -> httpx.Client:
        """What the SDK would never send, sent."""
        client = plain(self.url)
        client.headers["Authorization"] = f"PortOne {self.secret}"
        return client

    def __getattr__(self, name: str) -> _Environment:
        clients = official(self.url)
        if name not in clients:
            raise AttributeError(name)
        return _Environment(clients[name], self)


class _Environment:
    """A client whose every call says who calls and which environment is meant."""

    def __init__(self, client: Any, sdk: Sdk) -> None:
        self.client, self.sdk = client, sdk

    def __getattr__(self, name: str) -> Any:
        self.client._secret = self.sdk.secret
        call = getattr(self.client, name)
        return lambda **given: call(**({"test": self.sdk.test} | given))


@cache
def official(url: str) -> dict[str, Any]:
    """The SDK's clients by name; made once, because each reads all certificates of the world."""
    root = PortOneClient(secret="nobody", base_url=url)
    found = {}
    for group in (root.platform, root.b2b):
        found |= {
            name: value
            for name, value in {"platform": root.platform, **vars(group)}.items()
            if type(value).__name__.endswith("Client") and hasattr(value, "_sync_client")
        }
    for client in found.values():
        if isinstance(client._sync_client, httpx.Client):
            client._sync_client.event_hooks["response"].append(hold_to_the_document)
    return {name: value for name, value in found.items() if not name.startswith("_")}


@cache
def plain(url: str) -> httpx.Client:
    client = httpx.Client(base_url=url)
    client.event_hooks["response"].append(hold_to_the_document)
    return client


def hold_to_the_document(response: httpx.Response) -> None:
    response.read()
    if "json" not in response.headers["Content-Type"]:
        return
    request = response.request
    hold(request.method, template_of(request.url.path), response.status_code, response.content)


def hold(method: str, template: str, status: int, content: bytes) -> None:
    """The answer is what the document says of this operation and status, without nulls."""
    body = json.loads(content)
    assert b"null" not in content or not holds_null(body), content
    problems = [
        error.message for error in _validator(method.lower(), template, status).iter_errors(body)
    ]
    assert problems == [], f"{method} {template}: {content[:500].decode()}"


def holds_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(holds_null(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_null(item) for item in value)
    return value is None


@cache
def document() -> Json:
    loaded: Json = json.loads(DOCUMENT.read_bytes())
    return loaded


@cache
def routes() -> list[tuple[re.Pattern[str], str]]:
    """Static segments win over parameters, as they do in the server."""
    paths = sorted(document()["paths"], key=lambda path: (path.count("{"), path))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$"), path) for path in paths]


def template_of(path: str) -> str:
    template = next((template for pattern, template in routes() if pattern.match(path)), None)
    assert template, f"{path} is not documented"
    return template


@cache
def _validator(method: str, path: str, status: int) -> jsonschema.Draft202012Validator:
    responses = document()["paths"][path][method]["responses"]
    assert str(status) in responses, f"{method} {path} must not answer {status}"
    where = ("paths", path, method, "responses", str(status))
    if "$ref" in responses[str(status)]:
        where = ("components", "responses", responses[str(status)]["$ref"].rsplit("/", 1)[1])
    parts = (*where, "content", "application/json", "schema")
    pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)
    schema = {"$ref": f"{NAME}#/{quote(pointer)}"}
    return jsonschema.Draft202012Validator(schema, registry=_registry())


@cache
def _registry() -> Registry[Any]:
    resource = Resource(contents=document(), specification=DRAFT202012)
    return Registry().with_resource(NAME, resource).crawl()
