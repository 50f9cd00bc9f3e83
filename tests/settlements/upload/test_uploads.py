"""A file on its way: received, checked, registered; or refused and nothing changed."""

import io
from contextlib import contextmanager
from datetime import timedelta
from time import sleep

import pytest
from django.core.files import File

from core.events.models import Event
from core.jobs import services as jobs
from core.jobs.models import Job
from settlements.models import OrderUpload, Transfer
from settlements.services.uploads import (
    checking,
    discard_upload,
    import_orders,
    receive_upload,
    register_upload,
)
from settlements.upload import files
from settlements.upload.errors import FileAlreadyUploaded, UploadRefused
from settlements.upload.mapping import ColumnMapping
from tests.settlements.factories import ACTOR
from tests.settlements.upload.flows import problems, register, upload, worked
from tests.settlements.upload.samples import HEADER, ORDER, csv_file, xlsx_file

pytestmark = pytest.mark.django_db(transaction=True)

OPENED = files.opened
CANCELS = (
    "구분,결제 ID,파트너 ID,주문 금액,결제 일시,취소 ID,취소 일시\n"
    "주문취소,p1,seller,4000,,c1,2026-10-06\n"
    "주문,p1,seller,10000,2026-10-05,,\n"
    "주문취소,p1,seller,,,c2,2026-10-07\n"
)


def test_a_checked_file_says_what_it_would_register_and_writes_nothing(partner):
    checked = upload(partner.workspace, csv_file([ORDER]))

    assert checked.status == "READY"
    assert (checked.row_count, checked.rejected_row_count, checked.transfer_count) == (1, 0, 1)
    assert checked.summary["totals"] == {
        "ORDER.count": 1,
        "ORDER.order_amount": 20_000,
        "ORDER.settlement_amount": 17_800,
        "ORDER.settlement_tax_free_amount": 0,
    }
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_registered_order_has_its_amounts_and_points_at_its_file(partner, make):
    registered = register(upload(partner.workspace, make([ORDER])))

    assert registered.status == "REGISTERED"
    order = Transfer.objects.get()
    assert (order.order_amount, order.platform_fee_amount, order.settlement_amount) == (
        20_000,
        2_000,
        17_800,
    )
    assert order.upload == registered
    assert order.partner == partner
    assert Event.objects.filter(kind="orderupload.registered").count() == 1


def test_cancels_of_a_file_take_from_its_orders_wherever_they_stand(partner):
    register(upload(partner.workspace, io.BytesIO(CANCELS.encode())))

    order = Transfer.objects.get(type="ORDER")
    first, second = order.cancels.order_by("cancellation_id")
    assert (first.settlement_amount, second.settlement_amount) == (3_560, 5_340)
    assert order.settlement_amount == 8_900


def test_cancels_take_from_orders_of_an_earlier_file(partner):
    lines = CANCELS.splitlines(keepends=True)
    register(upload(partner.workspace, io.BytesIO((lines[0] + lines[2]).encode())))
    register(upload(partner.workspace, io.BytesIO((lines[0] + lines[1]).encode())))
    again = register(upload(partner.workspace, io.BytesIO((lines[0] + lines[3]).encode())))

    assert again.transfer_count == 1
    order = Transfer.objects.get(type="ORDER")
    assert sum(order.cancels.values_list("settlement_amount", flat=True)) == 8_900


def test_the_same_bytes_are_refused_with_the_first_upload(partner):
    first = upload(partner.workspace, csv_file([ORDER]))
    with pytest.raises(FileAlreadyUploaded) as refused:
        upload(partner.workspace, csv_file([ORDER]))
    assert refused.value.extra == {"uploadId": first.public_id}


def test_a_discarded_file_may_come_again(partner):
    discard_upload(upload=upload(partner.workspace, csv_file([ORDER])), actor=ACTOR)
    assert upload(partner.workspace, csv_file([ORDER])).status == "READY"


def test_another_company_may_bring_the_same_bytes(partner):
    from core.companies.services import create_company

    upload(partner.workspace, csv_file([ORDER]))
    other = create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")
    refused = upload(other, csv_file([ORDER]))
    assert refused.status == "REFUSED"
    assert problems(refused) == ["2행 「파트너 ID」: 파트너를 찾을 수 없습니다."]


def test_valid_rows_are_registered_and_the_others_named(partner):
    wrong = [*ORDER[:1], "pay-2", "nobody", *ORDER[3:]]
    registered = register(upload(partner.workspace, csv_file([ORDER, wrong])))

    assert (registered.transfer_count, registered.rejected_row_count) == (1, 1)
    assert problems(registered) == ["3행 「파트너 ID」: 파트너를 찾을 수 없습니다."]
    assert registered.job.failures.get().raw["결제 ID"] == "pay-2"


def test_all_or_nothing_registers_nothing_when_one_row_is_wrong(partner):
    wrong = [*ORDER[:1], "pay-2", "nobody", *ORDER[3:]]
    refused = upload(partner.workspace, csv_file([ORDER, wrong]), "ALL_OR_NOTHING")

    assert refused.status == "REFUSED"
    assert refused.summary["problem"] == "1행에 오류가 있어 아무것도 등록하지 않았습니다."
    assert not Transfer.objects.exists()


