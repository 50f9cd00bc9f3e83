"""Charts as text: bars where the amounts say, a table that says the same."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.console import charts
from core.console.charts import Bar, Day, Scale, Stack, Step

won = st.integers(-(10**12), 10**12)


@given(st.lists(won, min_size=1, max_size=20), won, won)
def test_a_scale_keeps_order_and_stays_inside(amounts, one, other):
    scale = Scale.over([*amounts, one, other], 100)
    assert 0 <= scale.y(one) <= 100
    assert (one >= other) is (scale.y(one) <= scale.y(other)) or scale.y(one) == scale.y(other)


def test_small_amounts_stay_visible():
    assert Scale.over([10**9], 100).span(1, 0)[1] == 1
    assert Scale.over([10**9], 100).span(0, 0)[1] == 0


def test_a_waterfall_hangs_each_change_on_the_last_level():
    steps = [
        Step("주문", 1000, is_total=True),
        Step("수수료", -300),
        Step("지급", 700, is_total=True),
    ]
    assert charts._waterfall_spans(steps) == [(0, 1000), (1000, 700), (0, 700)]
    drawn = charts.waterfall(steps, title="10월")
    assert 'class="minus"><title>수수료 −300원</title>' in drawn
    assert '<th scope="row">지급</th><td class="money">700</td>' in drawn


def test_a_stack_is_as_high_as_its_sum():
    drawn = charts.stacked([Stack("10월", [300, 700])], ["수수료", "정산"], title="10월")
    heights = [int(h) for h in re.findall(r'height="(\d+)" class="series-\d"><title>', drawn)]
    assert sum(heights) == 140
    assert heights[0] * 7 == heights[1] * 3


def test_labels_are_escaped():
    assert "<script>" not in charts.bars([Bar("<script>", 1)], title="<b>")


def test_charts_need_no_style():
    drawn = charts.bars([Bar("1", 1)], title="t") + charts.sparkline([1, 2], title="s")
    assert "style=" not in drawn


def test_a_month_begins_on_sunday_and_shows_both_directions():
    days = [Day(date(2026, 10, 5), money_in=1_000_000, money_out=284_000)]
    drawn = charts.calendar(days, title="2026년 10월", today=date(2026, 10, 5))
    assert drawn.index("2026-09-27") < drawn.index("2026-10-01")
    assert "2026-10-31" in drawn
    assert "2026-11-01" not in drawn
    assert '<td class="today"><time datetime="2026-10-05">5</time>' in drawn
    assert '<i>입</i> <b class="full">1,000,000</b><b class="short">100만</b>' in drawn
    assert '<i>출</i> <b class="full">284,000</b><b class="short">28만</b>' in drawn
