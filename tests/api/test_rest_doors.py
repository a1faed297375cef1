"""Every REST call asks who is there and what they may do; a new call cannot forget it."""

from collections.abc import Mapping
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from engine.ids import new_id
from engine.store import insert_rows
from tests.api.conftest import Browse
from tests.api.rest_calls import API, PUBLIC, Call, calls, examples
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World
from tests.processes.city import City

OWN = {
    "GET /me",
    "GET /me/duties",
    "GET /me/sessions",
    "GET /me/stand-ins",
    "POST /me/sessions/end",
    "GET /tokens",
    "GET /notices",
    "GET /notices/unread",
    "POST /notices/read",
    "GET /me/notice-settings",
    "PUT /me/notice-settings",
    "GET /work-items",
    "GET /work-items/counts",
    "GET /work-filters",
    "POST /work-filters",
    "GET /phrases",
    "POST /phrases",
    "GET /signatures",
    "POST /work-items/sign",
}
"""What everybody may ask about themselves; of several tasks each is answered for itself, and refused."""
JUDGED = {"POST /signatures"}
"""One's own picture, refused for its bytes alone."""
FOR_EVERYBODY = {
    "GET /cycles",
    "GET /cycles/{cycle_id}/bulletins",
    "GET /calendar/{year}",
    "GET /definitions/{version_id}/diagram",
}
"""What is no secret to anybody who works in the city."""
KEPT = (
    "unit", "unit_alias", "user_account", "membership", "api_token", "calendar_day", "calendar_year", "cycle",
    "target", "target_assignment", "instance", "work_item", "work_event", "draft", "file", "incident", "urge",
    "definition_version",
)  # fmt: skip


def short(call: Call) -> str:
    return str(call).replace(API, "")


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_nothing_but_the_open_consultation_answers_without_a_log_in(world: World, browse: Browse) -> None:
    nobody, places = browse(""), _Anything()
    answered = {
        str(call): call.send(nobody, places).status_code
        for call in calls()
        if not call.path.startswith(PUBLIC)
    }
    assert {call: status for call, status in answered.items() if status != 401} == {}
    nobody.headers["authorization"] = "Bearer bihuan_nonsense"
    assert nobody.get(f"{API}/me").status_code == 401
    public = [call for call in calls() if call.path.startswith(PUBLIC)]
    answered = {str(call): call.send(nobody, places).status_code for call in public}
    lists = {f"GET {PUBLIC}promises", f"GET {PUBLIC}opinions/listeners"}
    assert {call for call, status in answered.items() if status == 200} == lists, "and they are empty here"
    assert {status for call, status in answered.items() if call not in lists} == {404}


@ON_SQLITE
def test_a_strangers_token_reaches_nothing_of_another_unit_and_changes_nothing(
    city: City, visit: Browse
) -> None:
    places = _things_of(city, visit)
    token = visit("u39.division").post(f"{API}/tokens", json={"name": "t", "days": 1}).json()["token"]
    stranger = visit("")
    stranger.headers["authorization"] = f"Bearer {token}"
    assert stranger.get(f"{API}/me").status_code == 200  # which notes the token's use
    before = _stored(city)
    answered = {
        short(call): call.send(stranger, places).status_code
        for call in calls()
        if short(call) not in OWN | FOR_EVERYBODY | JUDGED and not call.path.startswith(PUBLIC)
    }
    assert {call: status for call, status in answered.items() if status not in (403, 404)} == {}
    assert len(answered) > 50
    assert _stored(city) == before
    allowed = [call for call in calls() if short(call) in OWN | FOR_EVERYBODY]
    assert {short(call) for call in allowed} == OWN | FOR_EVERYBODY
    allowed.sort(key=lambda call: "sessions/end" in call.path)  # which ends the token too
    statuses = {short(call): call.send(stranger, places).status_code for call in allowed}
    assert set(statuses.values()) <= {200, 201, 204}, statuses
    assert stranger.get(f"{API}/me").status_code == 401


