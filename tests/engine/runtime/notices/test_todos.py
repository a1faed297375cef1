"""An outside to-do centre is kept in step, however its letters come: late, twice, or out of order."""

import random
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from engine.people.memberships import appoint
from engine.runtime.instances.terminating import terminate
from engine.runtime.notices import todos
from engine.runtime.notices.todos import reconcile
from engine.runtime.outbox import Letter
from engine.runtime.steps.step import open_step
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.engine.runtime.notices.telling import STEPS, PostOffice, engine_of, telling_world
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import upon

SHARED = in_a_row(
    user("gather", "assessor.office.staff", groups='= post(assessor, "office.staff")'),
    user("fill", "unit.liaison"),
    user("sign", "unit.head", form_id="review", verbs="return_to"),
)


class Centre:
    """The outside: keeps the highest version of each entry, as its makers were told to."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def __call__(self, letter: Letter) -> None:
        self.letters.append(letter)

    def shows(self, letters: list[Letter] | None = None) -> dict[str, Any]:
        """What it shows after these letters: open entries, by id."""
        known: dict[str, Any] = {}
        for letter in self.letters if letters is None else letters:
            said = orjson.loads(letter.content)
            assert letter.subject == f"todo.{said['state']}"
            if said["version"] > known.get(said["id"], {"version": 0})["version"]:
                known[said["id"]] = said
        return known


def world_with(database: Database, centre: Centre) -> World:
    world = telling_world(database, PostOffice(), channels={}, todo="centre")
    world.engine.setup.senders["webhook"] = centre  # type: ignore[index]
    return world


def states(shown: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [
        (one["step"], one["state"], [person["login"] for person in one["receivers"]])
        for one in sorted(shown.values(), key=lambda one: one["id"])
    ]


def test_the_centre_shows_what_is_open_and_with_whom_in_any_order_and_repetition(
    database: Database,
) -> None:
    centre = Centre()
    world = world_with(database, centre)
    world.deploy(planning=SHARED)
    world.start()
    assert states(centre.shows()) == [("gather", "open", ["ban1", "ban2"])]
    item_id = next(iter(centre.shows()))
    act(world.engine, world.person("ban1"), item_id, "claim", Request(version=1))
    world.engine.drain()
    assert states(centre.shows()) == [("gather", "open", ["ban1"])], "claimed: gone from the other's list"
    act(world.engine, world.person("ban1"), item_id, "complete", Request(version=2))
    world.engine.drain()
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="请补充")
    told = states(centre.shows())
    assert told == [
        ("gather", "done", []),
        ("fill", "done", []),
        ("sign", "done", []),
        ("fill", "open", ["ling"]),
    ]
    last = list(centre.shows().values())[-1]
    assert (last["returned"], last["from"]) == (True, "王局")
    for seed in range(5):
        mixed = centre.letters * 2
        random.Random(seed).shuffle(mixed)
        assert states(centre.shows(mixed)) == told


def test_what_was_missed_a_whole_comparison_finds_and_then_there_is_nothing_more_to_say(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(todos, "LATELY", timedelta(0))
    centre = Centre()
    world = world_with(database, centre)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review")))
    world.start()
    watching, world.engine = world.engine, engine_of(world, database, PostOffice(), channels={})
    world.complete("ling")
    world.start()
    watching.drain()
    assert states(centre.shows()) == [("fill", "open", ["ling"])], "nothing was seen of it"
    reconcile(watching.setup)
    watching.drain()
    told = [("fill", "done", []), ("sign", "open", ["tou"]), ("fill", "open", ["ling"])]
    assert states(centre.shows()) == told
    with database.write() as connection:
        appoint(
            connection,
            user_id=world.people["lu"],
            unit_id=world.units["U1"],
            post_key="head",
            from_on=date(2018, 3, 1),
        )
    assert reconcile(watching.setup) == 1
    watching.drain()
    assert states(centre.shows())[1] == ("sign", "open", ["lu", "tou"]), "who joins a post sees its open work"
    letters = len(centre.letters)
    assert reconcile(watching.setup) == 0
    watching.drain()
    assert len(centre.letters) == letters


def test_what_the_office_ends_is_withdrawn(database: Database) -> None:
    centre = Centre()
    world = world_with(database, centre)
    world.deploy(planning=SHARED)
    instance = world.start()
    with database.write() as connection:
        step = open_step(world.engine.setup, connection, instance)
        terminate(step, reason="本年度不再考评")
    world.engine.drain()
    assert states(centre.shows()) == [("gather", "withdrawn", [])]


def test_who_was_asked_and_has_answered_has_done_it(database: Database) -> None:
    """回复委派 was shown outside as something that had been taken from whoever had just done it."""
    centre = Centre()
    world = world_with(database, centre)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="ask")))
    world.start()
    world.act("ling", "ask", people=(world.people["lu"],), opinion="请先核一遍")
    asked = world.item("lu").item_id
    world.act("lu", "answer", opinion="核过了")
    assert centre.shows()[asked]["state"] == "done"
    assert states(centre.shows())[0] == ("fill", "open", ["ling"])


def test_what_was_sent_back_and_taken_back_is_withdrawn(database: Database) -> None:
    centre = Centre()
    world = world_with(database, centre)
    world.deploy(planning=STEPS)
    instance = world.start()
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="请补充")
    assert states(centre.shows())[-1] == ("fill", "open", ["ling"])
    upon(world, "tou", "take_back", instance)
    assert states(centre.shows())[2:] == [("fill", "withdrawn", []), ("sign", "open", ["tou"])]
