"""Any layout: titles, sums, merged cells, constants; described once and recognised after."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core.files import File

from core.events.models import Event
from settlements.models import OrderColumnMapping, OrderUpload, Transfer
from settlements.services.uploads import (
    change_column_mapping,
    delete_column_mapping,
    map_upload,
    receive_upload,
    save_column_mapping,
)
from settlements.upload.errors import MappingNameTaken, MappingRefused, UploadRefused
from settlements.upload.guesses import guess
from settlements.upload.mapping import ColumnMapping, parse_mapping
from tests.settlements.factories import ACTOR
from tests.settlements.upload.flows import problems, register, worked

HEADER = ["주문번호", "판매자코드", "상품명", "결제금액(원)", "결제일", "금액", "금액"]
MAPPING = ColumnMapping(
    columns={
        "주문번호": "payment_id",
        "판매자코드": "partner_id",
        "상품명": "order_name",
        "결제금액(원)": "order_amount",
        "결제일": "paid_at",
        "금액 (2)": "memo",
    },
    constants={"type": "주문", "payment_method": "카드"},
    fills_down=("partner_id",),
)


def export(*, last_row: bool = True) -> io.BytesIO:
    """As a marketplace makes it: a merged title, headings in the fourth row, merged partners."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["오픈마켓 정산 내역"])
    sheet.append(["기간: 2026-10-01 ~ 2026-10-31"])
    sheet.append([])
    sheet.append(HEADER)
    sheet.append(["OM-1", "seller", "사과", "₩10,000원", datetime(2026, 10, 5, 13, 0), 1, "가"])  # noqa: DTZ001
    sheet.append(["OM-2", None, "배", "１２，０００", 46300.5, 2, "나"])
    sheet.append(["합계", None, None, "₩22,000원"])
    if not last_row:
        sheet.append(["OM-3", None, "감", "삼천"])
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("B5:B6")
    file = io.BytesIO()
    book.save(file)
    return file


def received(workspace, file, **options) -> OrderUpload:
    return receive_upload(
        workspace=workspace, actor=ACTOR, file=File(file, name="정산.xlsx"), **options
    )


def saved(workspace, **options) -> OrderColumnMapping:
    given = {"name": "오픈마켓", "mapping": MAPPING, "header": HEADER} | options
    return save_column_mapping(workspace=workspace, actor=ACTOR, **given)


@pytest.mark.django_db(transaction=True)
def test_a_marketplace_export_becomes_orders(partner):
    upload = register(worked(received(partner.workspace, export(), mapping=MAPPING)))

    first, second = Transfer.objects.order_by("payment_id")
    assert (first.order_amount, second.order_amount) == (10_000, 12_000)
    assert first.occurred_at == datetime(2026, 10, 5, 4, 0, tzinfo=UTC)
    assert second.occurred_at == datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
    assert (second.partner, second.memo, second.payment_method) == (partner, "나", "CARD")
    assert upload.summary["header_row"] == 4
    assert upload.summary["total_rows"] == [7]
    assert upload.summary["unknown_columns"] == ["금액"]


@pytest.mark.django_db(transaction=True)
def test_a_saved_mapping_is_recognised_by_its_headings(partner):
    saved(partner.workspace)
    upload = worked(received(partner.workspace, export()))
    assert (upload.status, upload.transfer_count) == ("READY", 2)
    assert upload.summary["mapping_name"] == "오픈마켓"


@pytest.mark.django_db(transaction=True)
def test_rows_keep_the_numbers_of_the_spreadsheet(partner):
    upload = worked(received(partner.workspace, export(last_row=False), mapping=MAPPING))
    assert problems(upload) == ["8행 「결제금액(원)」: 숫자가 아닙니다: 「삼천」"]


@pytest.mark.django_db(transaction=True)
def test_an_unknown_layout_waits_until_someone_says_which_column_is_which(partner):
    waiting = received(partner.workspace, export(), may_wait_for_mapping=True)
    assert (waiting.status, waiting.job) == ("MAPPING", None)

    with pytest.raises(UploadRefused) as refused:
        map_upload(upload=waiting, actor=ACTOR, mapping=ColumnMapping(header_row=4))
    assert refused.value.row == 4
    map_upload(upload=waiting, actor=ACTOR, mapping=MAPPING)

    assert worked(waiting).transfer_count == 2


@pytest.mark.django_db(transaction=True)
def test_without_a_person_an_unknown_layout_is_refused(partner):
    with pytest.raises(UploadRefused):
        received(partner.workspace, export())
    assert not OrderUpload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_order_called_total_is_an_order(partner):
    file = io.BytesIO("결제 ID,파트너 ID,주문 금액\n합계,seller,1000\n합계,,1000\n".encode())
    upload = worked(received(partner.workspace, file))
    assert (upload.transfer_count, upload.summary["total_rows"]) == (1, [3])


@pytest.mark.django_db(transaction=True)
def test_a_name_and_a_header_have_one_mapping_each(partner):
    mapping = saved(partner.workspace)
    with pytest.raises(MappingNameTaken):
        saved(partner.workspace, header=[*HEADER, "비고"])
    with pytest.raises(MappingNameTaken):
        saved(partner.workspace, name="다른 이름")
    change_column_mapping(saved=mapping, actor=ACTOR, name="새 이름", mapping=MAPPING)
    delete_column_mapping(saved=mapping, actor=ACTOR)
    assert not OrderColumnMapping.objects.exists()
    kinds = Event.objects.filter(object_type="ordercolumnmapping").order_by("id")
    assert [kind.rpartition(".")[2] for kind in kinds.values_list("kind", flat=True)] == [
        "saved", "changed", "deleted",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_another_company_does_not_know_it(partner):
    from core.companies.services import create_company

    saved(partner.workspace)
    other = create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")
    assert received(other, export(), may_wait_for_mapping=True).status == "MAPPING"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"columns": {"a": "nonsense"}}, "없는 열입니다: 「nonsense」"),
        ({"columns": {"a": "memo", "b": "memo"}}, "「메모」을(를) 두 번 정했습니다."),
        (
            {"columns": {"a": "memo"}, "constants": {"memo": "x"}},
            "「메모」을(를) 두 번 정했습니다.",
        ),
        ({"constants": {"memo": " "}}, "「메모」의 고정 값이 비어 있습니다."),
        (
            {"constants": {"order_amount": "천원"}},
            "「주문 금액」의 고정 값: 숫자가 아닙니다: 「천원」",
        ),
        ({"header_row": 5000}, "머리글 행은 1,000행 안에 있어야 합니다."),
        ({"columnz": {}}, "열 설정을 읽을 수 없습니다."),
        ({"columns": {"a": "property:한글"}}, "없는 열입니다: 「property:한글」"),
    ],
)
def test_words_that_mean_nothing_are_refused(words, problem):
    with pytest.raises(MappingRefused) as refused:
        parse_mapping(words)
    assert refused.value.message == problem


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("주문번호", "payment_id"),
        ("Seller ID", "partner_id"),
        ("결제금액(원)", "order_amount"),
        ("상품번호", "product_id"),
        ("운송장번호", ""),
    ],
)
def test_guesses(heading, key):
    assert guess(heading) == key
