"""An incident is mended by the office, and by nobody else."""

from decimal import Decimal

import pytest

from engine.feel import codec
from engine.runtime import incidents
from engine.store import Row, insert_rows
from tests.api.conftest import Browse
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, user

FAILING = diagram(
    SUBJECT,
    START,
    user("fill", "unit.liaison"),
    '<bpmn:exclusiveGateway id="high" name="够高？" default="no" />',
    user("sign", "unit.head", form_id="review"),
    END,
    flow("f1", "begun", "fill"),
    flow("f2", "fill", "high"),
    flow("yes", "high", "sign", name="是", condition="= score >= 60"),
    flow("no", "high", "done", name="否"),
    flow("f4", "sign", "done"),
)


def open_incidents(world: World) -> list[Row]:
    with world.engine.database.read() as connection:
        return incidents.open_incidents(connection)


@pytest.fixture
def stopped(world: World) -> Row:
    """A person has submitted, and the gateway after it cannot decide."""
    world.deploy(planning=FAILING)
    world.start()
    world.complete("ling", fields={"value": "1"})
    (incident,) = open_incidents(world)
    return incident


def test_who_is_not_the_office_cannot_let_it_run_on(world: World, browse: Browse, stopped: Row) -> None:
    for login in ("ling", "tou", "mi"):
        answer = browse(login).post(f"/office/incidents/{stopped['id']}/retry")
        assert answer.status_code == 403, login
    assert len(open_incidents(world)) == 1


def test_the_office_lets_it_run_on_after_the_mending(world: World, browse: Browse, stopped: Row) -> None:
    with world.engine.database.write() as connection:
        row = {
            "instance_id": stopped["instance_id"],
            "scope_id": "",
            "name": "score",
            "value_text": codec.dumps(Decimal(75)),
        }
        insert_rows(connection, "variable", [row])
    office = browse("kao")
    path = f"/office/incidents/{stopped['id']}/retry"
    assert office.post(path, follow_redirects=False).status_code == 303
    assert world.item("tou").element_id == "sign"
    assert open_incidents(world) == []
    assert office.post(path, follow_redirects=False).status_code == 404
