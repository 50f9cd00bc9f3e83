"""What the console's frame, first page, search and histories know of partners."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from core.business_number import formatted, normalised
from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console import history, home, navigation, search
from core.console.access import ConsoleRequest, console_url
from core.console.home import Counter
from core.console.navigation import Entry
from core.console.search import HITS_PER_SOURCE, Hit, Source
from partners.console.grids.common import BUSINESS_WRONG
from partners.console.words import say
from partners.labels import label_of
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
                        partner.get_type_display(),
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

VERBS = {
    "created": "{}{} 만들었습니다",
    "updated": "{}{} 고쳤습니다",
    "archived": "{}{} 보관했습니다",
    "recovered": "{}{} 보관에서 되돌렸습니다",
    "scheduled": "{} 변경을 예약했습니다",
    "rescheduled": "{} 변경 예약을 바꿨습니다",
    "schedule_cancelled": "{} 변경 예약을 취소했습니다",
    "schedule_applied": "예약한 {} 변경을 적용했습니다",
    "schedule_failed": "예약한 {} 변경을 적용하지 못했습니다",
}
PARTNER_VERBS = {
    "partner.created": "파트너를 등록했습니다",
    "partner.bulk_created": "파트너를 한꺼번에 등록했습니다",
    "partner.bulk_updated": "파트너를 한꺼번에 고쳤습니다",
    "partner.bulk_scheduled": "파트너 변경을 한꺼번에 예약했습니다",
    "partner.bulk_checked": "예금주와 사업 상태를 조회했습니다",
    "partner.exported": "파트너를 내려받았습니다",
    "partner.account_changed": "정산 계좌가 바뀌었습니다",
    "partner.checked": "조회 결과가 바뀌었습니다",
    "partner.account_check_failed": "예금주를 조회하지 못했습니다",
    "partner.business_check_failed": "사업 상태를 조회하지 못했습니다",
    "partner.holder_accepted": "예금주를 확인했습니다",
    "partner.account_revealed": "계좌번호를 열람했습니다",
    "partner.resident_number_set": "주민등록번호를 저장했습니다",
    "partner.resident_number_destroyed": "주민등록번호를 파기했습니다",
    "partner.resident_number_revealed": "주민등록번호를 열람했습니다",
    "partner.connection_connect_pending": "국세청 연동을 시작했습니다",
    "partner.connection_connected": "국세청에 연동했습니다",
    "partner.connection_connect_failed": "국세청 연동에 실패했습니다",
    "partner.connection_disconnect_pending": "국세청 연동 해제를 시작했습니다",
    "partner.connection_not_connected": "국세청 연동을 해제했습니다",
    "account.looked_up": "예금주를 조회했습니다",
    "company.looked_up": "사업 상태를 조회했습니다",
    "setting.updated": "정산 설정을 바꿨습니다",
    "property.defined": "사용자 정의 속성을 만들었습니다",
    "property.updated": "사용자 정의 속성을 고쳤습니다",
}

for kind in KINDS:
    object_particle = "를" if kind.word == "파트너" else "을"
    history.register_verbs(
        {
            f"{kind.name}.{verb}": text.format(kind.word, object_particle)
            for verb, text in VERBS.items()
        }
    )
    history.register_nouns({kind.name: kind.word})
    history.register_words(kind.name, label_of, say)
history.register_verbs(PARTNER_VERBS)
history.register_nouns(
    {"setting": "정산 설정", "property": "사용자 정의 속성", "account": "계좌", "company": "사업자"}
)
for object_type in ("setting", "property"):
    history.register_words(object_type, label_of, say)
