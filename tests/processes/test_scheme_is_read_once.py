"""A cycle's scheme is parsed once for each content, and a changed one is seen at once, by everybody."""

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from processes.cycle.reading import scheme_of
from processes.cycle.records import ProfileVersion
from processes.evaluation.scheme import scheme_of as scoring_scheme
from processes.monitoring.figures import DATA, LIGHTS, newest
from processes.monitoring.scheme import limits, settings
from processes.tables import table_of
from tests.processes.city import City

PROFILES = table_of(ProfileVersion)


def content_of(city: City) -> dict[str, Any]:
    """The content as SQLAlchemy reads it, which parses it each time."""
    with city.engine.database.read() as connection:
        return dict(connection.execute(select(PROFILES.c.content)).scalars().first() or {})


def test_the_same_content_is_the_same_object(city: City) -> None:
    with city.engine.database.read() as connection:
        first = scheme_of(connection, city.demo.cycles[2018])
    with city.engine.database.read() as connection:
        again = scheme_of(connection, city.demo.cycles[2017])
    assert first is again
    assert first == content_of(city)


def test_a_changed_scheme_is_seen_at_once_even_before_it_is_committed(city: City) -> None:
    cycle_id = city.demo.cycles[2018]
    changed = json.loads(json.dumps(content_of(city)))
    changed["monitoring"]["receiptWorkingDays"]["value"] = 77
    changed["composition"] = {name: {"weight": 1.5} for name in changed["composition"]}
    with city.engine.database.write() as connection:
        assert settings(connection, cycle_id)["receiptWorkingDays"] != 77
        before = scoring_scheme(scheme_of(connection, cycle_id))
        connection.execute(update(PROFILES).values(content=changed))
        assert settings(connection, cycle_id)["receiptWorkingDays"] == 77
        after = scoring_scheme(scheme_of(connection, cycle_id))
    assert before["weights"] != after["weights"]
    assert set(dict(after["weights"]).values()) == {Decimal("1.5")}  # type: ignore[call-overload]


def test_a_rolled_back_change_is_forgotten(city: City) -> None:
    cycle_id = city.demo.cycles[2018]
    before = content_of(city)
    with city.engine.database.read() as connection:  # a reading transaction ends with a rollback
        connection.execute(update(PROFILES).values(content={**before, "title": "另一个方案"}))
        assert scheme_of(connection, cycle_id)["title"] == "另一个方案"
    with city.engine.database.read() as connection:
        assert scheme_of(connection, cycle_id)["title"] == before["title"]


def test_what_decisions_are_given_is_worked_out_once_and_alike(city: City) -> None:
    with city.engine.database.read() as connection:
        stored = scheme_of(connection, city.demo.cycles[2018])
        assert scoring_scheme(stored) is scoring_scheme(scheme_of(connection, city.demo.cycles[2018]))
        assert scoring_scheme(stored) == scoring_scheme(dict(stored))
        assert limits(connection, city.demo.cycles[2018], "notices") == {
            "notices": scoring_scheme(dict(stored))["notices"]
        }
        scaled = scoring_scheme(stored, scale=Decimal(7))
    assert dict(scaled["total"])["scale"] == 7  # type: ignore[call-overload]
    assert dict(scoring_scheme(stored)["total"])["scale"] != 7  # type: ignore[call-overload]


def test_newest_rows_of_two_tables_do_not_mix(city: City) -> None:
    with city.engine.database.read() as connection:
        data = newest(connection, DATA, DATA.c.cycle_id == city.demo.cycles[2018])
        lights = newest(connection, LIGHTS, LIGHTS.c.cycle_id == city.demo.cycles[2018])
    assert data == lights == []
