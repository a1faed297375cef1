"""Stored values come back as they were."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import DateTime, DayTimeDuration, Range, Time, Value, YearMonthDuration, evaluate
from engine.feel.codec import CodecError, dumps, loads, to_json
from engine.feel.values import from_python

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
times = st.builds(
    Time,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 999_999_999),
    st.none() | st.integers(-840, 840).map(lambda minutes: minutes * 60),
)
zoned = st.builds(
    Time, st.integers(0, 23), st.just(5), zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin"])
)
scalars: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    decimals,
    texts,
    st.dates(),
    times,
    zoned,
    st.builds(DateTime, st.dates(), times | zoned),
    st.builds(DayTimeDuration, st.integers(-(10**20), 10**20)),
    st.builds(YearMonthDuration, st.integers(-(10**6), 10**6)),
    st.builds(Range, decimals, decimals, st.booleans(), st.booleans()),
)
values: st.SearchStrategy[Value] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | st.just("$"), inner, max_size=4),
)


@settings(max_examples=200, deadline=None)
@given(values)
def test_a_stored_value_comes_back_the_same(value: Value) -> None:
    again = loads(dumps(value))
    assert again == value
    assert type(again) is type(value)
    assert dumps(again) == dumps(value)


python_values = st.recursive(
    scalars | st.integers() | st.floats() | st.datetimes() | st.timedeltas() | st.times(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(texts | st.just("$") | st.integers(0, 3), inner, max_size=3)
    ),
)


@settings(max_examples=200, deadline=None)
@given(python_values)
def test_a_value_of_python_is_stored_as_the_value_of_feel_that_it_means(value: Value) -> None:
    meant = from_python(value)
    assert dumps(value) == dumps(meant)
    assert loads(dumps(value)) == meant


@settings(max_examples=100, deadline=None)
@given(values)
def test_plain_json_is_json(value: Value) -> None:
    assert json.loads(json.dumps(to_json(value))) == to_json(value)


def test_plain_json_has_decimals_as_strings_and_iso_dates() -> None:
    value = evaluate(
        '{n: 0.10, d: @"2018-06-30", t: @"2018-06-30T10:00:00@Asia/Shanghai", p: @"P1M", l: [true, null]}'
    )
    assert to_json(value) == {
        "n": "0.10",
        "d": "2018-06-30",
        "t": "2018-06-30T10:00:00@Asia/Shanghai",
        "p": "P1M",
        "l": [True, None],
    }


def test_python_values_are_taken_as_feel_values() -> None:
    moment = dt.datetime(2018, 6, 30, 10, tzinfo=dt.UTC)
    assert loads(dumps([1, 0.5, moment, dt.timedelta(hours=1)])) == [
        Decimal(1),
        Decimal("0.5"),
        DateTime(dt.date(2018, 6, 30), Time(10, 0, offset=0)),
        DayTimeDuration(3_600_000_000_000),
    ]


def test_the_number_keeps_its_digits() -> None:
    assert str(loads(dumps(Decimal("88.510")))) == "88.510"


@pytest.mark.parametrize(
    "text", ["", "{", '{"$":"x","v":1}', '{"$":"d","v":"2018-02-30"}', '{"$":"n"}', "[" * 5000]
)
def test_what_is_no_stored_value_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        loads(text)


def test_functions_and_values_that_hold_themselves_over_and_over_are_refused() -> None:
    with pytest.raises(CodecError):
        dumps(evaluate("function(x) x"))
    entries = ", ".join(f"{chr(98 + n)}: [{chr(97 + n)}, {chr(97 + n)}]" for n in range(24))
    value = evaluate(f"{{a: [1, 1], {entries}}}.y")
    with pytest.raises(CodecError):
        dumps(value)
    with pytest.raises(CodecError):
        to_json(value)
