"""Dates outside the years that Python knows: FEEL counts from -999999999 to 999999999."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Value, codec, evaluate
from engine.feel.calendar import FarDate, date_of_days, days_of

LAWS = [
    ('date("999999999-12-31")', FarDate(999_999_999, 12, 31)),
    ('string(date("-999999999-12-31"))', "-999999999-12-31"),
    ('string(@"0000-02-29")', "0000-02-29"),
    ("string(date(-4, 2, 29))", "-0004-02-29"),
    ('string(@"9999-12-31" + @"P1D")', "10000-01-01"),
    ('string(@"10000-01-01" - @"P1D")', "9999-12-31"),
    ('string(@"0001-01-01" - @"P1M")', "0000-12-01"),
    ('@"12000-01-31" + @"P1M"', FarDate(12_000, 2, 29)),
    ('@"12000-01-01" - @"9999-12-31" = @"P730486D"', True),
    ('@"12000-01-01" > @"2020-01-01"', True),
    ('@"2020-01-01" > @"-0001-01-01"', True),
    ('@"12000-01-01" = @"2020-01-01"', False),
    ('@"12000-01-01" != @"12000-01-01"', False),
    ('@"12000-01-01" in [@"2020-01-01"..@"13000-01-01"]', True),
    ('@"12000-01-01" instance of date', True),
    ('@"12000-01-01".year', Decimal(12_000)),
    ('@"12000-01-01".weekday', Decimal(6)),
    ('day of week(@"12000-01-01")', "Saturday"),
    ('day of year(@"12000-12-31")', Decimal(366)),
    ('week of year(@"12001-01-01")', Decimal(1)),
    ('string(date and time("99999-12-31T23:30:00+02:00") + @"PT1H")', "100000-01-01T00:30:00+02:00"),
    ('string(@"10000-06-30T12:00:00@Europe/Paris")', "10000-06-30T12:00:00@Europe/Paris"),
    ('string((@"10000-06-30T12:00:00@Europe/Paris").time offset)', "PT2H"),
    ('string(@"9999-12-31T23:30:00@Asia/Shanghai" + @"PT1H")', "10000-01-01T00:30:00@Asia/Shanghai"),
    ('years and months duration(@"2020-01-01", @"12020-01-01") = @"P10000Y"', True),
    ('for d in @"9999-12-31"..@"10000-01-01" return d', [dt.date(9999, 12, 31), FarDate(10_000, 1, 1)]),
    ('date("1000000000-01-01")', None),
    ('date("-0000-01-01")', None),
    ('date("01211-12-31")', None),
    ("date(12000, 2, 30)", None),
    ('@"999999999-12-31" + @"P1D"', None),
]


@pytest.mark.parametrize(("text", "expected"), LAWS, ids=[text for text, _ in LAWS])
def test_far_dates(text: str, expected: Value) -> None:
    assert evaluate(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_each_day_has_one_date(days: int) -> None:
    day = date_of_days(days)
    assert days_of(day) == days
    assert isinstance(day, dt.date) == (1 <= day.year <= 9999)
    assert codec.loads(codec.dumps(day)) == day
    following = date_of_days(days + 1)
    assert following > day
    assert day < following
