"""What an outside to-do centre is pushed is signed, versioned and linked; a program may ask for all of it."""

import json

import pytest
from pydantic import ValidationError

from api.outgoing.noticing import notice_rules
from api.outgoing.senders import senders_of
from api.settings import Settings
from engine.runtime.engine import Engine
from engine.store import insert_rows
from tests.api.conftest import Browse
from tests.api.test_outgoing import SECRET, Listener, serving
from tests.databases import ON_SQLITE
from tests.engine.runtime.test_incidents import hurry
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"


@ON_SQLITE
def test_a_task_is_pushed_until_it_is_taken_and_listed_for_who_may_export(
    world: World, settings: Settings, browse: Browse
) -> None:
    listener = Listener()
    with serving(listener) as port:
        hook = {"url": f"http://127.0.0.1:{port}/todo", "secret": SECRET}
        given = Settings(webhooks={"centre": hook}, todo_webhook="centre", public_url="https://hz.example/")
        world.engine = Engine(
            world.engine.database,
            clock=world.clock,
            bindings=world.engine.setup.bindings,
            senders=senders_of(given),
            notices=notice_rules(given),
        )
        world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报目标")))
        world.start()
        hurry(world)
    headers, body = listener.posts[-1]
    said = json.loads(body)
    item = world.item("ling").item_id
    assert (said["event"], headers["bihuan-event"], headers["bihuan-attempt"]) == (
        "todo.open",
        "todo.open",
        "3",
    )
    assert said["data"] | {"id": item, "version": 1, "state": "open"} == said["data"]
    assert said["data"]["receivers"] == [{"login": "ling", "name": "张玲"}]
    assert said["data"]["url"] == f"https://hz.example/tasks/{item}"
    assert said["data"]["title"] == "2018 年度目标制定 · 市旅游委员会"
    with world.engine.database.write() as connection:
        grant = {"id": "g", "post_key": "office.head", "act": "export", "reach": "assessor"}
        insert_rows(connection, "right_grant", [grant])
    listed = browse("kao").get(f"{API}/todos").json()
    assert [(one["id"], one["version"], one["step"]) for one in listed["items"]] == [(item, 1, "填报目标")]
    assert browse("ling").get(f"{API}/todos").status_code == 403


def test_a_webhook_that_is_not_set_up_is_refused() -> None:
    with pytest.raises(ValidationError, match="webhooks lacks centre"):
        Settings(todo_webhook="centre")
    with pytest.raises(ValidationError, match="webhooks lacks gateway"):
        Settings(notice_channels={"x": {"name": "x", "url": "webhook://gateway/{login}"}})
