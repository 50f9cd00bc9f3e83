"""Account and resident numbers in clear: one at a time, with a reason, on the record
(korea-rules 1.4, 1.5)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import crypto
from core.companies.models import Permission
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.words import said
from partners.identifiers import parse_resident_number
from partners.models import Partner, PartnerType
from partners.services.versions import locked, note


def reveal_account_number(*, partner: Partner, actor: Actor, reason: str) -> str:
    """The account number in clear, for a person who may see secrets."""
    _note_reading(partner, "account_revealed", actor, reason)
    return partner.account_number


def reveal_resident_number(*, partner: Partner, actor: Actor, reason: str) -> str:
    """The resident number in clear; empty when none is kept."""
    _note_reading(partner, "resident_number_revealed", actor, reason)
    return crypto.decrypt(partner.resident_number_encrypted)


@transaction.atomic
def set_resident_number(*, partner: Partner, number: str, actor: Actor) -> None:
    """Keep a resident number, encrypted: lawful only where tax is withheld (korea-rules 1.5).
    An empty number destroys what is kept."""
    actor.require(Permission.SECRET_VIEW)
    row = locked(partner)
    if number and row.type != PartnerType.WHT_PAYER:
        raise Conflict("저장하지 않았습니다. 주민등록번호는 원천징수 대상자만 받을 수 있습니다.")
    digits = _resident_digits(number)
    row.resident_number_encrypted = crypto.encrypt(digits)
    row.resident_number_hash = crypto.search_hash(digits)
    row.save(update_fields=["resident_number_encrypted", "resident_number_hash", "updated_at"])
    note(row, "resident_number_set" if digits else "resident_number_destroyed", actor=actor)


def _resident_digits(text: str) -> str:
    if not text:
        return ""
    try:
        return parse_resident_number(text).digits
    except ValueError as error:
        message = _("저장하지 않았습니다. %(reason)s") % {"reason": said(str(error))}
        raise InvalidRequest(message) from None


def _note_reading(partner: Partner, verb: str, actor: Actor, reason: str) -> None:
    actor.require(Permission.SECRET_VIEW)
    if not reason.strip():
        raise InvalidRequest("보여 주지 않았습니다. 열람 사유를 적어 주세요.")
    note(partner, verb, actor=actor, reason=reason.strip())
