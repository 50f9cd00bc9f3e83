"""데모마켓: the company, its people and its workspaces, made once."""

from __future__ import annotations

from dataclasses import dataclass

from core.companies.models import Company, Role
from core.companies.services import add_member, create_api_secret, create_company

SLUG = "demo"
PASSWORD = "jeongsan-demo"
PEOPLE = [
    ("owner@demo.example", "한소유", Role.OWNER),
    ("finance@demo.example", "정재무", Role.ADMIN),
    ("viewer@demo.example", "이열람", Role.READ_ONLY),
]


@dataclass(frozen=True)
class Demo:
    company: Company
    secret: str | None
    """In clear, only on the run that created it."""


def open_company() -> Demo:
    """The demo company as it is, or a new one with its members and an API secret."""
    company = Company.objects.filter(slug=SLUG).first()
    if company is not None:
        return Demo(company, None)
    company = create_company(
        slug=SLUG,
        name="데모마켓",
        business_registration_number="1234567891",
        representative_name="한소유",
        address="서울특별시 가온구 한결로 1",
        business_type="정보통신업",
        business_class="통신판매중개",
        contact_name="정재무",
        contact_email="finance@demo.example",
        contact_phone="02-0000-0000",
    )
    for email, name, role in PEOPLE:
        add_member(company=company, email=email, name=name, role=role, password=PASSWORD)
    _, secret = create_api_secret(company=company, name="데모")
    return Demo(company, secret)
