"""The cities that are founded: who is in them, and that identifiers decide nothing."""

from collections import Counter
from itertools import islice

from engine.store import Database
from processes.cycle.profile import load_profile
from processes.demo_people import names
from processes.simulation.chance import Chance
from processes.simulation.city import VirtualCity, found_city, numbered


def found(database: Database, profile: str, *, units: int, year: int, seed: int = 7) -> VirtualCity:
    with database.write() as connection:
        return found_city(
            connection,
            load_profile(profile),
            units=units,
            year=year,
            chance=Chance(seed),
            password_hash="",
        )


def test_zhangjiajie_has_four_districts_and_numbered_departments(database: Database) -> None:
    city = found(database, "zhangjiajie_2009", units=49, year=2009)
    names = [body.name for body in city.assessed]
    assert (names[0], names[3], names[4], names[-1]) == ("区县01", "区县04", "市直单位01", "市直单位45")
    assert len(names) == 49
    for body in city.assessed:
        assert {"liaison", "deputy", "head"} <= {post for unit, post in city.holders if unit == body.id}
    assert len(city.leaders) == 5
    roles = Counter(body.character.role for body in city.assessed)
    assert (roles["vetoed"], roles["cheat"], roles["appeals"]) == (1, 1, 1)


def test_hangzhou_has_the_units_of_its_plan_and_who_supports_them(database: Database) -> None:
    city = found(database, "hangzhou_13fyp", units=58, year=2018)
    assert len(city.assessed) == 58
    others = {body.name for body in city.bodies.values() if not body.assessed}
    assert others >= {"市轨道办", "第19届亚运会组委会办公室"}
    assert all(body.character.role == "ordinary" for body in city.bodies.values() if not body.assessed)


def test_fewer_units_of_hangzhou_leave_the_others_unassessed(database: Database) -> None:
    city = found(database, "hangzhou_13fyp", units=5, year=2018)
    assert [body.code for body in city.assessed] == ["U01", "U02", "U03", "U04", "U05"]


def test_a_large_city_has_people_enough_and_codes_in_the_order_of_their_numbers() -> None:
    invented = list(islice(names(), 6000))
    assert len(set(invented)) == 6000 and invented[0] == "王建国"


def test_codes_of_a_hundred_units_stand_in_the_order_of_their_numbers() -> None:
    codes = [letter + number for letter, number in numbered(110)]
    assert (codes[0], codes[8], codes[-1], len(codes)) == ("D001", "U001", "U102", 110)
    assert codes == sorted(codes)
    assert [letter for letter, _number in numbered(49)].count("D") == 4
