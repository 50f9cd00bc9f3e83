"""Acting on many: what is confirmed happens, once, to those who may take part."""

from __future__ import annotations

import re

import pytest

from core.errors import Conflict, Forbidden, InvalidRequest
from core.jobs.models import Job
from tests.console.conftest import SampleGrid, job, jobs, text


def press(ask, fields, *, query="", member=None):
    post = {"op": "bulk", "action": "rename", **fields}
    return SampleGrid(ask(query, post=post, member=member)).serve()


def sheet(ask, fields, *, query=""):
    """The hidden fields of the confirm sheet, as a browser would send them back."""
    page = text(press(ask, fields, query=query))
    pairs = re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page)
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return page, {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def pks(cast):
    return [str(pk) for pk in Job.objects.filter(workspace=cast.live).values_list("pk", flat=True)]


def done():
    return set(Job.objects.filter(stage="처리됨").values_list("title", flat=True))


def test_the_sheet_repeats_count_sum_and_who_is_left_out(ask, cast):
    jobs(cast.live, 3)
    Job.objects.filter(title="작업 3").update(status="FAILED")
    page, _ = sheet(ask, {"id": pks(cast)})
    assert "2건 300원 처리" in page
    assert "1건: 실패한 건은 처리할 수 없습니다." in page
    assert done() == set()


def test_confirming_acts_on_eligible_rows_only(ask, cast):
    jobs(cast.live, 3)
    Job.objects.filter(title="작업 3").update(status="FAILED")
    _, fields = sheet(ask, {"id": pks(cast)})
    response = press(ask, fields)
    assert response.status_code == 302
    assert done() == {"작업 1", "작업 2"}


def test_all_that_match_beyond_the_page(ask, cast):
    jobs(cast.live, 130)
    Job.objects.filter(done_count__gt=12_000).update(kind="other")
    page, fields = sheet(ask, {"all": "1"}, query="?kind=test")
    assert "120건 726,000원 처리" in page
    press(ask, fields, query="?kind=test")
    assert len(done()) == 120


def test_a_second_press_does_nothing(ask, cast):
    jobs(cast.live, 1)
    _, fields = sheet(ask, {"id": pks(cast)})
    press(ask, fields)
    Job.objects.update(stage="")
    with pytest.raises(Conflict, match="이미 접수한 요청"):
        press(ask, fields)
    assert done() == set()


def test_a_set_that_changed_meanwhile_is_refused(ask, cast):
    jobs(cast.live, 2)
    _, fields = sheet(ask, {"all": "1"})
    job(cast.live, 3).save()
    with pytest.raises(Conflict, match="대상이 바뀌었습니다"):
        press(ask, fields)
    assert done() == set()


def test_rows_of_another_workspace_are_never_selected(ask, cast):
    jobs(cast.live, 1)
    jobs(cast.foreign, 2)
    jobs(cast.test, 2)
    every = [str(pk) for pk in Job.objects.values_list("pk", flat=True)]
    page, fields = sheet(ask, {"id": every})
    assert "1건 100원 처리" in page
    press(ask, fields)
    assert Job.objects.filter(stage="처리됨").get().workspace == cast.live


def test_a_viewer_is_refused_and_told_before(ask, cast):
    jobs(cast.live, 1)
    with pytest.raises(Forbidden):
        press(ask, {"id": pks(cast)}, member=cast.viewer)
    page = text(SampleGrid(ask(member=cast.viewer)).serve())
    assert "이 작업을 할 권한이 없습니다." in page


@pytest.mark.parametrize("fields", [{}, {"id": ["abc"]}])
def test_nothing_selected(ask, cast, fields):
    with pytest.raises(InvalidRequest, match="먼저 행을 선택"):
        press(ask, fields)


def test_an_action_that_is_not_offered(ask, cast):
    with pytest.raises(InvalidRequest, match="없는 작업"):
        press(ask, {"action": "delete", "id": ["1"]})
