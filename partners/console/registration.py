"""What the console's frame, first page, search and histories know of partners."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from core.business_number import formatted, normalised
from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console import history, home, navigation, notices, search
from core.console.access import ConsoleRequest, console_url
from core.console.home import Counter
from core.console.navigation import Entry
from core.console.search import HITS_PER_SOURCE, Hit, Source
from core.words import said
from partners.console import failing
from partners.console.grids.common import BUSINESS_WRONG
from partners.console.verbs import VERBS
from partners.console.words import label, say
from partners.models import Contract, Partner
from partners.services.kinds import KINDS

navigation.register(
    Entry("파트너", "파트너", "partners:partners", Permission.PARTNER_READ),
    Entry("파트너", "검증", "partners:checks", Permission.PARTNER_READ),
    Entry("파트너", "사용자 정의 속성", "partners:properties", Permission.PROPERTY_READ),
    Entry("정책", "계약", "partners:contracts", Permission.POLICY_READ),
    Entry("정책", "할인 분담", "partners:discount_shares", Permission.POLICY_READ),
    Entry("정책", "추가 수수료", "partners:additional_fees", Permission.POLICY_READ),
    Entry("정책", "설정", "partners:settings", Permission.POLICY_READ),
)


def _active(workspace: Workspace, condition: Q) -> int:
    return rows(Partner, workspace).filter(condition, is_archived=False).count()


def _mismatched(workspace: Workspace) -> int:
    return _active(workspace, Q(account_status="VERIFY_FAILED"))


def _similar(workspace: Workspace) -> int:
    return _active(workspace, Q(account_status="UNKNOWN"))


def _closed(workspace: Workspace) -> int:
    return _active(workspace, BUSINESS_WRONG)


def _waiting(workspace: Workspace) -> int:
    return _active(workspace, Q(status="PENDING"))


READ = Permission.PARTNER_READ
home.register_counter(
    Counter(
        "예금주 불일치",
        _mismatched,
        "partners:checks",
        "tab=different",
        READ,
        tone="wrong",
        order=70,
    ),
    Counter("예금주 확인 필요", _similar, "partners:checks", "tab=similar", READ, order=72),
    Counter("휴폐업·미등록 파트너", _closed, "partners:checks", "tab=business", READ, order=74),
    Counter("승인 대기 파트너", _waiting, "partners:partners", "tab=waiting", READ, order=76),
)


def _find_partners(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    named = Q(public_id=words) | Q(name__icontains=words)
    digits = normalised(words)
    if len(digits) == 10:
        named |= Q(business_registration_number=digits)
    found = rows(Partner, request.workspace).filter(named).order_by("is_archived", "name")
    return [
        Hit(
            partner.name,
            console_url(request, "partners:partner", partner.public_id),
            " · ".join(
                filter(
                    None,
                    [
                        said(partner.get_type_display()),
                        formatted(partner.business_registration_number),
                        partner.public_id,
                    ],
                )
            ),
        )
        for partner in found[:HITS_PER_SOURCE]
    ]


def _find_contracts(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    named = Q(public_id=words) | Q(name__icontains=words)
    found = rows(Contract, request.workspace).filter(named).order_by("is_archived", "name")
    return [
        Hit(row.name, console_url(request, "partners:contract", row.public_id), row.public_id)
        for row in found[:HITS_PER_SOURCE]
    ]


search.register(
    Source("파트너", _find_partners, READ),
    Source("계약", _find_contracts, Permission.POLICY_READ),
)

for kind in KINDS:
    notices.register_notice(f"{kind.name}.schedule_failed", failing.telling(kind))
    history.register_nouns({kind.name: kind.word})
    history.register_words(kind.name, label, say)
history.register_verbs(VERBS)
history.register_nouns(
    {"setting": "정산 설정", "property": "사용자 정의 속성", "account": "계좌", "company": "사업자"}
)
for object_type in ("setting", "property"):
    history.register_words(object_type, label, say)
