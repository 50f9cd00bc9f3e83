"""Settlement dates of contract.md e.4, and of Korean holidays around them."""

from datetime import date, timedelta

import pytest

from core.clock import Calendar
from core.errors import InvalidRequest
from settlements.calculator import Cycle, requested_settlement_date, settlement_date
from settlements.errors import SettlementDateEarlierThanSettlementStartDate
from tests.settlements.calculator.samples import MONTH_END, cycle_snapshot

CALENDAR = Calendar()
DAILY = {"type": "DAILY"}
FRIDAYS = {"type": "WEEKLY", "daysOfWeek": ["FRI"]}
THURSDAYS = {"type": "WEEKLY", "daysOfWeek": ["THU"]}
MID_AND_END = {"type": "MONTHLY", "daysOfMonth": [15, 31]}
TENTH = {"type": "MONTHLY", "daysOfMonth": [10]}
QUARTERS = {
    "type": "MANUAL_DATES",
    "dates": [{"month": month, "day": day} for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))],
}
BEFORE, AFTER, CALENDAR_DAY = "HOLIDAY_BEFORE", "HOLIDAY_AFTER", "CALENDAR_DAY"


def settle(
    start: str, method: dict, lag_days: int, policy: str, adjust: bool = True, calendar=CALENDAR
) -> str:
    cycle = Cycle.from_snapshot(cycle_snapshot(method, lag_days, policy))
    return settlement_date(date.fromisoformat(start), cycle, calendar, adjust).isoformat()


@pytest.mark.parametrize(
    ("method", "lag_days", "policy", "start", "expected"),
    [
        (MONTH_END, 2, BEFORE, "2023-08-11", "2023-08-31"),
        (MONTH_END, 2, BEFORE, "2023-08-12", "2023-08-31"),
        (MONTH_END, 2, BEFORE, "2023-09-01", "2023-09-27"),
        (MONTH_END, 2, AFTER, "2023-09-01", "2023-10-04"),
        (FRIDAYS, 2, CALENDAR_DAY, "2023-08-11", "2023-08-18"),
        (MID_AND_END, 3, BEFORE, "2024-01-10", "2024-01-15"),
        (MID_AND_END, 3, BEFORE, "2024-01-13", "2024-01-31"),
        (MID_AND_END, 3, BEFORE, "2024-06-10", "2024-06-14"),
        (MID_AND_END, 3, BEFORE, "2024-08-13", "2024-08-30"),
        (MONTH_END, 2, BEFORE, "2024-02-01", "2024-02-29"),
        (DAILY, 1, BEFORE, "2023-09-28", "2023-10-04"),
        (TENTH, 10, CALENDAR_DAY, "2024-06-30", "2024-07-10"),
        (TENTH, 10, CALENDAR_DAY, "2024-07-01", "2024-08-10"),
        (THURSDAYS, 4, CALENDAR_DAY, "2024-06-03", "2024-06-13"),
        (THURSDAYS, 4, CALENDAR_DAY, "2024-06-09", "2024-06-13"),
        (QUARTERS, 1, CALENDAR_DAY, "2024-06-29", "2024-06-30"),
        (QUARTERS, 1, CALENDAR_DAY, "2024-06-30", "2024-09-30"),
        (QUARTERS, 1, CALENDAR_DAY, "2024-12-31", "2025-03-31"),
        (MONTH_END, 10, CALENDAR_DAY, "2024-12-25", "2025-01-31"),
    ],
)
def test_documented_settlement_dates(method, lag_days, policy, start, expected):
    assert settle(start, method, lag_days, policy) == expected


