"""Three projects, one of them joint, from the catalogue to the bonus points."""

from decimal import Decimal

import pytest

from engine.store import Database
from processes.evaluation.grading.marks import board_of
from tests.innovation.contest import Contest, open_contest


@pytest.fixture
def contest(database: Database) -> Contest:
    return open_contest(database)


def test_three_projects_compete_and_the_best_get_awards_and_points(contest: Contest) -> None:
    city = contest.city
    contest.begin("U13", "U20", "U39")
    assert city.scalar("select count(*) from innovation_topic") == 35
    contest.apply("u13", way="joint", partners=[contest.unit_id("u39")])
    contest.do("u39.head", "cosign", outcome="approve")
    contest.admit("u13")
    for code in ("u20", "u39"):
        contest.apply(code, title=f"{code} 的创新")
        contest.admit(code)
    contest.pass_time(270)
    for code in ("u13", "u20", "u39"):
        contest.close(code)
    assert city.elements("office.staff") == ["release"]
    contest.release()
    assert len(contest.experts()) == 15
    contest.score_all({"CX-01": "0.9", "CX-02": "0.8", "CX-03": "0.5"})
    first = contest.confirm()
    assert [row["rank"] for row in first["results"]] == ["1", "2", "3"]
    assert city.rows("select number, state from innovation_project order by number") == [
        {"number": "CX-01", "state": "finalist"},
        {"number": "CX-02", "state": "finalist"},
        {"number": "CX-03", "state": "eliminated"},
    ]
    for code in ("u13", "u20"):
        contest.do(f"{code}.liaison", "statement", speaker="李明", statement="一窗办结", files=[])
    contest.release()
    contest.score_all({"CX-01": "0.7", "CX-02": "0.9"})
    contest.confirm()
    results = contest.shown("committee.secretary", "synthesis")["results"]
    assert [(row["project"].split()[0], row["total"]) for row in results] == [
        ("CX-02", "84"),
        ("CX-01", "82"),
    ]
    contest.register("committee.secretary", "synthesis", results=results)
    contest.pass_time(14)
    shown = contest.shown("committee.secretary", "approve_awards")["results"]
    assert [(row["project"].split()[0], row["award"]) for row in shown] == [
        ("CX-02", "创新奖"),
        ("CX-01", "创新提名奖"),
    ]
    contest.register("committee.secretary", "approve_awards", results=shown)
    points = city.rows("select u.code, s.value from score s join unit u on u.id = s.unit_id order by u.code")
    assert [(row["code"], Decimal(row["value"])) for row in points] == [
        ("U13", Decimal("1.48")),
        ("U20", Decimal("1.76")),
        ("U39", Decimal("0.74")),
    ]
    told = city.rows("select post_key from notification where kind = 'innovation.bonus'")
    assert sorted(row["post_key"] for row in told) == ["head"] * 3 + ["liaison"] * 3
    with city.engine.database.read() as connection:
        board = board_of(connection, city.cycle.id)
    given = {unit.unit: unit.marks["innovation"] for unit in board.units}
    assert given[contest.unit_id("u20")] == Decimal("1.76")  # where the grading reads it
    assert city.scalar("select count(*) from instance where status = 'running'") == 0
    assert city.scalar("select count(*) from incident") == 0
