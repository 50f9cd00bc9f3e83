"""Rejected rows come back once, by page or by file, and nothing is registered twice."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files import File

from core.errors import Conflict
from core.jobs.models import Job
from core.jobs.services import cancel_job, run_job
from settlements.models import OrderUpload, Transfer
from settlements.queries.uploads import open_rejected_rows
from settlements.services.uploads import (
    Edits,
    close_rejections,
    correct_upload,
    discard_upload,
    map_upload,
    receiving,
    register_upload,
    rejected_rows,
    stop_upload,
)
from settlements.upload import spool
from settlements.upload.errors import AlreadyCorrected, NotRegisteredYet
from settlements.upload.mapping import ColumnMapping
from settlements.upload.spool import part_count
from tests.settlements.factories import ACTOR
from tests.settlements.upload.flows import problems, register, upload, worked
from tests.settlements.upload.samples import HEADER, ORDER, csv_file, row

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = [
    row(결제ID="p2", 파트너ID="sellr"),
    row(결제ID="p3", 파트너ID="sellr"),
    row(결제ID="p4", 단가="x"),
]


@pytest.fixture
def registered(partner) -> OrderUpload:
    """One order of four rows; three rejected."""
    return register(upload(partner.workspace, csv_file([ORDER, *WRONG])))


def test_edits_make_an_upload_of_the_rejected_rows_only(registered):
    edits = Edits({5: {"단가": "3,000"}}, {("파트너 ID", "sellr"): "seller"})
    correction = worked(correct_upload(upload=registered, actor=ACTOR, edits=edits))

    assert (correction.corrects, correction.row_count) == (registered, 3)
    assert (correction.transfer_count, correction.rejected_row_count) == (3, 0)
    register(correction)
    assert Transfer.objects.count() == 4
    assert sorted(Transfer.objects.values_list("order_amount", flat=True)) == [
        6_000, 20_000, 20_000, 20_000,
    ]  # fmt: skip


def test_a_second_correction_is_led_to_the_first(registered):
    first = correct_upload(upload=registered, actor=ACTOR, edits=Edits({5: {"단가": "1"}}))
    with pytest.raises(AlreadyCorrected) as refused:
        correct_upload(upload=registered, actor=ACTOR, edits=Edits({5: {"단가": "2"}}))
    assert refused.value.extra == {"uploadId": first.public_id}
    discard_upload(upload=first, actor=ACTOR)
    assert correct_upload(upload=registered, actor=ACTOR, edits=Edits({5: {"단가": "2"}}))


def test_the_file_of_rejected_rows_knows_where_it_came_from(registered):
    book = openpyxl.Workbook()
    book.active.append(["오류", "원본", *HEADER])
    for rejected in rejected_rows(registered):
        cells = rejected.cells | {"파트너 ID": "seller", "단가": "3000"}
        origin = f"{registered.public_id} {rejected.number}행"
        book.active.append([rejected.reasons, origin, *cells.values()])
    file = io.BytesIO()
    book.save(file)

    correction = upload(registered.workspace, file)

    assert correction.corrects == registered
    assert correction.summary["unknown_columns"] == []
    assert (correction.transfer_count, correction.rejected_row_count) == (3, 0)


def test_what_is_still_wrong_is_corrected_in_turn(registered):
    edits = Edits(everywhere={("파트너 ID", "sellr"): "seller"})
    correction = register(worked(correct_upload(upload=registered, actor=ACTOR, edits=edits)))
    assert problems(correction) == ["4행 「단가」: 숫자가 아닙니다: 「x」"]
    again = correct_upload(upload=correction, actor=ACTOR, edits=Edits({4: {"단가": "1"}}))
    assert worked(again).transfer_count == 1


def test_all_or_nothing_is_corrected_as_a_whole_file(partner):
    refused = upload(partner.workspace, csv_file([ORDER, *WRONG]), "ALL_OR_NOTHING")
    edits = Edits({5: {"단가": "1"}}, {("파트너 ID", "sellr"): "seller"})
    correction = worked(correct_upload(upload=refused, actor=ACTOR, edits=edits))
    assert (correction.mode, correction.transfer_count) == ("ALL_OR_NOTHING", 4)


def test_before_anything_is_registered_the_corrected_file_takes_the_place_of_the_first(partner):
    checked = upload(partner.workspace, csv_file([ORDER, *WRONG]))
    edits = Edits({5: {"단가": "1"}}, {("파트너 ID", "sellr"): "seller"})
    correction = worked(correct_upload(upload=checked, actor=ACTOR, edits=edits))
    assert (correction.corrects, correction.transfer_count) == (checked, 4)
    checked.refresh_from_db()
    assert checked.status == "DISCARDED"
    assert open_rejected_rows(partner.workspace) == 0


def test_a_corrected_file_is_not_read_by_another_mapping(partner):
    refused = upload(partner.workspace, csv_file(WRONG))
    correct_upload(upload=refused, actor=ACTOR, edits=Edits({4: {"단가": "1"}}))
    with pytest.raises(AlreadyCorrected):
        map_upload(upload=refused, actor=ACTOR, mapping=ColumnMapping())


def test_open_rows_are_counted_until_they_are_corrected_or_given_up(registered):
    workspace = registered.workspace
    assert open_rejected_rows(workspace) == 3
    correction = correct_upload(upload=registered, actor=ACTOR, edits=Edits({5: {"단가": "1"}}))
    correction = worked(correction)
    assert open_rejected_rows(workspace) == 2
    close_rejections(upload=correction, actor=ACTOR, reason="시험 판매자")
    assert open_rejected_rows(workspace) == 0


def test_a_stopped_registration_goes_on_with_what_is_left(partner, monkeypatch):
    monkeypatch.setattr(spool, "PART_BYTES", 256)
    lines = [row(결제ID=f"p{number}") for number in range(40)] + [row(결제ID="bad", 단가="x")]
    checked = upload(partner.workspace, csv_file(lines))
    assert part_count(checked.summary["size_bytes"]) > 4
    job = register_upload(upload=checked, actor=ACTOR)
    _stop_after_parts(monkeypatch, job, parts=3)

    stopped = worked(checked)

    assert stopped.status == "READY"
    written = Transfer.objects.count()
    assert 0 < written < 40
    finished = register(stopped)
    assert (finished.status, Transfer.objects.count()) == ("REGISTERED", 40)
    assert (finished.transfer_count, finished.rejected_row_count) == (40, 1)
    assert problems(finished) == ["42행 「단가」: 숫자가 아닙니다: 「x」"]


def _stop_after_parts(monkeypatch, job: Job, parts: int) -> None:
    """A person presses 중단 while the job is between two parts."""
    from core.jobs import services
    from settlements.services.uploads import registering
    from settlements.upload.work import each_part

    def pressed(work, numbers, *, processes):
        for count, tally in enumerate(each_part(work, numbers, processes=1), start=1):
            running = Job.objects.filter(pk=job.pk, status="RUNNING").first()
            if count == parts and running:
                cancel_job(job=running, actor=ACTOR)
            yield tally

    monkeypatch.setattr(registering, "each_part", pressed)
    monkeypatch.setattr(services, "BEAT_SECONDS", 0.0)


def test_stopping_what_has_not_begun_takes_effect_at_once(partner):
    checked = upload(partner.workspace, csv_file([ORDER]))
    register_upload(upload=checked, actor=ACTOR)
    stop_upload(upload=OrderUpload.objects.get(), actor=ACTOR)
    assert OrderUpload.objects.get().status == "READY"
    assert register(OrderUpload.objects.get()).transfer_count == 1


def test_a_file_brought_back_with_other_bytes_by_two_people_is_corrected_once(registered):
    """Amounts by hand have no id of their own: only the link keeps them from coming twice."""
    correct_upload(upload=registered, actor=ACTOR, edits=Edits({5: {"단가": "1"}}))
    origin = f"{registered.public_id} 5행"
    text = f"오류,원본,{','.join(HEADER)}\n,{origin},{','.join(row(결제ID='p4', 단가='2'))}\n"
    with pytest.raises(AlreadyCorrected):
        upload(registered.workspace, io.BytesIO(text.encode()))
    assert OrderUpload.objects.count() == 2


def test_rows_taken_away_before_the_file_was_corrected_as_a_whole_come_no_more(partner):
    """The first is discarded, but its rows were registered: by its correction."""
    header = ["구분", "파트너 ID", "정산 금액", "정산일"]
    amounts = [["수기", "seller", "1000", "2026-10-30"], ["수기", "sellr", "2000", "2026-10-30"]]
    checked = upload(partner.workspace, csv_file(amounts, header))
    edits = Edits(everywhere={("파트너 ID", "sellr"): "seller"})
    correction = register(worked(correct_upload(upload=checked, actor=ACTOR, edits=edits)))
    assert correction.transfer_count == 2

    origin = f"{checked.public_id} 3행"
    text = f"오류,원본,{','.join(header)}\n,{origin},수기,seller,2000,2026-10-30\n"
    with pytest.raises(AlreadyCorrected) as refused:
        upload(partner.workspace, io.BytesIO(text.encode()))
    assert refused.value.extra == {"uploadId": correction.public_id}


def test_rejected_rows_of_two_uploads_do_not_come_back_as_one_file(partner):
    """Only one of the two would count as corrected; the other's amounts could come again."""
    header = ["구분", "파트너 ID", "정산 금액", "정산일"]
    rejected = [
        register(upload(partner.workspace, csv_file([good, ["수기", "sellr", won, day]], header)))
        for won, day in (("2000", "2026-10-30"), ("3000", "2026-10-31"))
        for good in [["수기", "seller", won, day]]
    ]
    file = csv_file(
        [
            ["", f"{each.public_id} 3행", "수기", "seller", "2000", "2026-10-30"]
            for each in rejected
        ],
        ["오류", "원본", *header],
    )

    merged = upload(partner.workspace, file)

    assert (merged.status, Transfer.objects.count()) == ("REFUSED", 2)
    assert "3행 「원본」: 여러 업로드의 반려 행" in merged.summary["problem"]
    assert open_rejected_rows(partner.workspace) == 2


