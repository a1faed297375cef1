"""Awards: the rules give them, the committee decides ties, an objection that is upheld takes one away."""

from datetime import timedelta
from typing import Any

import pytest

from engine.clock import today
from engine.ids import new_id
from engine.runtime.events.messages import NewMessage
from engine.store import Database
from engine.verbs.refusals import Invalid, NotAllowed
from processes.innovation.publicity import OBJECTION, ObjectionRefused, object_to, open_publicity
from tests.innovation.contest import Contest, compete, open_contest

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
SECRETARY = "committee.secretary"


@pytest.fixture
def contest(database: Database) -> Contest:
    few = {"expertsPerProject": 1, "eliminateShare": 0, "rankBy": "raw"}
    return open_contest(database, innovation=few)


def synthesise(contest: Contest, **struck: str) -> None:
    """The meeting strikes the projects named, and puts the others forward."""
    rows = contest.shown(SECRETARY, "synthesis")["results"]
    for row in rows:
        number = row["project"].split()[0].replace("-", "_")
        if number in struck:
            row |= {"result": "struck", "remark": struck[number]}
    contest.register(SECRETARY, "synthesis", results=rows)


def proposed(contest: Contest, element: str = "approve_awards") -> dict[str, Any]:
    """Awards by number at a step of the committee."""
    rows = contest.shown(SECRETARY, element)["results"]
    return {row["project"].split()[0]: row["award"] for row in rows}


def objected(contest: Contest, number: str, text: str) -> None:
    """Somebody objects, as the open page takes it."""
    city = contest.city
    project = city.scalar("select id from innovation_project where number = :n", n=number)
    with city.engine.database.write() as connection:
        publicity = open_publicity(connection, city.cycle.id, today=today(city.clock))
        assert publicity is not None
        object_to(connection, publicity, project, text=text, at=city.clock.now())
        message = NewMessage(
            city.cycle.id, OBJECTION, city.cycle.id, message_id=new_id(), time_to_live=timedelta(days=60)
        )
        city.engine.publish(connection, message)
    city.engine.drain()


def test_projects_tied_at_a_cut_are_decided_by_the_committee(contest: Contest) -> None:
    same = {"CX-01": "0.9", "CX-02": "0.9", "CX-03": "0.5"}
    compete(contest, first=same, second=same)
    synthesise(contest)
    rows = contest.shown(SECRETARY, "decide_ties")["results"]
    assert [(row["open"], row["proposed"]) for row in rows] == [
        (True, "由绩效委决定"),
        (True, "由绩效委决定"),
        (False, "创新鼓励奖"),
    ]
    chosen = [
        {**rows[0], "award": "创新提名奖"},
        {**rows[1], "award": "创新奖"},
        {**rows[2], "award": "创新奖"},
    ]
    contest.register(SECRETARY, "decide_ties", results=chosen)
    contest.pass_time(14)
    assert proposed(contest) == {"CX-01": "创新提名奖", "CX-02": "创新奖", "CX-03": "创新鼓励奖"}


def test_the_committee_registers_it_does_not_complete(contest: Contest) -> None:
    marks = {"CX-01": "0.9", "CX-02": "0.8", "CX-03": "0.7"}
    compete(contest, first=marks, second=marks)
    with pytest.raises(NotAllowed):
        contest.do(SECRETARY, "synthesis")
    rows = contest.shown(SECRETARY, "synthesis")["results"]
    with pytest.raises(Invalid):
        contest.register(SECRETARY, "synthesis", results=[{**rows[0], "result": "struck"}, *rows[1:]])
    synthesise(contest, CX_01="成果与申报不符")
    contest.pass_time(14)
    assert proposed(contest) == {"CX-02": "创新奖", "CX-03": "创新提名奖"}


def test_an_objection_that_is_upheld_moves_the_others_up(contest: Contest) -> None:
    marks = {"CX-01": "0.9", "CX-02": "0.8", "CX-03": "0.7"}
    compete(contest, first=marks, second=marks)
    synthesise(contest)
    objected(contest, "CX-01", "这项做法 2015 年就有了")
    objected(contest, "CX-02", "名称不好听")
    shown = contest.shown("office.staff", "handle")
    assert (shown["project"].split()[0], shown["from"]) == ("CX-01", "一位市民")
    with pytest.raises(Invalid):
        contest.do("office.staff", "handle", outcome="uphold", answer="")
    contest.do("office.staff", "handle", outcome="uphold", answer="属实，取消授奖")
    contest.do("office.staff", "handle", outcome="reject", answer="不影响评审")
    assert contest.city.elements("office.staff") == []
    contest.pass_time(14)
    assert proposed(contest) == {"CX-02": "创新奖", "CX-03": "创新提名奖"}
    contest.register(
        SECRETARY, "approve_awards", results=contest.shown(SECRETARY, "approve_awards")["results"]
    )
    states = contest.city.rows("select number, state from innovation_project order by number")
    assert [row["state"] for row in states] == ["struck", "awarded", "awarded"]
    assert contest.city.scalar("select count(*) from score") == 2


def test_objections_end_with_the_publicity(contest: Contest) -> None:
    marks = {"CX-01": "0.9", "CX-02": "0.8", "CX-03": "0.7"}
    compete(contest, first=marks, second=marks)
    synthesise(contest)
    city = contest.city
    with city.engine.database.write() as connection:
        publicity = open_publicity(connection, city.cycle.id, today=today(city.clock))
        assert publicity is not None
        with pytest.raises(ObjectionRefused):
            object_to(connection, publicity, new_id(), text="不同意", at=city.clock.now())
        with pytest.raises(ObjectionRefused):
            object_to(connection, publicity, new_id(), text="  ", at=city.clock.now())
    contest.pass_time(14)
    with city.engine.database.read() as connection:
        assert open_publicity(connection, city.cycle.id, today=today(city.clock)) is None
