"""The fixed cast: 마켓 A's owner, finance and viewer; 마켓 B's finance, who must see nothing."""

from __future__ import annotations

from dataclasses import dataclass

from core.companies.models import Company, Member, Role, Workspace
from core.companies.services import add_member, create_company
from core.events.actors import Actor

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    market_a: Company
    market_b: Company
    owner: Member
    finance: Member
    viewer: Member
    stranger: Member

    @property
    def live(self) -> Workspace:
        return self.market_a.workspaces.get(environment="LIVE")

    @property
    def test(self) -> Workspace:
        return self.market_a.workspaces.get(environment="TEST")

    @property
    def foreign(self) -> Workspace:
        return self.market_b.workspaces.get(environment="LIVE")

    @property
    def actor(self) -> Actor:
        return Actor.member(self.finance)


def assemble() -> Cast:
    a = create_company(slug="market-a", name="마켓 A", business_registration_number="2208162517")
    b = create_company(slug="market-b", name="마켓 B", business_registration_number="1208147521")
    return Cast(
        market_a=a,
        market_b=b,
        owner=_member(a, "owner@a.example", "오나", Role.OWNER),
        finance=_member(a, "finance@a.example", "재무", Role.ADMIN),
        viewer=_member(a, "viewer@a.example", "보기", Role.READ_ONLY),
        stranger=_member(b, "finance@b.example", "남의재무", Role.ADMIN),
    )


def _member(company: Company, email: str, name: str, role: Role) -> Member:
    return add_member(company=company, email=email, name=name, role=role, password=PASSWORD)
