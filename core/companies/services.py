"""Create companies, members and API secrets."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.identifiers import new_id
from core.companies.models import (
    ROLE_PERMISSIONS,
    ApiSecret,
    Company,
    Member,
    Permission,
    Role,
    User,
    Workspace,
)
from core.errors import Conflict, InvalidRequest

SECRET_BYTES = 32
PREFIX_LENGTH = 12


@transaction.atomic
def create_company(*, slug: str, name: str, **facts: str) -> Company:
    """A company with its live and its test workspace."""
    company = Company.objects.create(slug=slug, name=name, store_id=new_id("store"), **facts)
    for environment in Workspace.Environment:
        Workspace.objects.create(company=company, environment=environment)
    return company


@transaction.atomic
def add_member(
    *, company: Company, email: str, name: str, role: Role, password: str | None = None
) -> Member:
    """Give a person a role, creating the account when the e-mail is new."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_member_user(email=email, name=name, password=password)
    member, _ = Member.objects.update_or_create(
        user=user, company=company, defaults={"role": role, "is_active": True}
    )
    return member


def create_api_secret(
    *,
    company: Company,
    name: str,
    scopes: frozenset[Permission] = ROLE_PERMISSIONS[Role.API_SECRET],
    expires_at: datetime | None = None,
    created_by: User | None = None,
    allowed_networks: Sequence[str] = (),
    requests_per_second: int | None = None,
) -> tuple[ApiSecret, str]:
    """A new secret and its only clear copy: `prefix.random`."""
    prefix = "js_" + secrets.token_hex(5)[: PREFIX_LENGTH - 3]
    clear = f"{prefix}.{secrets.token_urlsafe(SECRET_BYTES)}"
    secret = ApiSecret.objects.create(
        company=company,
        name=name,
        prefix=prefix,
        secret_hash=hash_secret(clear),
        scopes=sorted(scope.value for scope in scopes),
        expires_at=expires_at,
        created_by=created_by,
        allowed_networks=list(allowed_networks),
        requests_per_second=requests_per_second,
    )
    return secret, clear


@transaction.atomic
def rotate_api_secret(
    *, secret: ApiSecret, overlap: timedelta, created_by: User | None = None
) -> tuple[ApiSecret, str]:
    """A successor with the same rights; the old one ends when the overlap does, never later
    than it would have. Raises Conflict for one that is over or has a successor.
    """
    old = ApiSecret.objects.select_for_update().select_related("company").get(pk=secret.pk)
    if old.revoked_at or old.is_expired or old.replaced_by_id:
        raise Conflict("교체하지 않았습니다. 폐기됐거나 만료됐거나 이미 교체한 시크릿입니다.")
    new, clear = create_api_secret(
        company=old.company,
        name=old.name,
        scopes=frozenset(map(Permission, old.scopes)),
        expires_at=old.expires_at,
        created_by=created_by,
        allowed_networks=old.allowed_networks,
        requests_per_second=old.requests_per_second,
    )
    end = clock.now() + overlap
    old.expires_at = min(old.expires_at, end) if old.expires_at else end
    old.replaced_by = new
    old.save(update_fields=["expires_at", "replaced_by"])
    return new, clear


def with_predecessors(secret_id: int) -> list[int]:
    """A secret and those it replaced, one after the other."""
    found: list[int] = []
    before: int | None = secret_id
    while before is not None:
        found.append(before)
        replaced = ApiSecret.objects.filter(replaced_by=before)
        before = replaced.values_list("pk", flat=True).first()
    return found


def parsed_networks(text: str) -> list[str]:
    """Addresses and CIDR ranges, one a line or between commas. Raises InvalidRequest."""
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(str(ip_network(part, strict=False)))
        except ValueError as error:
            sentence = _("저장하지 않았습니다. 주소가 아닙니다: %(address)s")
            raise InvalidRequest(sentence % {"address": part}) from error
    return sorted(set(found))


def hash_secret(clear: str) -> str:
    """The secret has 256 random bits, so one fast hash is enough; no salt, no stretching."""
    return hashlib.sha256(clear.encode()).hexdigest()


def find_api_secret(clear: str) -> ApiSecret | None:
    """The live secret behind a clear key, or None; compares in constant time."""
    prefix, _, _ = clear.partition(".")
    secret = ApiSecret.objects.select_related("company").filter(prefix=prefix).first()
    if secret is None or not hmac.compare_digest(secret.secret_hash, hash_secret(clear)):
        return None
    return None if secret.is_expired or secret.revoked_at else secret