@ON_SQLITE
def test_what_the_stranger_was_refused_is_there_for_those_concerned(city: City, visit: Browse) -> None:
    places = _things_of(city, visit)
    seen = {
        "u20.liaison": ("/work-items/{item_id}", "/instances/{instance_id}", "/units/{unit_id}/targets"),
        "admin.system": ("/people/{user_id}", "/units/{unit_id}", "/units/{unit_id}/divisions"),
        "office.staff": (
            "/targets/{target_id}",
            "/cycles/{cycle_id}/overview",
            "/cycles/{cycle_id}/incidents",
        ),
    }
    for login, paths in seen.items():
        client = visit(login)
        for path in paths:
            assert client.get(API + path.format_map(places)).status_code == 200, (login, path)


def test_the_examples_of_the_description_are_what_the_calls_take() -> None:
    bodies = {call.body for call in calls() if call.body is not None}
    assert len(bodies) > 15
    for body in bodies:
        for example in examples(body):
            body.model_validate(example)


def test_the_description_is_whole(settings: Settings, world: World) -> None:
    described = create_app(settings, world.engine).openapi()
    assert described["openapi"].startswith("3.1")
    names = described["components"]["schemas"]
    for reference in _references(described):
        assert reference.removeprefix("#/components/schemas/") in names, reference
    told = {f"{method.upper()} {path}" for path, found in described["paths"].items() for method in found}
    assert told == {str(call) for call in calls()}
    for path, found in described["paths"].items():
        for method, call in found.items():
            assert call["summary"], (method, path)
            assert call["description"], (method, path)
            problems = (
                {"404", "422", "429"} if path.startswith(PUBLIC) else {"401", "403", "404", "409", "422"}
            )
            assert problems <= call["responses"].keys(), (method, path)


class _Anything(dict[str, str]):
    """A place in an address that need not exist."""

    def __missing__(self, place: str) -> str:
        return {"year": "2018", "number": "1", "day": "2018-05-04", "verb": "complete"}.get(place, new_id())


def _things_of(city: City, visit: Browse) -> Mapping[str, str]:
    """Real things of 市旅委 (u20), by their place in addresses."""
    city.start("U20")
    unit, cycle = city.demo.units["市旅委"], city.demo.cycles[2018]
    item = city.inbox("u20.liaison")[0]
    visit("u20.liaison").post(f"{API}/tokens", json={"name": "其人", "days": 1})
    incident = {
        "id": new_id(), "cycle_id": cycle, "assessor_id": city.demo.assessor_id,
        "instance_id": item.instance_id, "element_id": item.element_id, "kind": "diagram", "message": "停",
        "raised_at": city.clock.now(), "resolution": "",
    }  # fmt: skip
    with city.engine.database.write() as connection:
        insert_rows(connection, "incident", [incident])

    def one(statement: str, *about: str) -> str:
        with city.engine.database.read() as connection:
            mark = "?" if city.engine.database.dialect == "sqlite" else "%s"
            return str(connection.exec_driver_sql(statement.replace("?", mark), about).scalar())

    liaison = city.people["u20.liaison"]
    division = one("select id from unit where parent_id = ? and kind = 'division' order by code", unit)
    return _Anything(
        unit_id=unit,
        cycle_id=cycle,
        item_id=item.item_id,
        instance_id=item.instance_id,
        user_id=liaison,
        key="plan_setting",
        incident_id=str(incident["id"]),
        target_id=one("select id from target where unit_id = ? and cycle_id = ? order by id", unit, cycle),
        membership_id=one("select id from membership where user_id = ?", liaison),
        alias_id=one("select id from unit_alias where unit_id = ? and kind <> 'name'", unit),
        token_id=one("select id from api_token where user_id = ?", liaison),
        version_id=one("select definition_version_id from instance where id = ?", item.instance_id),
        division_id=division,
    )


def _stored(city: City) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a stranger could have changed."""
    with city.engine.database.read() as connection:
        return {
            table: sorted(
                (tuple(map(str, row)) for row in connection.exec_driver_sql(f"select * from {table}")),
                key=str,
            )
            for table in KEPT
        }


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in _references(value)]
    return [found for value in part for found in _references(value)] if isinstance(part, list) else []
