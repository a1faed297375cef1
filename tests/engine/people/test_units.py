"""Units: the tree, the names they are found by, the names that are refused."""

import pytest
from sqlalchemy import Connection

from engine.people import tree, units
from engine.people.refusals import NameUnknown, PeopleRefused
from engine.people.units import UnitSpec
from tests.engine.people.conftest import City


def test_unit_is_found_by_name_short_name_and_alias_whatever_the_width(
    city: City, connection: Connection
) -> None:
    units.add_alias(connection, city.ids["U1"], "市旅委（市旅游局）")
    for name in ("市旅游委员会", "市旅委", " 市旅委 ( 市旅游局 )", "市旅委(市旅游局)"):
        assert units.resolve(connection, name).id == city.ids["U1"]


def test_unknown_name_is_refused_with_the_name(city: City, connection: Connection) -> None:
    with pytest.raises(NameUnknown) as refused:
        units.resolve_all(connection, ["市旅委", "市文广新闻出版局(市版权局)"])
    assert refused.value.name == "市文广新闻出版局(市版权局)"
    assert "市文广新闻出版局(市版权局)" in refused.value.message


def test_rename_keeps_the_old_name_as_alias(city: City, connection: Connection) -> None:
    units.rename_unit(connection, city.ids["U1"], "市文化广电旅游局", short_name="市文广旅游局")
    assert units.read_unit(connection, city.ids["U1"]).name == "市文化广电旅游局"
    for name in ("市旅游委员会", "市旅委", "市文化广电旅游局", "市文广旅游局"):
        assert units.resolve(connection, name).id == city.ids["U1"]
    kinds = {alias.alias: alias.kind for alias in units.aliases_of(connection, city.ids["U1"])}
    assert kinds["市旅游委员会"] == "former"
    assert kinds["市文化广电旅游局"] == "name"


def test_unit_that_gets_its_old_name_back_is_found_by_both(city: City, connection: Connection) -> None:
    for name in ("市文化广电旅游局", "市旅游委员会"):
        units.rename_unit(connection, city.ids["U1"], name)
    kinds = {alias.alias: alias.kind for alias in units.aliases_of(connection, city.ids["U1"])}
    assert kinds == {"市旅游委员会": "name", "市旅委": "short", "市文化广电旅游局": "former"}


def test_two_units_of_one_assessor_never_share_a_name_or_code(city: City, connection: Connection) -> None:
    with pytest.raises(PeopleRefused) as refused:
        units.add_alias(connection, city.ids["U2"], "市旅委")
    assert refused.value.code == "name_taken"
    assert "市旅游委员会" in refused.value.message
    with pytest.raises(PeopleRefused) as refused:
        city.add_unit("U1", "别的局", "municipal", assessor_id=city.ids["C0"])
    assert refused.value.code == "code_taken"


def test_another_assessor_may_use_the_same_codes_and_names(city: City, connection: Connection) -> None:
    other = city.add_unit("X0", "宁波市", "assessor")
    spec = UnitSpec(code="U1", name="市旅游委员会", kind="municipal", assessor_id=other, parent_id=other)
    theirs = units.add_unit(connection, spec)
    assert units.resolve(connection, "市旅游委员会", assessor_id=other).id == theirs.id
    assert units.resolve(connection, "市旅游委员会", assessor_id=city.ids["C0"]).id == city.ids["U1"]
    with pytest.raises(PeopleRefused) as refused:
        units.resolve(connection, "市旅游委员会")
    assert refused.value.code == "unit_ambiguous"


def test_descendants_and_ancestors_follow_the_tree_after_a_move(city: City, connection: Connection) -> None:
    ids = city.ids
    assert set(tree.descendants(connection, ids["D1"])) == {ids["D1"], ids["D1A"]}
    assert tree.ancestors(connection, ids["D1A"]) == [ids["D1"], ids["C0"]]
    tree.move_unit(connection, ids["D1A"], ids["U2"])
    assert tree.descendants(connection, ids["D1"]) == [ids["D1"]]
    assert tree.descendants(connection, ids["U2"]) == [ids["U2"], ids["D1A"]]
    assert len(tree.descendants(connection, ids["C0"])) == 7


def test_unit_cannot_hang_under_itself_or_its_own_units(city: City, connection: Connection) -> None:
    for parent in ("D1", "D1A"):
        with pytest.raises(PeopleRefused) as refused:
            tree.move_unit(connection, city.ids["D1"], city.ids[parent])
        assert refused.value.code == "unit_circle"


def test_list_gives_units_of_an_assessor_that_exist_on_the_day(city: City, connection: Connection) -> None:
    from datetime import date

    units.end_unit(connection, city.ids["U1"], until_on=date(2018, 12, 31), successor_id=city.ids["U2"])
    listed = units.list_units(connection, assessor_id=city.ids["C0"], assessed=True, on=date(2019, 1, 1))
    assert [unit.code for unit in listed] == ["D1", "U2", "U3"]
    assert units.read_unit(connection, city.ids["U1"]).successor_id == city.ids["U2"]
    assert [unit.code for unit in units.list_units(connection, kinds=["office"])] == ["OF"]


def test_plain_fields_change_and_others_are_refused(city: City, connection: Connection) -> None:
    units.change_unit(connection, city.ids["U3"], short_name="财政", unit_group="政府部门")
    assert units.resolve(connection, "财政").unit_group == "政府部门"
    with pytest.raises(PeopleRefused):
        units.change_unit(connection, city.ids["U3"], name="别的名字")
    with pytest.raises(PeopleRefused):
        units.change_unit(connection, city.ids["U3"], code="U2")


def test_own_name_is_never_removed_but_an_alias_is(city: City, connection: Connection) -> None:
    units.remove_alias(connection, city.ids["U1"], "市旅委")
    with pytest.raises(NameUnknown):
        units.resolve(connection, "市旅委")
    with pytest.raises(PeopleRefused):
        units.remove_alias(connection, city.ids["U1"], "市旅游委员会")
