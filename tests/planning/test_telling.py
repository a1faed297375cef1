"""告知: of what a diagram says to a post somebody hears, whoever holds it meanwhile."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from engine.clock import today
from engine.work.bindings import Service, ServiceCall
from processes.cycle.year_services import tell_all
from processes.planning.telling import tell_units
from tests.planning.city import City

HEARD = (
    "select u.name, n.post_key, n.params_json from notification n join unit u on u.id = n.unit_id "
    "where n.kind = :kind order by u.code, n.post_key"
)


def test_what_is_said_to_a_post_that_nobody_holds_is_heard_by_who_answers_for_it(small_city: City) -> None:
    """It lay at the vacant post, and nobody ever saw it."""
    vacate(small_city, "市旅委", "liaison")
    vacate(small_city, "市环保局", "liaison", "head")
    posts = [
        f"{small_city.unit_id(name)}#{post}"
        for name in ("市旅委", "市环保局")
        for post in ("liaison", "head")
    ]
    given = {"posts": posts, "notice": "planning.tried", "text": "{unit} {year} 年度目标已下达。"}
    call(small_city, tell_units, given)
    heard = small_city.rows(HEARD, kind="planning.tried")
    assert [(row["name"], row["post_key"]) for row in heard] == [
        ("杭州市", "office.staff"),
        ("市旅委", "head"),
    ], "each is told once, though two posts were meant"
    assert sentences(small_city, "u20.head")[0] == (
        "市旅委 2018 年度目标已下达。（“市旅委”的岗位“联络员”目前无人任职，已交该单位主要负责人）"
    )
    [office] = [one for one in sentences(small_city, "office.staff") if "市环保局 2018" in one]
    assert "“市环保局”的岗位“联络员”目前无人任职，已交绩效办；“市环保局”的岗位" in office
    page = small_city.client.get(
        "/notifications", headers={**small_city.desk("office.staff").headers, "accept": "text/html"}
    ).text
    assert f'href="/units/{small_city.unit_id("市环保局")}/targets"' in page, "not the reader's own unit"


def test_what_every_unit_is_told_reaches_those_that_have_lost_their_liaison_too(small_city: City) -> None:
    vacate(small_city, "市旅委", "liaison")
    call(small_city, tell_all, {"posts": ["liaison"], "notice": "cycle.tried", "text": "{year} 年度已开始。"})
    heard = [row for row in small_city.rows(HEARD, kind="cycle.tried") if row["name"] == "市旅委"]
    assert [row["post_key"] for row in heard] == ["head"]
    assert {row["post_key"] for row in small_city.rows(HEARD, kind="cycle.tried")} == {"liaison", "head"}


def vacate(city: City, name: str, *posts: str) -> None:
    """Nobody holds these posts of the unit any more."""
    with city.engine.database.write() as connection:
        for post in posts:
            given = {"unit": city.unit_id(name), "post": post}
            connection.execute(
                text("delete from membership where unit_id = :unit and post_key = :post"), given
            )


def call(city: City, service: Service, inputs: Mapping[str, Any]) -> None:
    """What the service task of a diagram does with these inputs."""
    setup = city.engine.setup
    running = city.scalar("select min(id) from instance where cycle_id = :cycle", cycle=city.cycle_id(2018))
    with city.engine.database.write() as connection:
        service(
            ServiceCall(
                connection=connection,
                at=setup.clock.now(),
                today=today(setup.clock, setup.zone),
                cycle_id=city.cycle_id(2018),
                instance_id=running,
                element_id="tell",
                round=1,
                variables={},
                inputs=inputs,
            )
        )


def sentences(city: City, login: str) -> list[str]:
    """What the person's notices say, as a program reads them."""
    return [one["sentence"] for one in city.desk(login).read("/notices")["items"]]
