"""What the page of an upload shows in each of its states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import sum_in, won
from core.console.views.jobs import may_act
from core.console.views.trail import history_of
from core.jobs.causes import causes_of
from core.jobs.models import Job
from core.jobs.progress import Progress
from core.money import WON
from settlements.console.amounts import ORDER, label
from settlements.models import OrderUpload, TransferType
from settlements.services.uploads.receiving import mapping_of
from settlements.upload.columns import key_of

SHOWN_PARTNERS = 100
WORKING = frozenset({Job.Status.WAITING, Job.Status.RUNNING})
BUSY = frozenset({"CHECKING", "REGISTERING"})


@dataclass(frozen=True)
class ColumnSums:
    """One currency: a line per amount column, a figure per kind of transfer, and their sum."""

    currency: str
    kinds: list[tuple[str, int]]
    """Korean word and count."""
    lines: list[tuple[str, list[int], int]]


@dataclass(frozen=True)
class PartnerLine:
    public_id: str
    name: str
    is_archived: bool
    currency: str
    transfers: int
    order_amount: int
    settlement_amount: int


@dataclass(frozen=True)
class PartnerSums:
    shown: list[PartnerLine]
    count: int
    rest_count: int
    rest_amount: str
    archived: int


@dataclass(frozen=True)
class CauseRow:
    number: int
    value: str
    reason: str


@dataclass(frozen=True)
class CauseLines:
    count: int
    column: str
    title: str
    shown: list[CauseRow]

    @property
    def rest(self) -> int:
        return self.count - len(self.shown)


def page_of(request: ConsoleRequest, upload: OrderUpload) -> dict[str, Any]:
    job = upload.job
    at_work = bool(job and job.status in WORKING and upload.status in BUSY)
    done = Progress.of(job) if job else None
    registered = sum(
        said["transfers"] for said in upload.summary.get("cursor", {}).get("parts", {}).values()
    )
    correction = upload.corrections.exclude(status__in=["REFUSED", "DISCARDED"]).first()
    has_rejections = upload.rejected_row_count and upload.status in {
        "READY", "REGISTERED", "REFUSED",
    }  # fmt: skip
    return {
        "upload": upload,
        "job": job,
        "progress": done,
        "at_work": at_work,
        "stuck": upload.status in BUSY and not at_work,
        "may_retry": bool(job and job.status == Job.Status.FAILED and may_act(request, job)),
        "may_write": request.member.may(Permission.FILE_UPLOAD),
        "registered_already": registered,
        "button": registration_words(upload, registered),
        "facts": facts_of(upload),
        "left_out": left_out_of(upload),
        "columns": column_sums(upload),
        "owed": owed_by(upload),
        "partners": partner_sums(upload),
        "examples": examples_of(upload),
        "causes": cause_lines(job) if job and has_rejections else [],
        "correction": correction,
        "may_fix": bool(
            has_rejections
            and not correction
            and not upload.rejections_closed_at
            and not (registered and upload.status == "READY")
        ),
        "history": history_of(request, "orderupload", upload.public_id),
    }


def registration_words(upload: OrderUpload, registered: int) -> str:
    """`19,980건 1,284,000원 · 12.34 USD 등록`, of a stopped one what is left."""
    if registered:
        left = won(upload.transfer_count - registered)
        return _("남은 %(count)s건 이어서 등록") % {"count": left}
    sums = " · ".join(sum_in(amount, currency) for currency, amount in owed_by(upload).items())
    return _("%(count)s건 %(sums)s 등록") % {"count": won(upload.transfer_count), "sums": sums}


def owed_by(upload: OrderUpload) -> dict[str, int]:
    """Settlement by currency, won first; of nothing 0 won."""
    owed = {sums.currency: _owed(sums) for sums in column_sums(upload)}
    return owed or {WON: upload.settlement_amount}


def _owed(sums: ColumnSums) -> int:
    return next((total for word, _, total in sums.lines if word == label("settlement_amount")), 0)


def facts_of(upload: OrderUpload) -> list[str]:
    """What a person should know before registering, one sentence each."""
    summary = upload.summary
    facts = []
    if summary.get("mapping_name"):
        facts.append(
            _("열 설정 「%(name)s」(으)로 읽었습니다.") % {"name": summary["mapping_name"]}
        )
    if summary.get("missing_sheet"):
        fact = _("시트 「%(name)s」에 이 머리글이 없어 내용이 있는 첫 시트를 읽었습니다.")
        facts.append(fact % {"name": summary["missing_sheet"]})
    elif summary["mapping"].get("sheet"):
        facts.append(
            _("시트 「%(name)s」을(를) 읽었습니다.") % {"name": summary["mapping"]["sheet"]}
        )
    if summary.get("header_row", 1) > 1:
        fact = _("%(row)s행을 머리글로 읽고 그 위는 건너뛰었습니다.")
        facts.append(fact % {"row": summary["header_row"]})
    if summary.get("total_rows"):
        numbers = ", ".join(f"{number:,}" for number in summary["total_rows"][:5])
        facts.append(_("합계 행으로 보아 읽지 않은 행: %(numbers)s행.") % {"numbers": numbers})
    if summary.get("unknown_columns"):
        unread = ", ".join(summary["unknown_columns"])
        facts.append(_("읽지 않은 열: %(columns)s.") % {"columns": unread})
    if summary.get("totals", {}).get("MANUAL.count") and not _has(upload, "transfer_id"):
        facts.append(
            _(
                "수기 행에 정산건 ID가 없습니다."
                " 파일을 고쳐 저장해 다시 올리면 두 번 등록될 수 있습니다."
            )
        )
    return facts


@dataclass(frozen=True)
class LeftOutLine:
    """Rows with a word that the mapping leaves out. `unread`: how many amounts are no number."""

    word: str
    currency: str
    rows: int
    amount: int
    unread: int


def left_out_of(upload: OrderUpload) -> list[LeftOutLine]:
    return [LeftOutLine(**said) for said in upload.summary.get("left_out", ())]


def _has(upload: OrderUpload, key: str) -> bool:
    mapping = mapping_of(upload)
    names = upload.summary.get("header", ())
    return any(mapping.columns.get(name, key_of(name)) == key for name in names)


def column_sums(upload: OrderUpload) -> list[ColumnSums]:
    by_currency: dict[str, dict[str, dict[str, int]]] = {}
    for said in upload.preview.get("columns", ()):
        by_currency.setdefault(said["currency"], {})[said["type"]] = said["sums"]
    ordered = sorted(by_currency.items(), key=lambda each: (each[0] != WON, each[0]))
    return [_sums(currency, kinds) for currency, kinds in ordered]


def _sums(currency: str, by_kind: dict[str, dict[str, int]]) -> ColumnSums:
    kinds = [kind for kind in TransferType.values if kind in by_kind]
    lines = []
    for column in ORDER:
        figures = [_sign(kind) * by_kind[kind].get(column, 0) for kind in kinds]
        if any(figures):
            lines.append((label(column), figures, sum(figures)))
    counts = [(str(TransferType(kind).label), by_kind[kind]["count"]) for kind in kinds]
    return ColumnSums(currency, counts, lines)


def _sign(kind: str) -> int:
    return -1 if kind == "ORDER_CANCEL" else 1


def examples_of(upload: OrderUpload) -> list[dict[str, Any]]:
    return [
        example
        | {
            name: _sign(example["type"]) * (example[name] or 0)
            for name in ("order_amount", "platform_fee_amount", "settlement_amount")
        }
        | {"kind": str(TransferType(example["type"]).label)}
        for example in upload.preview.get("examples", ())
    ]


def cause_lines(job: Job) -> list[CauseLines]:
    return [
        CauseLines(
            count=cause.count,
            column=cause.column,
            title=cause.title,
            shown=[
                CauseRow(
                    failure.row_number,
                    str(failure.raw.get(cause.column, "")),
                    failure.message.partition(": ")[2] or failure.message,
                )
                for failure in cause.examples
            ],
        )
        for cause in causes_of(job)
    ]


def _sums_of(lines: Iterable[PartnerLine]) -> str:
    """`1,284,000 · 12.34 USD`: one sum of each currency, won without its unit as above it."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.currency] += line.settlement_amount
    return " · ".join(
        won(amount) if currency == WON else sum_in(amount, currency)
        for currency, amount in sorted(sums.items(), key=lambda each: (each[0] != WON, each[0]))
    )


def partner_sums(upload: OrderUpload) -> PartnerSums | None:
    lines = [PartnerLine(*line) for line in upload.preview.get("partners", ())]
    if not lines:
        return None
    rest = lines[SHOWN_PARTNERS:]
    return PartnerSums(
        shown=lines[:SHOWN_PARTNERS],
        count=len(lines),
        rest_count=len(rest),
        rest_amount=_sums_of(rest),
        archived=sum(1 for line in lines if line.is_archived),
    )