def test_received_by_says_who(registered):
    assert registered.received_by == ACTOR.name
    assert File(registered.file).size


AMOUNTS = ["구분", "파트너 ID", "정산 금액", "정산일"]


@pytest.fixture
def stopped_meanwhile(partner, monkeypatch) -> OrderUpload:
    """Forty amounts by hand as a page was loaded with them, of which some are registered since."""
    monkeypatch.setattr(spool, "PART_BYTES", 256)
    lines = [["수기", "seller", str(1_000 + each), "2026-10-30"] for each in range(40)]
    loaded = upload(
        partner.workspace, csv_file([*lines, ["수기", "x", "1", "2026-10-30"]], AMOUNTS)
    )
    job = register_upload(upload=OrderUpload.objects.get(), actor=ACTOR)
    _stop_after_parts(monkeypatch, job, parts=3)
    run_job(job.pk)
    assert OrderUpload.objects.get().status == "READY"
    assert 0 < Transfer.objects.count() < 40
    return loaded


def test_a_stopped_file_goes_on_from_a_page_that_knew_nothing_of_it(stopped_meanwhile):
    """Amounts by hand have no id: begun anew, those of the first parts would be paid twice."""
    assert register(stopped_meanwhile).status == "REGISTERED"
    assert Transfer.objects.count() == 40


