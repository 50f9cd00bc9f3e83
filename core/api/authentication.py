"""`Authorization: PortOne <secret>` to a caller (contract.md a.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from time import monotonic

from django.conf import settings
from django.http import HttpRequest

from core import clock
from core.api import throttle
from core.api.errors import Unauthorized
from core.companies.callers import address_of
from core.companies.models import ApiSecret, Company, Workspace
from core.companies.services import find_api_secret
from core.errors import Forbidden
from core.events.actors import Actor

Network = IPv4Network | IPv6Network

CACHE_SECONDS = 5.0
"""A revoked secret works at most this long in a process that has just used it."""

ADDRESS_REFUSED = "처리하지 않았습니다. 이 API 시크릿을 쓸 수 없는 주소에서 온 요청입니다."
NOTE_USE_EVERY = timedelta(minutes=1)


@dataclass
class Caller:
    """An authenticated program: its company, both workspaces and what it may do."""

    secret: ApiSecret
    company: Company
    workspaces: dict[bool, Workspace]
    actor: Actor
    found_at: float
    networks: Sequence[Network] = ()

    def workspace(self, *, test: bool) -> Workspace:
        return self.workspaces[test]

    def is_stale(self) -> bool:
        return monotonic() - self.found_at > CACHE_SECONDS or self.secret.is_expired

    def count_request(self) -> None:
        """Raises TooManyRequests."""
        limit = self.secret.requests_per_second or settings.API_REQUESTS_PER_SECOND
        throttle.take(self.secret.pk, limit)

    def must_come_from_allowed(self, address: str) -> None:
        """Raises Forbidden for an address outside the secret's list."""
        if self.networks and not _is_inside(address, self.networks):
            raise Forbidden(ADDRESS_REFUSED)


def _is_inside(address: str, networks: Sequence[Network]) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    inner = getattr(caller, "ipv4_mapped", None) or caller
    return any(inner in network for network in networks)


_callers: dict[bytes, Caller] = {}


def authenticate(request: HttpRequest) -> Caller:
    """The caller behind a request. Raises Unauthorized, Forbidden, TooManyRequests."""
    caller = _known(request.headers.get("Authorization", ""))
    if caller.networks:
        caller.must_come_from_allowed(address_of(request))
    caller.count_request()
    return caller


def _known(header: str) -> Caller:
    scheme, _, clear = header.partition(" ")
    if scheme.lower() != "portone" or not clear:
        raise Unauthorized()
    fingerprint = hashlib.sha256(clear.encode()).digest()
    caller = _callers.get(fingerprint)
    if caller is None or caller.is_stale():
        _callers.pop(fingerprint, None)
        caller = _callers[fingerprint] = _look_up(clear.strip())
    return caller


def _look_up(clear: str) -> Caller:
    secret = find_api_secret(clear)
    if secret is None:
        raise Unauthorized()
    now = clock.now()
    if secret.last_used_at is None or secret.last_used_at < now - NOTE_USE_EVERY:
        ApiSecret.objects.filter(pk=secret.pk).update(last_used_at=now)
    workspaces = {row.is_test: row for row in secret.company.workspaces.select_related("company")}
    networks = tuple(map(ip_network, secret.allowed_networks))
    actor = Actor.api_secret(secret)
    return Caller(secret, secret.company, workspaces, actor, monotonic(), networks)