def test_all_or_nothing_undoes_what_it_wrote_when_the_world_changed_since_the_check(partner):
    rows = [ORDER, [ORDER[0], "pay-2", *ORDER[2:]]]
    checked = upload(partner.workspace, csv_file(rows), "ALL_OR_NOTHING")
    register(upload(partner.workspace, csv_file([ORDER])))

    refused = register(checked)

    assert refused.status == "REFUSED"
    assert Transfer.objects.count() == 1
    assert len(problems(refused)) == 1
    assert problems(refused)[0].startswith("2행 「결제 ID」: 같은 결제와 파트너의 정산건이 이미")


def test_an_import_registers_at_once_and_its_second_run_does_nothing(partner, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_file([ORDER]).getvalue())

    first = import_orders(workspace=partner.workspace, actor=ACTOR, path=path)
    second = import_orders(workspace=partner.workspace, actor=ACTOR, path=path)

    assert (first.status, first.transfer_count, first.is_new) == ("REGISTERED", 1, True)
    assert (second.upload_id, second.is_new) == (first.upload_id, False)
    assert Transfer.objects.count() == 1


def test_a_file_nobody_can_read_leaves_nothing_behind(partner):
    with pytest.raises(UploadRefused):
        receive_upload(
            workspace=partner.workspace,
            actor=ACTOR,
            file=File(io.BytesIO(b"%PDF-1.4"), name="orders.csv"),
        )
    assert not OrderUpload.objects.exists()


def test_unknown_columns_are_reported(partner):
    checked = upload(partner.workspace, csv_file([[*ORDER, "x"]], [*HEADER, "비고란"]))
    assert checked.summary["unknown_columns"] == ["비고란"]


def test_a_mapping_reads_a_marketplace_layout(partner):
    file = io.BytesIO("주문번호,판매자,결제금액\np1,seller,10000\n".encode("cp949"))
    columns = {"주문번호": "payment_id", "판매자": "partner_id", "결제금액": "order_amount"}
    mapping = ColumnMapping(columns=columns)
    received = receive_upload(
        workspace=partner.workspace, actor=ACTOR, file=File(file, name="a.csv"), mapping=mapping
    )
    assert worked(received).transfer_count == 1


def test_a_registered_upload_is_not_registered_again(partner):
    from core.errors import IllegalTransition

    registered = register(upload(partner.workspace, csv_file([ORDER])))
    with pytest.raises(IllegalTransition):
        register_upload(upload=registered, actor=ACTOR)


@pytest.mark.parametrize(
    ("cancelled", "expected"),
    [
        ("$4.5", []),
        ("400", ["3행 「통화」: 취소할 주문의 통화는 USD입니다."]),
        ("400원", ["3행 「통화」: 취소할 주문의 통화는 USD입니다."]),
    ],
)
def test_a_cancel_is_in_the_currency_of_its_order(partner, cancelled, expected):
    text = (
        "구분,결제 ID,파트너 ID,주문 금액,취소 ID\n"
        '주문,p1,seller,"$1,000",\n'
        f"주문취소,p1,seller,{cancelled},c1\n"
    )
    checked = register(upload(partner.workspace, io.BytesIO(text.encode())))
    assert problems(checked) == expected
    order = Transfer.objects.get(type="ORDER")
    assert (order.order_amount, order.settlement_currency) == (100_000, "USD")
    cancels = order.cancels.values_list("order_amount", "settlement_currency")
    assert list(cancels) == ([] if expected else [(450, "USD")])


def test_a_workbook_that_takes_long_to_open_is_left_to_whoever_opens_it(monkeypatch, partner):
    """Its job was taken over after a minute, by a worker that took as long: for ever."""
    received = receive_upload(
        workspace=partner.workspace, actor=ACTOR, file=File(xlsx_file([ORDER]), name="주문.xlsx")
    )
    monkeypatch.setattr(jobs, "STALE_AFTER", timedelta(seconds=1))
    monkeypatch.setattr("core.jobs.services.BEAT_SECONDS", 0.1)
    taken_over = []

    @contextmanager
    def slowly(*args):
        sleep(1.5)
        taken_over.append(jobs._claim(Job.objects.get().pk, "another worker"))
        with OPENED(*args) as rows:
            yield rows

    monkeypatch.setattr(files, "opened", slowly)

    assert worked(received).status == "READY"
    assert taken_over == [False]


def test_the_check_of_a_file_that_is_discarded_meanwhile_has_not_failed(monkeypatch, partner):
    received = receive_upload(
        workspace=partner.workspace, actor=ACTOR, file=File(csv_file([ORDER]), name="주문.csv")
    )
    check = checking._check

    def discarded_meanwhile(*args):
        discard_upload(upload=OrderUpload.objects.select_related("job").get(), actor=ACTOR)
        return check(*args)

    monkeypatch.setattr(checking, "_check", discarded_meanwhile)

    assert worked(received).status == "DISCARDED"
    job = Job.objects.get()
    assert (job.status, job.error) == ("CANCELLED", "")
