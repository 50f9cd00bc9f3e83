"""Who did it: carried into every service and written on every event."""

from __future__ import annotations

from dataclasses import dataclass

from core.companies.models import ApiSecret, Member, Permission
from core.errors import Forbidden
from core.events.models import Event


@dataclass(frozen=True)
class Actor:
    kind: str
    id: str
    name: str
    user_id: int | None = None
    permissions: frozenset[Permission] | None = None
    """None: not limited (the system itself)."""

    @classmethod
    def system(cls, name: str = "시스템") -> Actor:
        return cls(Event.ActorKind.SYSTEM, "", name)

    @classmethod
    def member(cls, member: Member) -> Actor:
        allowed = frozenset(p for p in Permission if member.may(p))
        name = member.user.first_name or member.user.email
        return cls(Event.ActorKind.MEMBER, str(member.pk), name, member.user_id, allowed)

    @classmethod
    def api_secret(cls, secret: ApiSecret) -> Actor:
        allowed = frozenset(p for p in Permission if secret.may(p))
        return cls(Event.ActorKind.API_SECRET, str(secret.pk), secret.name, None, allowed)

    @classmethod
    def counterparty(cls, id: str, name: str) -> Actor:
        return cls(Event.ActorKind.COUNTERPARTY, id, name, None, frozenset())

    def may(self, permission: Permission) -> bool:
        return self.permissions is None or permission in self.permissions

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Forbidden()
