"""Objections: back to whoever broke the target down; the second one is for the unit's head."""

import pytest

from engine.verbs.refusals import Invalid, NotVisible
from engine.verbs.showing.view import view
from tests.decomposition.town import Said, Town

LIAISON, HEAD, AIR, WATER = "u39.liaison", "u39.head", "u39.division2", "u39.division3"


def all_to(town: Town, division: str) -> object:
    """A change of the unit's form: every target to one division."""
    chosen = town.division(division)
    return lambda data: {**data, "parts": [{**row, "holder": chosen} for row in data["parts"]]}


def objecting(*, to: str, why: str) -> object:
    """A change of a division's form: an objection to one target."""

    def change(data: Said) -> Said:
        rows = [{**row, "objection": why if row["label"].startswith(to) else ""} for row in data["answers"]]
        return {**data, "answers": rows}

    return change


def saying(why: str) -> object:
    """A change of a person's form: an objection to everything."""
    return lambda data: {**data, "duties": [{**row, "objection": why} for row in data["duties"]]}


def given_to(town: Town, login: str) -> object:
    """A change of a division's form: everything to one person."""
    chosen = town.person(login)
    return lambda data: {**data, "parts": [{**row, "holder": chosen} for row in data["parts"]]}


def moved(town: Town, target: str, division: str) -> object:
    """A change of the unit's form: one target to another division."""
    chosen = town.division(division)

    def change(data: Said) -> Said:
        [scope] = [one["value"] for one in data["scope_options"] if one["label"].startswith(target)]
        rows = [{**row, "holder": chosen} if row["scope"] == scope else row for row in data["parts"]]
        return {**data, "parts": rows}

    return change


def at_divisions(town: Town) -> None:
    """All four targets wait at 大气环境处."""
    town.issue()
    town.do(LIAISON, "break_down", all_to(town, "大气环境处"))


def test_what_a_division_objects_to_goes_back_to_the_liaison_who_gives_it_elsewhere(town: Town) -> None:
    at_divisions(town)
    town.do(AIR, "accept_share", objecting(to="KPI10", why="水质不归我处"), outcome="object")
    assert town.waiting(AIR) == []
    shown = town.shown(LIAISON, "revise")
    assert [(row["label"].split()[0], row["reason"]) for row in shown["objections"]] == [
        ("KPI10", "水质不归我处")
    ]
    town.do(LIAISON, "revise", moved(town, "KPI10", "水环境处"))
    shares = {login: town.shown(login, "accept_share")["shares"] for login in (AIR, WATER)}
    assert {login: [row["label"].split()[0] for row in rows] for login, rows in shares.items()} == {
        AIR: ["KPI08", "KPI09", "ST08"],
        WATER: ["KPI10"],
    }
    town.do(AIR, "accept_share", given_to(town, AIR))
    town.do(WATER, "accept_share", given_to(town, WATER))
    assert town.waiting(HEAD) == []
    assert (town.verdicts(AIR), town.verdicts(WATER)) == (["own"] * 3, ["own"])


def test_a_division_that_objects_again_is_ruled_on_by_the_head_and_cannot_object_any_more(town: Town) -> None:
    at_divisions(town)
    town.do(AIR, "accept_share", objecting(to="KPI10", why="水质不归我处"), outcome="object")
    town.do(LIAISON, "revise")
    assert town.waiting(AIR) == ["accept_share"]
    town.do(AIR, "accept_share", objecting(to="KPI10", why="仍不归我处"), outcome="object")
    assert town.waiting(LIAISON) == []
    assert [row["reason"] for row in town.shown(HEAD, "rule")["objections"]] == ["仍不归我处"]
    town.do(HEAD, "rule")
    assert town.waiting(AIR) == ["carry_out_ruling"]
    assert town.shown(AIR, "carry_out_ruling")["may_object"] is False
    town.do(AIR, "carry_out_ruling", given_to(town, AIR))
    assert town.verdicts(AIR) == ["own"] * 4
    bases = town.city.rows(
        "select basis from decomposition where target_id = :id order by id",
        id=town.target_id("U39", "KPI10"),
    )
    assert [row["basis"] for row in bases] == ["made", "revised", "ruled", "made"]