@pytest.mark.parametrize(
    ("start", "lag_days", "after", "before", "calendar_day"),
    [
        ("2024-02-07", 2, "2024-02-13", "2024-02-08", "2024-02-09"),
        ("2024-09-13", 3, "2024-09-19", "2024-09-13", "2024-09-16"),
        ("2024-09-30", 1, "2024-10-02", "2024-09-30", "2024-10-01"),
        ("2025-01-24", 1, "2025-01-31", "2025-01-24", "2025-01-25"),
        ("2025-04-30", 2, "2025-05-02", "2025-05-02", "2025-05-02"),
        ("2025-10-02", 1, "2025-10-10", "2025-10-02", "2025-10-03"),
        ("2025-10-01", 3, "2025-10-10", "2025-10-02", "2025-10-04"),
        ("2026-02-13", 2, "2026-02-19", "2026-02-13", "2026-02-15"),
        ("2026-04-30", 2, "2026-05-04", "2026-04-30", "2026-05-02"),
        ("2026-09-23", 2, "2026-09-28", "2026-09-23", "2026-09-25"),
        ("2026-12-30", 3, "2027-01-04", "2026-12-31", "2027-01-02"),
        ("2027-02-05", 1, "2027-02-10", "2027-02-05", "2027-02-06"),
    ],
)
def test_lag_counts_calendar_days_and_the_policy_corrects(
    start, lag_days, after, before, calendar_day
):
    assert settle(start, DAILY, lag_days, AFTER) == after
    assert settle(start, DAILY, lag_days, BEFORE, adjust=False) == before
    assert settle(start, DAILY, lag_days, CALENDAR_DAY) == calendar_day


def test_a_date_on_the_start_moves_after_the_holiday_only_when_the_setting_says_so():
    assert settle("2024-09-13", DAILY, 3, BEFORE, adjust=False) == "2024-09-13"
    assert settle("2024-09-13", DAILY, 3, BEFORE, adjust=True) == "2024-09-19"


def test_the_companys_own_holidays_count():
    closed = Calendar.with_overrides(added=[date(2023, 8, 31)], removed=[date(2023, 8, 15)])

    assert settle("2023-08-11", MONTH_END, 2, BEFORE, calendar=closed) == "2023-08-30"
    assert settle("2023-08-13", DAILY, 2, BEFORE, calendar=closed) == "2023-08-15"


def test_a_leap_day_is_the_end_of_february_in_other_years():
    leap_day = {"type": "MANUAL_DATES", "dates": [{"month": 2, "day": 29}]}

    assert settle("2023-02-01", leap_day, 1, CALENDAR_DAY) == "2023-02-28"
    assert settle("2023-03-01", leap_day, 1, CALENDAR_DAY) == "2024-02-29"


def test_every_day_of_four_years_against_a_search_day_by_day():
    """An independent reading of e.1: walk until a day fits, then walk over holidays."""
    for method in (DAILY, FRIDAYS, MID_AND_END, QUARTERS):
        for policy in (BEFORE, AFTER, CALENDAR_DAY):
            cycle = Cycle.from_snapshot(cycle_snapshot(method, 3, policy))
            for offset in range(4 * 365 + 1):
                start = date(2024, 1, 1) + timedelta(days=offset)
                expected = walked_date(start, method, 3, policy)
                assert settlement_date(start, cycle, CALENDAR) == expected


def walked_date(start: date, method: dict, lag_days: int, policy: str) -> date:
    day = start + timedelta(days=lag_days)
    while not fits(day, method):
        day += timedelta(days=1)
    if policy == CALENDAR_DAY:
        return day
    step = timedelta(days=1 if policy == AFTER else -1)
    found = day
    while not CALENDAR.is_business_day(found):
        found += step
    if found > start:
        return found
    while not CALENDAR.is_business_day(day):
        day += timedelta(days=1)
    return day


def fits(day: date, method: dict) -> bool:
    is_month_end = (day + timedelta(days=1)).day == 1
    match method["type"]:
        case "WEEKLY":
            return day.strftime("%a").upper() in method["daysOfWeek"]
        case "MONTHLY":
            days = method["daysOfMonth"]
            return day.day in days or (is_month_end and any(listed > day.day for listed in days))
        case "MANUAL_DATES":
            return {"month": day.month, "day": day.day} in method["dates"]
        case _:
            return True


def test_a_cycle_without_days_is_refused():
    with pytest.raises(InvalidRequest):
        Cycle.from_snapshot(cycle_snapshot({"type": "WEEKLY", "daysOfWeek": []}))


def test_a_requested_date_is_taken_as_it_is_unless_it_is_before_the_start():
    start, holiday = date(2023, 9, 1), date(2023, 9, 29)

    assert requested_settlement_date(start, holiday) == holiday
    assert requested_settlement_date(start, start) == start
    with pytest.raises(SettlementDateEarlierThanSettlementStartDate) as refusal:
        requested_settlement_date(start, date(2023, 8, 31))
    assert refusal.value.extra == {
        "settlementStartDate": "2023-09-01",
        "settlementDate": "2023-08-31",
    }
