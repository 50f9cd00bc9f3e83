"""데모마켓: the company, its people and its workspaces, made once."""

from __future__ import annotations

from dataclasses import dataclass

from config.closing.people import one_time_code
from config.demo.month import DISCOUNTS, FEES
from core import crypto
from core.companies.models import Company, Role, Workspace
from core.companies.services import add_member, create_api_secret, create_company
from core.events.actors import Actor
from partners import imports
from partners.inputs import UpdateSetting
from partners.services import update_setting

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


def set_up(workspace: Workspace) -> None:
    """Policies the demo orders name, and the settings the demo shows. Changes nothing twice."""
    actor = Actor.system("데모")
    imports.import_discount_share_policies(workspace=workspace, bodies=DISCOUNTS, actor=actor)
    imports.import_additional_fee_policies(workspace=workspace, bodies=FEES, actor=actor)
    update_setting(
        workspace=workspace,
        actor=actor,
        update=UpdateSetting(
            requests_supply_invoices=True,
            default_withdrawal_memo="데모마켓정산",
            default_deposit_memo="데모마켓",
        ),
    )


def otp_secret(company: Company) -> str:
    """The approver's authenticator secret, to try approvals with."""
    owner = company.members.select_related("user").get(role=Role.OWNER).user
    one_time_code(owner)
    return crypto.decrypt(owner.totp_secret_encrypted)
