"""`Authorization: PortOne <secret>` to a caller (contract.md a.1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from core import clock
from core.api.errors import TooManyRequests, Unauthorized
from core.companies.models import ApiSecret, Company, Workspace
from core.companies.services import find_api_secret
from core.events.actors import Actor

CACHE_SECONDS = 5.0
"""A revoked secret works at most this long in a process that has just used it."""

NOTE_USE_EVERY = timedelta(minutes=1)
REQUESTS_PER_SECOND = 500
"""Per secret and web process; above it the caller is told to slow down."""


@dataclass
class Caller:
    """An authenticated program: its company, both workspaces and what it may do."""

    secret: ApiSecret
    company: Company
    workspaces: dict[bool, Workspace]
    actor: Actor
    found_at: float
    window: float = 0.0
    window_count: int = 0

    def workspace(self, *, test: bool) -> Workspace:
        return self.workspaces[test]

    def count_request(self) -> None:
        now = monotonic()
        if now - self.window >= 1:
            self.window, self.window_count = now, 0
        self.window_count += 1
        if self.window_count > REQUESTS_PER_SECOND:
            raise TooManyRequests()


_callers: dict[bytes, Caller] = {}


def authenticate(header: str) -> Caller:
    """The caller behind an Authorization header; raises Unauthorized."""
    scheme, _, clear = header.partition(" ")
    if scheme.lower() != "portone" or not clear:
        raise Unauthorized()
    fingerprint = hashlib.sha256(clear.encode()).digest()
    caller = _callers.get(fingerprint)
    if caller is None or monotonic() - caller.found_at > CACHE_SECONDS:
        caller = _look_up(clear.strip())
        _callers[fingerprint] = caller
    caller.count_request()
    return caller


def _look_up(clear: str) -> Caller:
    secret = find_api_secret(clear)
    if secret is None:
        raise Unauthorized()
    now = clock.now()
    if secret.last_used_at is None or secret.last_used_at < now - NOTE_USE_EVERY:
        ApiSecret.objects.filter(pk=secret.pk).update(last_used_at=now)
    workspaces = {row.is_test: row for row in secret.company.workspaces.select_related("company")}
    return Caller(secret, secret.company, workspaces, Actor.api_secret(secret), monotonic())
