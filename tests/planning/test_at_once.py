"""Two requests at the same moment: one wins, the other hears why, and nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from httpx import Response
from sqlalchemy import text

from engine.audit.chain import broken_chains
from engine.ids import new_id
from tests.planning.city import City, Desk, Said
from tests.planning.unit_work import assign, collate, fill, lead

Send = Callable[[], Response]


def at_once(*sends: Send) -> list[Response]:
    """All answers, in order; every request starts when all are ready."""
    barrier = Barrier(len(sends))

    def run(send: Send) -> Response:
        barrier.wait(10)
        return send()

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(run, sends))


@pytest.fixture
def reported(city: City) -> City:
    """市旅委 has reported; its targets wait for a reviewer to claim them."""
    assign(city, "u20")
    city.settle()
    fill(city, "u20")
    city.settle()
    collate(city, "u20")
    lead(city, "u20")
    return city


def second_reviewer(city: City) -> Desk:
    """The head of the office reviews as well."""
    person = city.scalar("select id from user_account where login = 'office.head'")
    with city.engine.database.write() as connection:
        connection.execute(
            text(
                "insert into membership (id, user_id, unit_id, home_id, post_key, from_on, is_primary) "
                "select :id, :person, unit_id, home_id, post_key, from_on, :primary "
                "from membership where post_key = 'office.reviewer'"
            ),
            {"id": new_id(), "person": person, "primary": False},
        )
    return city.desk("office.head")


def test_of_two_submissions_at_once_one_succeeds(city: City) -> None:
    liaison = city.desk("u20.liaison")
    task = liaison.task("assign_divisions")
    body = {"version": task["version"], "fields": task["form"]["data"]}
    answers = at_once(*[lambda: liaison.attempt(task["id"], "complete", body)] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"closed", "stale"}
    city.settle()
    assert city.scalar("select count(*) from work_event where item_id = :id", id=task["id"]) == 1
    assert city.desk("u20.division").waiting() == ["fill_targets"]
    whole(city)


def test_the_same_key_sent_twice_at_once_is_done_once(city: City) -> None:
    liaison = city.desk("u20.liaison")
    task = liaison.task("assign_divisions")
    body = {"version": task["version"], "fields": task["form"]["data"]}
    key = {"idempotency-key": new_id()}
    answers = at_once(*[lambda: liaison.attempt(task["id"], "complete", body, **key)] * 2)
    assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
    assert answers[0].json() == answers[1].json()
    city.settle()
    assert city.scalar("select count(*) from work_event where item_id = :id", id=task["id"]) == 1
    whole(city)


def test_one_key_for_two_tasks_at_once_does_one_of_them(city: City) -> None:
    office, liaison = city.desk("office.staff"), city.desk("u13.liaison")
    for code in ("KPI03", "KPI04"):
        target = city.scalar(
            "select t.id from target t join unit u on u.id = t.unit_id where t.code = :code "
            "and u.name = '市发改委' and t.cycle_id = :cycle",
            code=code,
            cycle=city.cycle_id(2018),
        )
        measure = city.scalar("select id from target_measure where target_id = :id", id=target)
        given = {"figures": {measure: "4200"}, "document": "杭政函〔2018〕12号"}
        assert office.post(f"/targets/{target}/assign", given).status_code == 202
    city.settle()
    tasks = [row for row in liaison.items() if row["element"] == "confirm_assigned"]
    body = {"version": 1, "fields": liaison.read(f"/work-items/{tasks[0]['id']}")["form"]["data"]}
    key = {"idempotency-key": new_id()}
    first, second = (task["id"] for task in tasks)
    answers = at_once(
        lambda: liaison.attempt(first, "complete", body, **key),
        lambda: liaison.attempt(second, "complete", body, **key),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
    assert liaison.waiting().count("confirm_assigned") == 1
    whole(city)


def test_of_two_claims_at_once_one_wins(reported: City) -> None:
    city = reported
    first, second = city.desk("office.reviewer"), second_reviewer(city)
    free = first.item("office_review", tab="claimable")
    body: Said = {"version": free["version"]}
    answers = at_once(
        lambda: first.attempt(free["id"], "claim", body), lambda: second.attempt(free["id"], "claim", body)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
    assert sorted([first.waiting(), second.waiting()]) == [[], ["office_review"]]
    whole(city)


def test_approving_and_returning_at_once_is_one_decision(reported: City) -> None:
    city, reviewer = reported, reported.desk("office.reviewer")
    reviewer.claim("office_review")
    task = reviewer.task("office_review")
    answers = at_once(
        lambda: reviewer.attempt(task["id"], "complete", {"version": task["version"], "outcome": "approve"}),
        lambda: reviewer.attempt(
            task["id"], "complete", {"version": task["version"], "outcome": "return", "opinion": "重报"}
        ),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
    winner = next(answer.json()["outcome"] for answer in answers if answer.status_code == 200)
    city.settle()
    state = city.scalar(
        "select p.state from unit_plan p join unit u on u.id = p.unit_id "
        "where u.name = '市旅委' and p.cycle_id = :cycle",
        cycle=city.cycle_id(2018),
    )
    back = city.desk("u20.liaison").waiting()
    assert (state, back) == (("passed", []) if winner == "approve" else ("returned", ["collate_targets"]))
    whole(city)


def test_all_units_report_at_once(city: City) -> None:
    desks = [city.desk(f"u{number:02d}.liaison") for number in range(1, 9)]
    tasks = [desk.task("assign_divisions") for desk in desks]

    def send(desk: Desk, task: Said) -> Send:
        body = {"version": task["version"], "fields": task["form"]["data"]}
        return lambda: desk.attempt(task["id"], "complete", body)

    answers = at_once(*[send(desk, task) for desk, task in zip(desks, tasks, strict=True)])
    assert [answer.status_code for answer in answers] == [200] * 8, [answer.text for answer in answers]
    city.settle()
    assert city.scalar("select count(*) from work_event where element_id = 'assign_divisions'") == 8
    whole(city)


def whole(city: City) -> None:
    """No incident, and every chain verifies."""
    assert city.scalar("select count(*) from incident") == 0
    with city.engine.database.read() as connection:
        assert broken_chains(connection) == []
