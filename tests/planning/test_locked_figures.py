"""A figure from above stays what it is, whatever a unit's program posts at any step."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.planning.city import City, Said
from tests.planning.unit_work import assign, collate, fill, function, lead, shared

Tamper = Callable[[City, Said], Said]


def other_value(_city: City, data: Said) -> Said:
    """Another figure and another text in every row."""
    return _rows(data, lambda row: {**row, "value": "1", "text": "另一段", "title": "另一项"})


def unlocked(_city: City, data: Said) -> Said:
    """The same, and the row says that it is not locked."""
    return _rows(data, lambda row: {**row, "locked": False, "value": "1", "text": "另一段"})


def without_lock(_city: City, data: Said) -> Said:
    """The lock is left out."""
    kept = _rows(data, lambda row: {**row, "value": "1"})
    return _rows(kept, lambda row: {key: value for key, value in row.items() if key != "locked"})


def foreign_ids(city: City, data: Said) -> Said:
    """Every row claims to be one of another unit's."""
    foreign = iter(
        [
            row["id"]
            for table in ("target", "target_measure")
            for row in city.rows(f"select id from {table} order by id desc limit 400")
        ]
    )
    return _rows(data, lambda row: {**row, "id": next(foreign), "value": "1", "locked": False})


def rows_gone(_city: City, data: Said) -> Said:
    """Every row is left out."""
    return {key: [] if isinstance(value, list) else value for key, value in data.items()}


def rows_doubled(_city: City, data: Said) -> Said:
    """Every row twice, the second time with another figure."""
    doubled = _rows(data, lambda row: {**row, "value": "1"})
    return {key: [*value, *doubled[key]] if isinstance(value, list) else value for key, value in data.items()}


def as_functions(_city: City, data: Said) -> Said:
    """Assigned targets come as the unit's own function indicators."""
    stolen = [{**function(f"夺取{row['code']}", ""), "id": row["id"]} for row in data["targets"]]
    return {**data, "functions": stolen}


TAMPERS = [other_value, unlocked, without_lock, foreign_ids, rows_gone, rows_doubled, as_functions]


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_locked_figures_stay_at_every_step_of_a_unit(city: City, tamper: Tamper) -> None:
    before = figures(city)
    others = plans_of_others(city)
    attempt(city, "u39.liaison", "assign_divisions", tamper)
    assign_if_waiting(city)
    attempt(city, "u39.division", "fill_targets", tamper, prepare=shared)
    fill(city, "u39")
    city.settle()
    attempt(city, "u39.liaison", "collate_targets", tamper, prepare=shared)
    if "collate_targets" in city.desk("u39.liaison").waiting():
        collate(city, "u39")
    attempt(city, "u39.deputy", "deputy_review", other_value, outcome="approve")
    if "deputy_review" in city.desk("u39.deputy").waiting():
        lead(city, "u39")
    assert figures(city) == before
    assert plans_of_others(city) == others


def test_an_objection_does_not_let_the_unit_change_the_figure_itself(city: City) -> None:
    before = figures(city)
    assign(city, "u39")
    city.settle()
    fill(city, "u39")
    city.settle()

    def change(data: Said) -> Said:
        filled = _rows(shared(data), lambda row: {**row, "value": "1", "locked": False})
        targets = [{**row, "objection": "偏高", "answer": "同意"} for row in filled["targets"]]
        return {**filled, "targets": targets}

    collate(city, "u39", change)
    assert figures(city) == before
    objections = city.rows("select text, answer, answered_at from objection")
    assert {(row["text"], row["answer"], row["answered_at"]) for row in objections} == {("偏高", "", None)}


def attempt(
    city: City,
    login: str,
    element: str,
    tamper: Tamper,
    *,
    prepare: Callable[[Said], Said] = dict,
    **said: Any,
) -> None:
    """Post what was tampered with; it may be refused or taken, but never fail."""
    desk = city.desk(login)
    task = desk.task(element)
    data = task["form"]["data"] if task["form"] else {}
    fields = tamper(city, prepare(data))
    answer = desk.attempt(
        task["id"], "complete", {"version": task["version"], "fields": fields, "opinion": "", **said}
    )
    assert answer.status_code in (200, 422), f"{element}: {answer.text}"
    city.settle()


def assign_if_waiting(city: City) -> None:
    """分办 as it should be, if the tampered one was refused."""
    if "assign_divisions" in city.desk("u39.liaison").waiting():
        assign(city, "u39")
        city.settle()


def figures(city: City) -> list[tuple[object, ...]]:
    """Everything about assigned targets that comes from above, as stored."""
    rows = city.rows(
        "select t.id, t.unit_id, t.code, t.title, t.text, t.locked, t.kind, t.pending, t.scorable, "
        "m.id as measure, m.name, m.unit, m.value, m.awaits, m.comparator "
        "from target t left join target_measure m on m.target_id = t.id "
        "where t.kind <> 'function' order by t.id, m.id"
    )
    return [tuple(row.values()) for row in rows]


def plans_of_others(city: City) -> list[tuple[object, ...]]:
    """What other units have written, as stored."""
    rows = city.rows(
        "select t.id, t.responsible, t.measures, t.division_id, m.id as milestone, m.value from target t "
        "left join target_measure tm on tm.target_id = t.id left join milestone m on m.measure_id = tm.id "
        "join unit u on u.id = t.unit_id where u.name <> '市环保局' order by t.id, m.id"
    )
    return [tuple(row.values()) for row in rows]


def _rows(data: Said, change: Callable[[Said], Said]) -> Said:
    return {
        key: [change(row) if isinstance(row, dict) else row for row in value]
        if isinstance(value, list)
        else value
        for key, value in data.items()
    }