def test_a_file_registered_in_part_is_not_discarded_from_an_old_page(stopped_meanwhile):
    with pytest.raises(Conflict, match="이미 일부가 등록된 파일입니다"):
        discard_upload(upload=stopped_meanwhile, actor=ACTOR)
    assert OrderUpload.objects.get().status == "READY"


def test_a_file_registered_in_part_is_not_corrected_as_a_whole_from_an_old_page(stopped_meanwhile):
    edits = Edits(everywhere={("파트너 ID", "x"): "seller"})
    with pytest.raises(Conflict, match="이미 일부가 등록된 파일입니다"):
        correct_upload(upload=stopped_meanwhile, actor=ACTOR, edits=edits)
    assert OrderUpload.objects.count() == 1


def test_a_file_registered_in_part_is_not_read_anew_from_an_old_page(stopped_meanwhile):
    with pytest.raises(Conflict, match="이미 일부가 등록된 파일입니다"):
        map_upload(upload=stopped_meanwhile, actor=ACTOR, mapping=ColumnMapping())


def test_rows_given_up_are_not_corrected_from_an_old_page(registered):
    close_rejections(upload=OrderUpload.objects.get(), actor=ACTOR, reason="시험 판매자")
    with pytest.raises(Conflict):
        correct_upload(upload=registered, actor=ACTOR, edits=Edits({5: {"단가": "1"}}))


def test_rows_that_somebody_corrects_are_not_given_up_from_an_old_page(registered):
    correct_upload(upload=OrderUpload.objects.get(), actor=ACTOR, edits=Edits({5: {"단가": "1"}}))
    with pytest.raises(AlreadyCorrected):
        close_rejections(upload=registered, actor=ACTOR, reason="시험 판매자")


def test_a_refused_file_that_is_read_anew_is_not_corrected_meanwhile(partner, monkeypatch):
    """Both would be registered, the amounts by hand of both."""
    refused = upload(partner.workspace, csv_file([["수기", "x", "1000", "2026-10-30"]], AMOUNTS))
    assert refused.status == "REFUSED"
    real = receiving.examined

    def read_anew_meanwhile(*args):
        arrival = real(*args)
        map_upload(upload=OrderUpload.objects.get(), actor=ACTOR, mapping=ColumnMapping())
        return arrival

    monkeypatch.setattr(receiving, "examined", read_anew_meanwhile)
    text = f"원본,{','.join(AMOUNTS)}\n{refused.public_id} 2행,수기,seller,1000,2026-10-30\n"
    with pytest.raises(NotRegisteredYet):
        upload(partner.workspace, io.BytesIO(text.encode()))
