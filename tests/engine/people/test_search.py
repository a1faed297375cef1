"""Search: by initials, pinyin, parts of names, aliases; signs of the query language are only text."""

import pytest
from sqlalchemy import Connection

from engine.people import units, users
from engine.people.names import fold, person_spelling, spelling
from engine.people.search import Kind, find
from tests.engine.people.conftest import DAY, City


def names(connection: Connection, text: str, *kinds: Kind) -> list[str]:
    return [found.name for found in find(connection, text, on=DAY, kinds=kinds or ("unit", "person"))]


def test_commission_is_found_by_its_initials(city: City, connection: Connection) -> None:
    root = city.ids["C0"]
    city.add_unit("U4", "市发展和改革委员会", "municipal", assessor_id=root, short_name="市发改委(市国推办)")
    for text in ("sfzhggwyh", "SFZHGG", "fazhanhegaige", "改革委", "市发改委（市国推办）", "sfgw", "u4"):
        assert names(connection, text, "unit") == ["市发展和改革委员会"], text
    assert find(connection, "国推办", on=DAY)[0].detail == "市发改委(市国推办)"
    assert find(connection, "发展和改革", on=DAY)[0].detail == "U4"


def test_people_are_found_with_their_units(city: City, connection: Connection) -> None:
    city.add_person("shan", "U1 liaison", "U2 liaison", name="单雄信")
    city.add_person("zhang", "U1 head", name="张小山")
    for text in ("单雄", "sxx", "dxx", "shanxiong", "shan"):
        assert "单雄信" in names(connection, text, "person"), text
    assert find(connection, "单雄信", on=DAY)[0].detail == "市旅游委员会、市环境保护局"
    assert names(connection, "zxs") == ["张小山"]


def test_inactive_people_and_ended_units_are_not_offered(city: City, connection: Connection) -> None:
    from datetime import date

    user_id = city.add_person("li", "U1 liaison", name="李四")
    users.set_active(connection, user_id, active=False)
    units.end_unit(connection, city.ids["U1"], until_on=date(2018, 1, 31))
    assert names(connection, "lisi") == []
    assert names(connection, "市旅委") == []


def test_search_keeps_to_one_assessor(city: City, connection: Connection) -> None:
    other = city.add_unit("X0", "宁波市", "assessor")
    city.add_unit("X1", "市环境保护局", "municipal", assessor_id=other, parent_id=other)
    city.add_person("here", "U2 liaison", name="赵一")
    city.add_person("there", "X1 liaison", name="赵二")
    found = find(connection, "shjbhj", on=DAY, assessor_id=other)
    assert [hit.id for hit in found] == [city.ids["X1"]]
    assert [hit.name for hit in find(connection, "赵", on=DAY, assessor_id=other)] == ["赵二"]
    assert len(find(connection, "赵", on=DAY)) == 2


@pytest.mark.parametrize("text", ["%", "_", "\\", "' or 1=1 --", "", "  "])
def test_signs_of_the_query_language_find_nothing(city: City, connection: Connection, text: str) -> None:
    assert find(connection, text, on=DAY) == []


def test_limit_holds(city: City, connection: Connection) -> None:
    assert len(find(connection, "市", on=DAY, limit=2)) == 2


def test_folding_and_spelling() -> None:
    assert fold("市发改委（ 市国推办）") == fold("市发改委(市国推办)")
    assert spelling("12345热线") == "12345rx 12345rexian"
    assert spelling("市发改委") == "sfgw shifagaiwei"
    assert {"sxx", "dxx"} <= set(person_spelling("单雄信").split())