def test_what_a_person_objects_to_goes_back_to_the_division_then_to_the_head(town: Town) -> None:
    at_divisions(town)
    town.do(AIR, "accept_share", given_to(town, "clerk1"))
    town.do("clerk1", "confirm_duties", saying("人手不够"), outcome="object")
    assert len(town.shown(AIR, "reassign")["objections"]) == 4
    town.do(AIR, "reassign")
    town.do("clerk1", "confirm_duties", saying("还是不够"), outcome="object")
    assert town.waiting(AIR) == []
    town.do(HEAD, "rule_duties", given_to(town, "clerk2"))
    assert town.waiting("clerk1") == town.waiting("clerk2") == []
    assert (town.verdicts("clerk1"), town.verdicts("clerk2")) == (["objected"] * 8, ["ruled"] * 4)
    told = town.city.rows("select user_id from notification where kind = 'decomposition.ruled'")
    assert [row["user_id"] for row in told] == [town.person("clerk2")]
    assert (
        town.city.scalar(
            "select count(*) from instance where status <> 'completed' and process_key like 'duty%'"
        )
        == 0
    )


def test_only_what_was_objected_to_is_asked_again(town: Town) -> None:
    at_divisions(town)

    def both(data: Said) -> Said:
        people = [town.person("clerk1"), town.person("clerk2")]
        return {**data, "parts": [{**row, "holder": people[i % 2]} for i, row in enumerate(data["parts"])]}

    town.do(AIR, "accept_share", both)
    town.do("clerk1", "confirm_duties", outcome="accept")
    town.do("clerk2", "confirm_duties", saying("不会"), outcome="object")
    town.do(AIR, "reassign")
    assert town.waiting("clerk1") == []
    assert len(town.shown("clerk2", "confirm_duties")["duties"]) == 2
    assert town.verdicts("clerk1") == ["accepted"] * 2


def test_silence_counts_as_consent_when_the_term_has_passed(town: Town) -> None:
    at_divisions(town)
    town.do(AIR, "accept_share", given_to(town, "clerk1"))
    due = town.item("clerk1", "confirm_duties").due_on
    assert str(due) == "2018-02-08"
    town.city.clock.set(town.city.clock.now().replace(day=8, hour=15))
    town.city.engine.drain()
    assert town.waiting("clerk1") == ["confirm_duties"]
    town.city.clock.set(town.city.clock.now().replace(day=8, hour=16))
    town.city.engine.drain()
    assert (town.waiting("clerk1"), town.verdicts("clerk1")) == ([], ["silent"] * 4)


def test_an_objection_needs_a_reason_and_a_consent_has_none(town: Town) -> None:
    at_divisions(town)
    with pytest.raises(Invalid) as refused:
        town.do(AIR, "accept_share", outcome="object")
    assert [error.field for error in refused.value.errors] == ["answers.0.objection"]
    with pytest.raises(Invalid) as refused:
        town.do(AIR, "accept_share", objecting(to="KPI09", why="不是"))
    assert [error.field for error in refused.value.errors] == ["answers.1.objection"]
    town.do(AIR, "accept_share", given_to(town, "clerk1"))
    with pytest.raises(Invalid):
        town.do("clerk1", "confirm_duties", outcome="object")
    with pytest.raises(Invalid):
        town.do("clerk1", "confirm_duties", saying("不"), outcome="accept")
    assert town.verdicts("clerk1") == []


def test_nobody_else_answers_for_a_person(town: Town) -> None:
    at_divisions(town)
    town.do(AIR, "accept_share", given_to(town, "clerk1"))
    item = town.item("clerk1", "confirm_duties").item_id
    for login in ("clerk2", AIR, WATER, "u20.liaison"):
        with pytest.raises(NotVisible):
            view(town.city.engine, town.city.person(login), item)
