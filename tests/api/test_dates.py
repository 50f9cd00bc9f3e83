"""Dates at the door of the API."""

from __future__ import annotations

import datetime as dt

import pytest

from core.api.wire import UNSET, Timestamp, UnsetType, Wire, check_dates, decode
from core.errors import InvalidRequest


class Dated(Wire):
    days: list[dt.date] = []
    until: Timestamp | UnsetType = UNSET
    memo: str = ""


@pytest.mark.parametrize(
    "body",
    [
        b'{"days": ["2026-07-31", "9999-12-31"]}',
        b'{"days": ["0001-01-01"]}',
        b'{"days": ["\\u0039999-12-31"]}',
        b'{"until": "9999-12-31T23:59:59-10:00"}',
        b'{"until": "2026-07-31T00:00:00+16:00"}',
    ],
)
def test_what_nothing_can_be_counted_from_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        check_dates(body, decode(body, Dated), written=True)


def test_a_far_year_in_a_text_is_no_date() -> None:
    body = b'{"days": ["1900-01-01", "2999-12-31"], "memo": "9999-12-31"}'
    check_dates(body, decode(body, Dated), written=True)


def test_a_list_may_ask_to_the_end_of_the_calendar_but_not_beyond() -> None:
    last = b'{"days": ["0001-01-01"], "until": "9999-12-31T23:59:59Z"}'
    check_dates(last, decode(last, Dated), written=False)
    beyond = b'{"until": "9999-12-31T23:59:59-10:00"}'
    with pytest.raises(InvalidRequest):
        check_dates(beyond, decode(beyond, Dated), written=False)
