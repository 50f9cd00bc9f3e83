"""A program that calls our API with a secret, as an integrator's would."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client

from core.companies.models import ROLE_PERMISSIONS, Company, Permission, Role
from core.companies.services import create_api_secret

EVERYDAY = ROLE_PERMISSIONS[Role.API_SECRET]


class Api:
    """`api.post("/platform/…", {…})` answers (status, body)."""

    def __init__(self, company: Company, scopes: Iterable[Permission] = EVERYDAY) -> None:
        self.secret, clear = create_api_secret(
            company=company, name="시험 프로그램", scopes=frozenset(scopes)
        )
        self.headers = {"Authorization": f"PortOne {clear}"}
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        if body is not None:
            query["requestBody"] = json.dumps(body)
        return _said(self.client.get(path, query, headers=self.headers))

    def download(self, path: str, body: Any) -> str:
        """The text of a sheet, without the mark Excel wants in front."""
        answer = self.client.get(path, {"requestBody": json.dumps(body)}, headers=self.headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode("utf-8-sig")

    def post(self, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        return self._send("POST", path, body, key)

    def put(self, path: str, body: Any = None) -> tuple[int, Any]:
        return self._send("PUT", path, body)

    def patch(self, path: str, body: Any = None) -> tuple[int, Any]:
        return self._send("PATCH", path, body)

    def delete(self, path: str) -> tuple[int, Any]:
        return self._send("DELETE", path, None)

    def _send(self, method: str, path: str, body: Any, key: str = "") -> tuple[int, Any]:
        data = b"" if body is None else json.dumps(body).encode()
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return _said(self.client.generic(method, path, data, "application/json", headers=headers))


def _said(response: Any) -> tuple[int, Any]:
    return response.status_code, json.loads(response.content)


def refusal(answer: tuple[int, Any]) -> tuple[int, str]:
    """Status and error type."""
    status, body = answer
    return status, body["type"]
