"""One declaration, and what every list then does."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core import clock
from core.clock import KST
from core.console.grid import paging, saved
from core.console.grid.paging import Count
from core.console.models import SavedView
from core.errors import InvalidRequest
from core.jobs.models import Job
from tests.console.conftest import SampleGrid, job, jobs, text


def titles(grid):
    return [row.title for row in grid.page.rows]


def test_newest_first_and_only_this_workspace(ask, cast):
    jobs(cast.live, 3)
    jobs(cast.test, 5)
    assert titles(SampleGrid(ask())) == ["작업 3", "작업 2", "작업 1"]


def test_tabs_count_what_the_other_conditions_leave(ask, cast):
    Job.objects.bulk_create(
        [job(cast.live, 1, status="FAILED"), job(cast.live, 2), job(cast.live, 3, kind="other")]
    )
    links = {tab.label: tab.count for tab in SampleGrid(ask("?kind=test")).tab_links}
    assert links == {
        "전체": "2",
        "대기": "0",
        "진행 중": "0",
        "완료": "1",
        "실패": "1",
        "취소됨": "0",
    }
    assert titles(SampleGrid(ask("?kind=test&tab=FAILED"))) == ["작업 1"]


def test_totals_are_of_everything_that_matches_not_of_the_page(ask, cast):
    jobs(cast.live, 120)
    grid = SampleGrid(ask("?page=2"))
    assert len(grid.page.rows) == 50
    assert grid.sums.amounts == {"done_count": 100 * 120 * 121 // 2}
    assert SampleGrid(ask("?done_count_max=200")).sums.amounts == {"done_count": 300}


def test_numbered_pages(ask, cast):
    jobs(cast.live, 120)
    first, last = SampleGrid(ask()), SampleGrid(ask("?page=99"))
    assert (first.page.number, first.page.pages) == (1, 3)
    assert titles(first)[0] == "작업 120"
    assert (last.page.number, len(last.page.rows)) == (3, 20)
    assert last.links.previous == "?page=2"


def test_above_the_cap_pages_walk_by_key(ask, cast, monkeypatch):
    """Every row once, forward and back, whatever nulls and ties the sort column has."""
    monkeypatch.setattr(paging, "CAP", 10)
    moments = [None, None, *([clock.now()] * 3), clock.now() + timedelta(hours=1)]
    Job.objects.bulk_create(
        job(cast.live, number, finished_at=moments[number % 6]) for number in range(200)
    )
    order = paging.Order("finished_at", descending=True, nullable=True)
    rows = Job.objects.filter(workspace=cast.live)
    expected = [row.pk for row in order.apply(rows)]
    forward, key, pages = [], "", []
    while True:
        page = paging.keyset(rows, order, Count(11), after=key, before="", size=30)
        forward += [row.pk for row in page.rows]
        pages.append([row.pk for row in page.rows])
        if not page.after:
            break
        key = page.after
    assert forward == expected
    back = paging.keyset(rows, order, Count(11), after="", before=page.before, size=30)
    assert [row.pk for row in back.rows] == pages[-2]


def test_a_long_list_says_so_and_counts_totals_later(ask, cast, monkeypatch):
    monkeypatch.setattr(paging, "CAP", 100)
    jobs(cast.live, 160)
    page = text(SampleGrid(ask()).serve())
    assert "100+건" in page
    assert "합계를 계산하고 있습니다" in page
    assert "1 / " not in page
    totals = text(SampleGrid(ask("?part=totals", htmx=True)).serve())
    assert "1,288,000" in totals


def test_a_broken_page_key_shows_the_first_page(ask, cast, monkeypatch):
    monkeypatch.setattr(paging, "CAP", 10)
    jobs(cast.live, 20)
    assert titles(SampleGrid(ask("?after=nonsense")))[0] == "작업 20"


@pytest.mark.parametrize(
    ("query", "first"),
    [("?sort=done_count", "작업 1"), ("?sort=-done_count", "작업 9"), ("?sort=password", "작업 9")],
)
def test_sorting_only_by_declared_columns(ask, cast, query, first):
    jobs(cast.live, 9)
    assert titles(SampleGrid(ask(query)))[0] == first


def test_headings_say_how_the_list_is_sorted(ask, cast):
    by_label = {h.column.label: h for h in SampleGrid(ask("?sort=-done_count&page=3")).headings}
    assert by_label["금액"].direction == "descending"
    assert by_label["금액"].href == "?sort=done_count"
    assert by_label["일시"].href == "?sort=-created_at"
    assert by_label["제목"].href == "?sort=title"


def test_a_period_is_whole_days_in_korea(ask, cast):
    midnight = datetime(2026, 10, 31, tzinfo=KST)
    moments = [
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(hours=23, minutes=59),
    ]
    for number, moment in enumerate([*moments, midnight + timedelta(days=1)], start=1):
        job(cast.live, number).save()
        Job.objects.filter(public_id=f"job-{number:05d}").update(created_at=moment)
    assert titles(SampleGrid(ask("?from=2026-10-31&to=2026-10-31"))) == ["작업 3", "작업 2"]


def test_presets_hold_today(ask, cast):
    today = clock.today()
    assert SampleGrid(ask("?period=7")).period.start == today - timedelta(days=6)
    assert SampleGrid(ask("?period=yesterday")).period.end == today - timedelta(days=1)
    assert SampleGrid(ask("?period=nonsense")).period.start is None


def test_chips_say_the_filters_and_take_each_one_off(ask, cast):
    grid = SampleGrid(ask("?status=FAILED&status=RUNNING&done_count_min=1000&q=작업&page=2"))
    chips = {chip.label: chip for chip in grid.chips}
    assert [chip.value for chip in grid.chips if chip.label == "상태"] == ["실패", "진행 중"]
    assert chips["완료 건수"].value == "1,000 ~"
    assert chips["상태"].without == "?status=FAILED&done_count_min=1000&q=%EC%9E%91%EC%97%85"
    assert "done_count" not in chips["완료 건수"].without


def test_columns_come_from_url_then_view_then_person(ask, cast):
    request = ask()
    assert [c.key for c in SampleGrid(request).visible][-1] == "stage"
    saved.keep_columns(request=request, grid="SampleGrid", columns=["public_id", "title"])
    assert [c.key for c in SampleGrid(ask()).visible] == ["public_id", "title"]
    view = saved.keep_view(
        request=request,
        grid="SampleGrid",
        name="마감",
        query=None,
        columns=["status"],
        is_shared=True,
    )
    assert [c.key for c in SampleGrid(ask(f"?view={view.pk}")).visible] == ["status"]
    assert [c.key for c in SampleGrid(ask("?cols=title,nonsense")).visible] == ["title"]
    assert [c.key for c in SampleGrid(ask(member=cast.owner)).visible][-1] == "stage"


def test_a_view_keeps_what_it_was_not_asked_to_change(ask, cast):
    place = {"request": ask(), "grid": "G", "name": "마감", "is_shared": False}
    saved.keep_view(query="?tab=FAILED&page=3", columns=["a"], **place)
    view = saved.keep_view(query=None, columns=["b"], **place)
    assert (view.query, view.columns) == ({"tab": ["FAILED"]}, ["b"])
    assert saved.address(view) == f"?tab=FAILED&view={view.pk}"


def test_views_are_shared_on_purpose_and_deleted_by_their_owner(ask, cast):
    mine = {"grid": "G", "query": "", "columns": None}
    private = saved.keep_view(request=ask(), name="나만", is_shared=False, **mine)
    shared = saved.keep_view(request=ask(), name="함께", is_shared=True, **mine)
    theirs = ask(member=cast.owner)
    assert saved.views_of(theirs, "G") == [shared]
    saved.forget_view(request=theirs, grid="G", pk=shared.pk)
    assert set(SavedView.objects.all()) == {private, shared}
    saved.forget_view(request=ask(), grid="G", pk=shared.pk)
    assert set(SavedView.objects.all()) == {private}


def test_a_view_needs_a_name(ask, cast):
    with pytest.raises(InvalidRequest):
        saved.keep_view(request=ask(), grid="G", name="  ", query="", columns=None, is_shared=False)


def test_the_list_keeps_columns_and_views_for_the_person(ask, cast):
    columns = {"op": "columns", "column": ["title", "nonsense"]}
    response = SampleGrid(ask("?tab=FAILED&cols=stage", post=columns)).serve()
    assert response.headers["Location"] == "/console/market-a/live/jobs?tab=FAILED"
    view = {"op": "save_view", "name": "마감", "keep": ["query", "columns"]}
    SampleGrid(ask("?tab=FAILED", post=view)).serve()
    kept = SavedView.objects.get(name="마감")
    assert (kept.query, kept.columns, kept.is_shared) == ({"tab": ["FAILED"]}, ["title"], False)
    SampleGrid(ask(post={"op": "delete_view", "view": str(kept.pk)})).serve()
    assert not SavedView.objects.filter(name="마감").exists()


def test_an_unknown_operation_is_refused(ask, cast):
    with pytest.raises(InvalidRequest):
        SampleGrid(ask(post={"op": "drop"})).serve()


def test_nothing_found_is_not_nothing_there(ask, cast):
    for asked in ("", "?q=없는이름", "?tab=FAILED"):
        assert "아직 내역이 없습니다." in text(SampleGrid(ask(asked)).serve())
    jobs(cast.live, 1)
    empty = text(SampleGrid(ask("?q=없는이름")).serve())
    assert "조건에 맞는 내역이 없습니다." in empty
    assert "조건을 모두 지우고 보기" in empty


def test_htmx_gets_the_list_alone_and_a_restored_page_everything(ask, cast):
    jobs(cast.live, 1)
    assert "<html" not in text(SampleGrid(ask(htmx=True)).serve())
    request = ask(htmx=True)
    request.META["HTTP_HX_HISTORY_RESTORE_REQUEST"] = "true"
    assert "<html" in text(SampleGrid(request).serve())


def test_a_real_table(ask, cast):
    jobs(cast.live, 1, done_count=-1284000)
    page = text(SampleGrid(ask("?sort=-done_count")).serve())
    assert '<caption class="visually-hidden">표본, 1건</caption>' in page
    assert 'aria-sort="descending"' in page
    assert '<span class="minus">−1,284,000 <small class="minus-word">차감</small></span>' in page
    assert 'aria-live="polite" data-announce>표본 1건</p>' in page


def test_a_list_asks_the_same_number_of_questions_however_long(
    ask, cast, django_assert_num_queries
):
    jobs(cast.live, 5)
    request = ask()
    with django_assert_num_queries(7):
        text(SampleGrid(request).serve())
    Job.objects.bulk_create(job(cast.live, number) for number in range(100, 145))
    request = ask()
    with django_assert_num_queries(7):
        text(SampleGrid(request).serve())
