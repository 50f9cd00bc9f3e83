"""Company matters a member changes in the console. Each leaves an event in the live trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core import clock
from core.companies import otp
from core.companies import services as companies
from core.companies.access import workspace_of
from core.companies.isolation import within
from core.companies.models import ApiSecret, Company, Member, Permission, Role, User
from core.companies.passwords import require_password
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record

LOGO_TYPES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
LOGO_BYTES = 512 * 1024


@transaction.atomic
def add_member(
    *, company: Company, email: str, name: str, role: Role, password: str, actor: Actor
) -> Member:
    """Give a person a role; a new account starts with `password`. Raises Conflict for someone who
    is in already: another role is a change of theirs.
    """
    actor.require(Permission.MEMBERS)
    if company.members.filter(user__email=email.lower(), is_active=True).exists():
        raise Conflict("등록하지 않았습니다. 이미 구성원입니다. 역할은 목록에서 바꿔 주세요.")
    member = companies.add_member(
        company=company, email=email.lower(), name=name, role=role, password=password
    )
    _note("member.added", company, actor, str(member.pk), {"email": email, "role": role})
    return member


@transaction.atomic
def change_role(*, member: Member, role: Role, actor: Actor) -> None:
    """Raises Conflict when the company would be left without an owner."""
    actor.require(Permission.MEMBERS)
    _keep_an_owner(member, stays=role == Role.OWNER)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    changes = {"email": member.user.email, "role": [before, role]}
    _note("member.role_changed", member.company, actor, str(member.pk), changes)


@transaction.atomic
def set_member_active(*, member: Member, is_active: bool, actor: Actor) -> None:
    """Close or open someone's way in; their past actions keep their name."""
    actor.require(Permission.MEMBERS)
    _keep_an_owner(member, stays=is_active and member.role == Role.OWNER)
    member.is_active = is_active
    member.save(update_fields=["is_active"])
    kind = "member.restored" if is_active else "member.removed"
    _note(kind, member.company, actor, str(member.pk), {"email": member.user.email})


def _keep_an_owner(member: Member, *, stays: bool) -> None:
    """Two owners stepping down at once queue here, and the second is refused."""
    Company.objects.select_for_update().get(pk=member.company_id)
    owners = Member.objects.filter(company=member.company, role=Role.OWNER, is_active=True)
    if not stays and not owners.exclude(pk=member.pk).exists():
        raise Conflict("바꾸지 않았습니다. 회사에는 소유자가 한 사람 이상 있어야 합니다.")


@transaction.atomic
def create_api_secret(
    *,
    company: Company,
    name: str,
    scopes: frozenset[Permission],
    expires_at: datetime | None,
    user: User,
    actor: Actor,
    allowed_networks: Sequence[str] = (),
    requests_per_second: int | None = None,
) -> tuple[ApiSecret, str]:
    """The secret and its only clear copy. Nobody can grant what they may not do themselves."""
    actor.require(Permission.INTEGRATION)
    if not scopes:
        raise InvalidRequest("만들지 않았습니다. 권한을 하나 이상 골라 주세요.")
    for scope in scopes:
        actor.require(scope)
    secret, clear = companies.create_api_secret(
        company=company,
        name=name,
        scopes=scopes,
        expires_at=expires_at,
        created_by=user,
        allowed_networks=allowed_networks,
        requests_per_second=requests_per_second,
    )
    changes = {
        "name": name,
        "prefix": secret.prefix,
        "scopes": ", ".join(secret.scopes),
        "allowed_networks": ", ".join(secret.allowed_networks),
    }
    _note("apisecret.created", company, actor, secret.prefix, changes)
    return secret, clear


@transaction.atomic
def rotate_api_secret(
    *, secret: ApiSecret, overlap: timedelta, user: User, actor: Actor
) -> tuple[ApiSecret, str]:
    """A successor, shown once; both work until the overlap ends. Nobody can hand on what they
    may not do themselves.
    """
    actor.require(Permission.INTEGRATION)
    for scope in secret.scopes:
        actor.require(Permission(scope))
    new, clear = companies.rotate_api_secret(secret=secret, overlap=overlap, created_by=user)
    hours = int(overlap.total_seconds()) // 3600
    changes = {"name": new.name, "prefix": [secret.prefix, new.prefix], "overlap_hours": hours}
    _note("apisecret.rotated", secret.company, actor, new.prefix, changes)
    return new, clear


@transaction.atomic
def revoke_api_secret(*, secret: ApiSecret, actor: Actor) -> None:
    """At once and for good; revoking twice changes nothing."""
    actor.require(Permission.INTEGRATION)
    live = ApiSecret.objects.filter(pk=secret.pk, revoked_at=None)
    if live.update(revoked_at=clock.now()):
        _note("apisecret.revoked", secret.company, actor, secret.prefix, {"name": secret.name})


@transaction.atomic
def update_branding(
    *,
    company: Company,
    colour: str,
    sender_email: str,
    logo: UploadedFile[bytes] | None,
    actor: Actor,
) -> None:
    """Raises InvalidRequest for a logo that is no PNG or JPEG, or too large."""
    actor.require(Permission.INTEGRATION)
    changes: dict[str, Any] = {}
    for field, value in {"brand_colour": colour, "sender_email": sender_email}.items():
        if getattr(company, field) != value:
            changes[field] = [getattr(company, field), value]
            setattr(company, field, value)
    if logo is not None:
        company.logo = _checked(logo)
        changes["logo"] = logo.name
    company.save(update_fields=["brand_colour", "sender_email", "logo"])
    if changes:
        _note("company.branded", company, actor, company.slug, changes)


def _checked(logo: UploadedFile[bytes]) -> UploadedFile[bytes]:
    """By its first bytes, not by its name; a drawing that can carry scripts is refused."""
    head = logo.read(8)
    logo.seek(0)
    if not any(head.startswith(magic) for magic in LOGO_TYPES.values()):
        raise InvalidRequest("저장하지 않았습니다. 로고는 PNG나 JPEG 파일이어야 합니다.")
    if (logo.size or 0) > LOGO_BYTES:
        raise InvalidRequest("저장하지 않았습니다. 로고는 512KB보다 작아야 합니다.")
    return logo


def set_up_otp(
    *, company: Company, user: User, password: str, secret: str, code: str, actor: Actor
) -> None:
    """Keep an authenticator once a code of it was shown, in place of the one before.

    The password says that it is not someone at an open session, who would then approve payouts.
    Raises PasswordWrong, PasswordBlocked, OtpWrong, OtpBlocked.
    """
    require_password(user=user, password=password)
    otp.set_up(user=user, secret=secret, code=code)
    _note("user.otp_set_up", company, actor, str(user.pk), {})


def _note(
    kind: str, company: Company, actor: Actor, object_id: str, changes: dict[str, Any]
) -> None:
    live = workspace_of(company, test=False)
    with within(live):
        record(
            kind,
            workspace=live,
            object_type=kind.split(".")[0],
            object_id=object_id,
            actor=actor,
            changes=changes,
        )
