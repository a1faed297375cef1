"""What the unit's form takes and refuses; units without divisions; no decomposition; later versions."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from engine.verbs.door import act
from engine.verbs.refusals import Invalid
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from tests.decomposition.town import Said, Town

LIAISON, AIR = "u39.liaison", "u39.division2"
Change = Callable[[Said], Said]


def first_row(**changes: Any) -> Change:
    """The first part with other values."""
    return lambda data: {**data, "parts": [{**data["parts"][0], **changes}, *data["parts"][1:]]}


def refused(town: Town, change: Change, *, outcome: str = "submit") -> list[tuple[str, str]]:
    """Field and sentence of what the form refuses."""
    with pytest.raises(Invalid) as caught:
        town.do(LIAISON, "break_down", change, outcome=outcome)
    return [(error.field, error.message) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (first_row(weight="90"), "parts.0.weight", "权重合计为 90，应为 100"),
        (first_row(due_on="2019-01-01"), "parts.0.due_on", "完成日期 2019-01-01 晚于要求的 2018-12-31"),
        (first_row(due_on="2018-01-31"), "parts.0.due_on", "不能早于 2018-02-01"),
        (first_row(duty=" "), "parts.0.duty", "请写明承担的任务"),
        (first_row(weight="0"), "parts.0.weight", "权重应大于 0"),
        (first_row(due_on=None), "parts.0.due_on", "请填写完成日期"),
        (lambda data: {**data, "parts": data["parts"][1:]}, "parts", "还没有人承担"),
    ],
    ids=["weights", "too late", "past", "no duty", "no weight", "no day", "left out"],
)
def test_what_does_not_add_up_is_refused_beside_its_field(
    town: Town, change: Change, field: str, words: str
) -> None:
    town.issue()
    [(place, said)] = refused(town, change)
    assert place == field
    assert words in said
    assert town.city.scalar("select count(*) from decomposition") == 0


def test_the_same_division_stands_once_under_a_target(town: Town) -> None:
    town.issue()

    def doubled(data: Said) -> Said:
        half = {**data["parts"][0], "weight": "50"}
        return {**data, "parts": [half, {**half, "duty": "再写一遍"}, *data["parts"][1:]]}

    [(place, said)] = refused(town, doubled)
    assert place == "parts.0.holder"
    assert "写了两行" in said


def test_only_the_units_own_divisions_and_targets_can_be_chosen(town: Town) -> None:
    town.issue()
    other = town.city.scalar("select id from unit where name = '市旅委规划发展处'")
    assert [place for place, _ in refused(town, first_row(holder=other))] == ["parts.0.holder"]
    theirs = town.city.scalar(
        "select t.id from target t join unit u on u.id = t.unit_id where u.code = 'U20'"
    )
    assert [place for place, _ in refused(town, first_row(scope=theirs))] == ["parts.0.scope"]


def test_a_part_of_a_division_stays_within_its_share(town: Town) -> None:
    town.issue()
    air = town.division("大气环境处")

    def until_june(data: Said) -> Said:
        return {**data, "parts": [{**row, "holder": air, "due_on": "2018-06-30"} for row in data["parts"]]}

    town.do(LIAISON, "break_down", until_june)
    assert {row["due_on"] for row in town.shown(AIR, "accept_share")["parts"]} == {"2018-06-30"}
    with pytest.raises(Invalid) as caught:
        town.do(
            AIR,
            "accept_share",
            lambda data: {
                **data,
                "parts": [
                    {**row, "holder": town.person(AIR), "due_on": "2018-07-01"} for row in data["parts"]
                ],
            },
        )
    assert {error.field for error in caught.value.errors} == {f"parts.{i}.due_on" for i in range(4)}


def test_a_unit_may_say_why_nothing_needs_to_be_broken_down(town: Town) -> None:
    town.issue()
    assert town.shown(LIAISON, "break_down")["may_decline"] is True
    assert refused(town, lambda data: data, outcome="none") == [("reason", "请写明为什么不需要分解")]
    town.do(LIAISON, "break_down", lambda data: {**data, "reason": "由局长一人负责"}, outcome="none")
    rows = town.city.rows("select basis, reason from decomposition")
    assert [(row["basis"], row["reason"]) for row in rows] == [("declined", "由局长一人负责")] * 4
    assert town.waiting(AIR) == []


def test_where_the_scheme_wants_it_no_unit_goes_without(town: Town) -> None:
    with town.city.engine.database.write() as connection:
        row = connection.execute(text("select id, content from profile_version")).first()
        assert row is not None
        changed = str(row.content).replace('"mayDecline":{"value":true', '"mayDecline":{"value":false')
        changed = changed.replace('"mayDecline": {"value": true', '"mayDecline": {"value": false')
        assert changed != row.content
        connection.execute(text("update profile_version set content = :c"), {"c": changed})
    town.issue()
    assert town.shown(LIAISON, "break_down")["may_decline"] is False
    [(field, _)] = refused(town, lambda data: {**data, "reason": "不想"}, outcome="none")
    assert field == "outcome"


def without_divisions(town: Town) -> None:
    """市环保局 has no divisions any more."""
    with town.city.engine.database.write() as connection:
        connection.execute(
            text("update unit set valid_until_on = '2018-01-15' where kind = 'division' and code like 'U39%'")
        )


def test_a_unit_without_divisions_gives_its_targets_straight_to_persons(town: Town) -> None:
    without_divisions(town)
    town.issue()
    shown = town.shown(LIAISON, "break_down")
    assert shown["divided"] is False
    deputy = town.person("u39.deputy")
    assert deputy in [option["value"] for option in shown["holder_options"]]

    def to_deputy(data: Said) -> Said:
        return {**data, "parts": [{**row, "holder": deputy} for row in data["parts"]]}

    town.do(LIAISON, "break_down", to_deputy)
    assert town.waiting("u39.deputy") == ["confirm_duties"]
    everything = lambda data: {**data, "duties": [{**row, "objection": "太多"} for row in data["duties"]]}  # noqa: E731
    town.do("u39.deputy", "confirm_duties", everything, outcome="object")
    assert town.waiting(LIAISON) == ["reassign"]
    town.do(LIAISON, "reassign")
    town.do("u39.deputy", "confirm_duties", everything, outcome="object")
    town.do("u39.head", "rule_duties")
    assert town.verdicts("u39.deputy") == ["objected"] * 8 + ["ruled"] * 4


def test_a_later_version_asks_again_for_that_target_only(town: Town) -> None:
    town.issue()
    air = town.division("大气环境处")
    town.do(
        LIAISON, "break_down", lambda data: {**data, "parts": [{**r, "holder": air} for r in data["parts"]]}
    )
    own: Change = lambda data: {**data, "parts": [{**r, "holder": town.person(AIR)} for r in data["parts"]]}  # noqa: E731
    town.do(AIR, "accept_share", own)
    town.change("U39", "KPI09", version=2)
    town.change("U39", "KPI09", version=2)
    shown = town.shown(LIAISON, "break_down")
    assert [row["label"].split()[0] for row in shown["targets"]] == ["KPI09"]
    town.do(LIAISON, "break_down", lambda data: {**data, "parts": [{**data["parts"][0], "holder": air}]})
    [share] = town.shown(AIR, "accept_share")["shares"]
    assert share["label"].startswith("KPI09")
    town.do(AIR, "accept_share", own)
    assert town.verdicts(AIR) == ["own"] * 5


def test_a_target_that_a_later_run_takes_over_leaves_the_earlier_form(town: Town) -> None:
    town.issue()
    earlier = town.item(LIAISON, "break_down")
    town.change("U39", "KPI09", version=2)
    [later] = [row for row in town.city.inbox(LIAISON) if row.item_id != earlier.item_id]

    def listed(item_id: str) -> list[str]:
        form = view(town.city.engine, town.city.person(LIAISON), item_id).form
        assert form is not None
        return [row["label"].split()[0] for row in form.stored["targets"]]

    assert listed(later.item_id) == ["KPI09"]
    form = view(town.city.engine, town.city.person(LIAISON), later.item_id).form
    assert form is not None
    said = Request(version=later.lock_version, outcome="submit", fields=form.stored)
    act(town.city.engine, town.city.person(LIAISON), later.item_id, "complete", said)
    assert listed(earlier.item_id) == ["KPI08", "KPI10", "ST08"]


def test_a_target_that_is_not_in_force_asks_for_nothing(town: Town) -> None:
    town.change(
        "U33",
        town.city.scalar("select t.code from target t join unit u on u.id = t.unit_id where u.code = 'U33'"),
        version=2,
    )
    assert town.waiting("u33.liaison") == []
    sql = "select status from instance where process_key = 'unit_decomposition'"
    assert town.city.rows(sql) == [{"status": "completed"}]
