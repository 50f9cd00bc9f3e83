"""What people hear of planned changes that could not be applied."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_url
from core.console.notices import Telling
from core.events.models import Notice
from core.words import said
from partners.services.kinds import (
    ADDITIONAL_FEE,
    CONTRACT,
    DISCOUNT_SHARE,
    PARTNER,
    Kind,
)

PAGES = {
    CONTRACT.name: "partners:contract",
    DISCOUNT_SHARE.name: "partners:discount_share",
    ADDITIONAL_FEE.name: "partners:additional_fee",
    PARTNER.name: "partners:partner",
}


def telling(kind: Kind) -> Telling:
    writes = Permission.PARTNER_WRITE if kind is PARTNER else Permission.POLICY_WRITE
    return Telling(partial(_say, kind), partial(_href, kind), frozenset({writes}))


def _say(kind: Kind, notice: Notice) -> str:
    """What goes on with the money first."""
    facts = {
        "name": notice.name,
        "noun": said(kind.word),
        "others": f"{notice.count - 1:,}",
    }
    return (_one() if notice.count == 1 else _several()) % facts


def _one() -> str:
    return _(
        "정산과 지급은 지금 내용대로 이어집니다. "
        "예약한 변경을 적용하지 못해 취소했습니다: %(noun)s %(name)s"
    )


def _several() -> str:
    return _(
        "정산과 지급은 지금 내용대로 이어집니다. "
        "예약한 변경을 적용하지 못해 취소했습니다: %(noun)s %(name)s 외 %(others)s건"
    )


def _href(kind: Kind, request: ConsoleRequest, notice: Notice) -> str:
    """The row itself; of several the trail, which names each with its reason."""
    if notice.count == 1:
        return console_url(request, PAGES[kind.name], notice.object_id)
    day = f"from={notice.day}&to={notice.day}"
    return f"{console_url(request, 'console:events')}?kind={notice.kind}&{day}"
