"""What people do on the payout pages: open a sheet, press its button, ask, decide."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from django.test import Client

from core import clock, crypto
from payouts.models import Approval, BulkPayout, PayoutItem
from tests.payouts.factories import make_partner, owe

BASE = "/console/market-a/live"
SECRET = pyotp.random_base32()
"""Everybody's OTP."""


def signed_in(member, secret: str = SECRET) -> Client:
    member.user.totp_secret_encrypted = crypto.encrypt(secret)
    member.user.save()
    client = Client()
    client.force_login(member.user)
    return client


def code(seconds: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(clock.now() + timedelta(seconds=seconds))


def text(response) -> str:
    return response.content.decode()


def press(client: Client, url: str, **data: str):
    """Both presses of an act: the sheet, then its button."""
    sheet = client.get(url)
    assert sheet.status_code == 200
    shown = {"seen": sheet.context["seen"], "token": sheet.context["token"]}
    return client.post(url, shown | data, follow=True)


def from_page(client: Client, page: str, url: str, data: dict[str, str]):
    """A POST that a browser sends from a page; a refusal brings it back there."""
    return client.post(url, data, headers={"Referer": f"http://testserver{page}"}, follow=True)


def act(bulk_payout: BulkPayout, name: str) -> str:
    return f"{BASE}/bulk-payouts/{bulk_payout.public_id}/acts/{name}"


def new_bulk(client: Client, **conditions: str) -> BulkPayout:
    data = {"name": "10월", "method": "AGENCY", "currency": "KRW", "create": "1"} | conditions
    response = client.post(f"{BASE}/bulk-payouts/+new", data)
    assert response.status_code == 302, response.context["form"].errors
    return BulkPayout.objects.latest("pk")


def chosen(bulk_payout: BulkPayout) -> list[int]:
    items = PayoutItem.objects.filter(bulk_payout=bulk_payout, released_at=None)
    return sorted(items.values_list("settlement_amount", flat=True))


def make_mixed(contract):
    """Somebody paid with an offset, a withheld one, a negative one, a blocked one."""
    owe(make_partner(contract, "a", name="가"), 100_000)
    owe(make_partner(contract, "a2", name="가2"), 30_000, -10_000)
    owe(make_partner(contract, "w", name="나", type="WHT_PAYER", taxation_type=""), 6_889)
    owe(make_partner(contract, "minus", name="다"), -3_000)
    owe(make_partner(contract, "blocked", name="라", account_status="VERIFY_FAILED"), 7_000)


def ask(client: Client, bulk_payout: BulkPayout, account, **more: str) -> Approval:
    data = {"account": str(account.pk), "when": "now"} | more
    press(client, act(bulk_payout, "request"), **data)
    return Approval.objects.latest("pk")


def decide(client: Client, approval: Approval, otp: str):
    url = f"{BASE}/approvals/{approval.public_id}"
    token = client.get(url).context["token"]
    return client.post(f"{url}/approve", {"otp": otp, "token": token}, follow=True)
