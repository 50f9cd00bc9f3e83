"""What the console's frame, first page, search and histories know of settlements."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console import history, home, navigation, notices, search
from core.console.access import ConsoleRequest, console_url
from core.console.home import Counter
from core.console.navigation import Entry
from core.console.notices import Telling
from core.console.search import HITS_PER_SOURCE, Hit, Source
from core.events.models import Notice
from core.words import said
from partners.console.changing import TRIALS, Trial
from partners.services import kinds
from settlements.console.drafting import DRAFT_KEYS, MOVES, simulate_move, simulate_terms
from settlements.models import (
    OrderUpload,
    PartnerSettlement,
    Transfer,
    TransferType,
    UploadMode,
)
from settlements.queries.uploads import open_rejected_rows

navigation.register(
    Entry("정산", "주문 업로드", "settlements:uploads", Permission.TRANSFER_READ),
    Entry("정산", "정산 상세", "settlements:transfers", Permission.TRANSFER_READ),
    Entry("정산", "정산 내역", "settlements:settlements", Permission.SETTLEMENT_READ),
    Entry("정책", "계산식", "settlements:calculator", Permission.CALCULATOR_READ),
    Entry("정책", "모의 정산", "settlements:simulations", Permission.CALCULATOR_READ),
)
TRY = ("지난 주문에 돌려 보기", Permission.CALCULATOR_WRITE)
TRIALS |= {kind: Trial(*TRY, simulate_terms) for kind in DRAFT_KEYS}
TRIALS[kinds.PARTNER.name] = Trial(*TRY, simulate_move, fits=lambda changes: MOVES in changes)


def _failed(workspace: Workspace) -> int:
    return rows(PartnerSettlement, workspace).filter(status="PAYOUT_FAILED").count()


def _withheld(workspace: Workspace) -> int:
    return rows(PartnerSettlement, workspace).filter(status="PAYOUT_WITHHELD").count()


home.register_counter(
    Counter(
        "반려된 업로드 행",
        open_rejected_rows,
        "settlements:uploads",
        "tab=REJECTIONS",
        Permission.TRANSFER_READ,
        tone="wrong",
        order=30,
    ),
    Counter(
        "지급 실패한 정산 내역",
        _failed,
        "settlements:settlements",
        "tab=PAYOUT_FAILED&period=all",
        Permission.SETTLEMENT_READ,
        tone="wrong",
        order=40,
    ),
    Counter(
        "지급 보류 중",
        _withheld,
        "settlements:settlements",
        "tab=PAYOUT_WITHHELD&period=all",
        Permission.SETTLEMENT_READ,
        order=60,
    ),
)


def _say_kept(notice: Notice) -> str:
    sentence = _(
        "정산건 %(count)s건의 정산을 등록할 때의 조건으로 시작했습니다. "
        "정산 시작일의 조건으로는 계산할 수 없었습니다."
    )
    return sentence % {"count": f"{notice.count:,}"}


def _kept(request: ConsoleRequest, notice: Notice) -> str:
    list_url = console_url(request, "settlements:transfers")
    return f"{list_url}?kept_terms={notice.day}&period=all"


WRITES_TERMS = frozenset({Permission.CALCULATOR_WRITE, Permission.POLICY_WRITE})
notices.register_notice("transfer.kept_terms", Telling(_say_kept, _kept, WRITES_TERMS))


def _find_transfers(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    named = Q(public_id=words) | Q(payment_id=words)
    found = rows(Transfer, request.workspace).filter(named).select_related("partner")
    return [
        Hit(
            f"{said(row.get_type_display())} {row.payment_id or row.public_id}",
            console_url(request, "settlements:transfer", row.public_id),
            f"{row.partner.name} · {row.settlement_date}",
            row.signed_amount,
            row.settlement_currency,
        )
        for row in found[:HITS_PER_SOURCE]
    ]


def _find_settlements(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    found = rows(PartnerSettlement, request.workspace).filter(public_id=words)
    return [
        Hit(
            f"{row.partner.name} {row.settlement_date}",
            console_url(request, "settlements:settlement", row.public_id),
            said(PartnerSettlement.FACES[row.status].label),
            row.signed_amount,
            row.settlement_currency,
        )
        for row in found.select_related("partner")[:HITS_PER_SOURCE]
    ]


def _find_uploads(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    named = Q(public_id=words) | Q(file_name__istartswith=words)
    found = rows(OrderUpload, request.workspace).filter(named).defer("summary", "preview")
    return [
        Hit(
            upload.file_name,
            console_url(request, "settlements:upload", upload.public_id),
            said(OrderUpload.FACES[upload.status].label),
            upload.settlement_amount,
        )
        for upload in found.order_by("-id")[:HITS_PER_SOURCE]
    ]


search.register(
    Source("주문 업로드", _find_uploads, Permission.TRANSFER_READ),
    Source("정산건", _find_transfers, Permission.TRANSFER_READ),
    Source("정산 내역", _find_settlements, Permission.SETTLEMENT_READ),
)
history.register_verbs(
    {
        "transfer.registered": "정산건을 등록했습니다",
        "transfer.deleted": "정산건을 삭제했습니다",
        "transfer.kept_terms": "새 조건으로 계산할 수 없어 등록할 때의 조건으로 시작했습니다",
        "calculatorversion.applied": "계산식을 적용했습니다",
        "calculatorversion.scheduled": "계산식을 예약했습니다",
        "calculatorversion.rebased": "예약한 계산식을 새 수식 위에 얹었습니다",
        "calculatorversion.cancelled": "예약한 계산식을 삭제했습니다",
        "simulation.drafted": "모의 정산 초안을 만들었습니다",
        "simulation.started": "지난 주문에 초안을 돌렸습니다",
        "simulation.adopted": "모의 정산한 초안을 채택했습니다",
        "parameter.created": "정산 파라미터를 만들었습니다",
        "parameter.updated": "정산 파라미터를 고쳤습니다",
        "transfer.settled": "정산을 확정했습니다",
        "orderupload.received": "주문 파일을 올렸습니다",
        "orderupload.checking": "파일 검사를 시작했습니다",
        "orderupload.ready": "파일을 검사했습니다",
        "orderupload.registering": "등록을 시작했습니다",
        "orderupload.registered": "정산건을 등록했습니다",
        "orderupload.refused": "등록하지 않았습니다",
        "orderupload.discarded": "업로드를 취소했습니다",
        "orderupload.rejections_closed": "반려된 행을 등록하지 않기로 했습니다",
        "ordercolumnmapping.saved": "열 설정을 저장했습니다",
        "ordercolumnmapping.changed": "열 설정을 고쳤습니다",
        "ordercolumnmapping.deleted": "열 설정을 지웠습니다",
        "partnersettlement.payout_prepared": "지급 예정으로 되돌렸습니다",
        "partnersettlement.payout_withheld": "지급을 보류했습니다",
        "partnersettlement.payout_excluded": "지급에서 제외했습니다",
        "partnersettlement.deleted": "정산 내역을 삭제했습니다",
    }
)


def _said_of_upload(key: str, value: object) -> str:
    return str(said(UploadMode(str(value)).label)) if key == "mode" else str(value)


history.register_words("orderupload", history.noun, _said_of_upload)


TRANSFER_WORDS = {"type": "구분", "settlement_amount": "정산 금액", "settlement_currency": "통화"}


def _noun_of_transfer(key: str) -> str:
    return TRANSFER_WORDS.get(key) or history.noun(key)


def _said_of_transfer(key: str, value: object) -> str:
    if key == "type" and value in TransferType:
        return str(said(TransferType(str(value)).label))
    return history.said(value)


history.register_words("transfer", _noun_of_transfer, _said_of_transfer)
history.register_nouns(
    {
        "transfer": "정산건",
        "partnersettlement": "정산 내역",
        "calculatorversion": "계산식",
        "parameter": "정산 파라미터",
        "simulation": "모의 정산",
        "settlements": "정산 내역",
        "revised": "새 조건으로 다시 계산한 정산건",
        "as_of": "기준일",
        "applied_at": "적용 일시",
        "orderupload": "주문 업로드",
        "ordercolumnmapping": "열 설정",
        "file": "파일",
        "sha256": "지문",
        "mode": "등록 방식",
        "corrects": "고친 업로드",
        "rejected_row_count": "반려 행",
    }
)
