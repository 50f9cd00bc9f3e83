"""Popbill over HTTP: a token per member company, JSON in and out, time-outs, no shared connection
(korea-rules 7.1). What is asked is the caller's business.

Whoever sends something that must happen once gives it a key of its own and, after Silent, asks
by that key; Silent never means that nothing happened.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from core import clock

TIMEOUT_SECONDS = 20
AUTH_URL = "https://auth.linkhub.co.kr"
API_URLS = {False: "https://popbill.linkhub.co.kr", True: "https://popbill-test.linkhub.co.kr"}
AUTH_VERSION, API_VERSION = "2.0", "1.0"
RENEW_BEFORE = timedelta(minutes=1)


class PopbillRefused(Exception):
    """A definite no: Popbill's negative code and its sentence."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(f"{message} ({code})")


class PopbillSilent(Exception):
    """Time-out, broken answer or 5xx: the outcome is unknown."""


@dataclass(frozen=True)
class _Token:
    text: str
    expires_at: datetime


@dataclass
class Popbill:
    """One account (LinkID) with Popbill; safe to share between threads.

    `scopes`: 110 tax invoices, 170 business status, 171 company facts, 182/183 account holders,
    153–158 Kakao.
    """

    link_id: str
    secret_key: str = field(repr=False)
    scopes: Sequence[str]
    test: bool = False
    auth_url: str = AUTH_URL
    api_url: str = ""
    _tokens: dict[str, _Token] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def get(self, path: str, member: str, query: Mapping[str, str] | None = None) -> Any:
        """Ask on behalf of a member company (its registration number, ten digits)."""
        return self._call("GET", path, member, query, None, {})

    def post(
        self,
        path: str,
        member: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        act: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """`act` is the verb Popbill reads from X-HTTP-Method-Override: ISSUE, REQUEST …"""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        extra = {"Content-Type": "application/json; charset=utf8", **(headers or {})}
        if act:
            extra["X-HTTP-Method-Override"] = act
        return self._call("POST", path, member, query, content, extra)

    def _call(
        self,
        method: str,
        path: str,
        member: str,
        query: Mapping[str, str] | None,
        content: bytes | None,
        headers: Mapping[str, str],
    ) -> Any:
        url = (self.api_url or API_URLS[self.test]) + path
        if query:
            url += f"?{urlencode(query)}"
        sent = {
            "Authorization": f"Bearer {self._token(member)}",
            "x-pb-version": API_VERSION,
            **headers,
        }
        return _exchange(Request(url, data=content, headers=sent, method=method))

    def _token(self, member: str) -> str:
        with self._lock:
            known = self._tokens.get(member)
            if known is None or known.expires_at - RENEW_BEFORE < clock.now():
                known = self._tokens[member] = self._new_token(member)
        return known.text

    def _new_token(self, member: str) -> _Token:
        service = "POPBILL_TEST" if self.test else "POPBILL"
        uri = f"/{service}/Token"
        body = json.dumps({"access_id": member, "scope": ["member", *self.scopes]}).encode()
        now = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {
            "Authorization": f"LINKHUB {self.link_id} {self._signature(uri, body, now)}",
            "Content-Type": "application/json",
            "x-lh-date": now,
            "x-lh-version": AUTH_VERSION,
            "x-lh-forwarded": "*",
        }
        answer = _exchange(Request(self.auth_url + uri, data=body, headers=headers, method="POST"))
        expires_at = datetime.fromisoformat(answer["expiration"])
        return _Token(answer["session_token"], expires_at)

    def _signature(self, uri: str, body: bytes, now: str) -> str:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        target = "\n".join(["POST", digest, now, "*", AUTH_VERSION, uri])
        key = base64.b64decode(self.secret_key)
        return base64.b64encode(hmac.new(key, target.encode(), hashlib.sha256).digest()).decode()


def _exchange(request: Request) -> Any:
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except HTTPError as error:
        raise _failure(error) from None
    except (OSError, ValueError) as error:
        raise PopbillSilent(f"팝빌이 응답하지 않습니다: {type(error).__name__}") from None


def _failure(error: HTTPError) -> PopbillRefused | PopbillSilent:
    """Below 500 with a code it is a no; whatever else may have been done."""
    if error.code < 500:
        try:
            body = json.load(error)
            return PopbillRefused(int(body["code"]), str(body["message"]))
        except (ValueError, KeyError, TypeError, OSError):
            pass
    return PopbillSilent(f"팝빌이 응답하지 않습니다: HTTP {error.code}")
