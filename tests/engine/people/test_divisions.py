"""处室: names of their own, people of their own, an end that forgets nothing."""

from datetime import date

import pytest
from sqlalchemy import Connection

from engine.people import memberships, units
from engine.people.divisions import (
    POST,
    add_division,
    divisions_of,
    end_division,
    find_division,
    follow_name,
    people_of,
    rename_division,
    staff_of,
)
from engine.people.posts import PostReference
from engine.people.refusals import PeopleRefused
from tests.engine.people.conftest import DAY, City

NEXT = date(2018, 3, 2)


def put(city: City, login: str, division_id: str) -> str:
    """A person who holds the division's post and nothing else."""
    city.ids[division_id] = division_id
    return city.add_person(login, f"{division_id} {POST}", name=login)


def test_two_units_may_each_have_a_division_of_one_name(city: City, connection: Connection) -> None:
    first = add_division(connection, city.ids["U1"], "办公室")
    second = add_division(connection, city.ids["U2"], "办公室")
    assert first.short_name == second.short_name == "办公室" and first.name != second.name
    assert units.resolve(connection, first.name).id == first.id
    with pytest.raises(PeopleRefused) as refused:
        add_division(connection, city.ids["U1"], " 办公室 ")
    assert refused.value.code == "division_taken"


def test_a_division_stands_in_no_list_of_units_and_has_none_under_it(
    city: City, connection: Connection
) -> None:
    made = add_division(connection, city.ids["U1"], "水处")
    assert made.id not in {unit.id for unit in units.list_units(connection)}
    with pytest.raises(PeopleRefused) as refused:
        add_division(connection, made.id, "一科")
    assert refused.value.code == "division_of_division"


def test_each_division_has_people_of_its_own(city: City, connection: Connection) -> None:
    water, air = (add_division(connection, city.ids["U1"], name) for name in ("水处", "大气处"))
    put(city, "shui", water.id)
    put(city, "qi", air.id)
    staff = staff_of(connection, [water.id, air.id], on=DAY)
    assert {key: [seat.name for seat in seats] for key, seats in staff.items()} == {
        water.id: ["shui"],
        air.id: ["qi"],
    }
    assert {"shui", "qi"} <= set(people_of(connection, city.ids["U1"], on=DAY).values())
    assert {"shui", "qi"}.isdisjoint(people_of(connection, city.ids["U2"], on=DAY).values())


def test_work_of_a_vacant_division_goes_to_its_units_head(city: City, connection: Connection) -> None:
    water = add_division(connection, city.ids["U1"], "水处")
    head = city.add_person("tou", "U1 head", name="李头")
    found = memberships.receivers(connection, PostReference(water.id, POST), on=DAY)
    assert head in [holder.user_id for holder in found.holders]
    assert (found.post.unit_id, found.reason) == (city.ids["U1"], "vacant_to_head")
    assert "水处" in found.notice


def test_an_ended_division_is_not_offered_and_keeps_its_history(city: City, connection: Connection) -> None:
    water = add_division(connection, city.ids["U1"], "水处")
    person = put(city, "shui", water.id)
    end_division(connection, water.id, on=NEXT)
    assert [one.id for one in divisions_of(connection, city.ids["U1"], on=DAY)] == [water.id]
    assert divisions_of(connection, city.ids["U1"], on=NEXT) == []
    assert staff_of(connection, [water.id], on=NEXT)[water.id] == []
    assert [held.until_on for held in memberships.memberships_of(connection, person)] == [DAY]
    with pytest.raises(PeopleRefused):
        find_division(connection, city.ids["U1"], "水处", on=NEXT)


def test_a_division_named_like_an_ended_one_is_that_one_again(city: City, connection: Connection) -> None:
    water = add_division(connection, city.ids["U1"], "水处")
    end_division(connection, water.id, on=NEXT)
    assert add_division(connection, city.ids["U1"], "水处").id == water.id
    assert [one.id for one in divisions_of(connection, city.ids["U1"], on=NEXT)] == [water.id]


def test_names_follow_and_former_ones_still_find_it(city: City, connection: Connection) -> None:
    water = add_division(connection, city.ids["U1"], "水处")
    rename_division(connection, water.id, "水环境处")
    units.rename_unit(connection, city.ids["U1"], "市生态环境局", short_name="生态局")
    follow_name(connection, city.ids["U1"])
    (found,) = divisions_of(connection, city.ids["U1"])
    assert (found.short_name, found.name) == ("水环境处", "生态局水环境处")
    assert units.resolve(connection, water.name).id == water.id
    add_division(connection, city.ids["U1"], "大气处")
    with pytest.raises(PeopleRefused):
        rename_division(connection, water.id, "大气处")
