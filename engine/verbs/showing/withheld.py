"""Variables of an instance that a reader must not see, because the steps hide the fields that wrote them.

A field that any form shows to the reader (`readers`) is no secret; one that every form with it hides is. The
whole variable is withheld where a part of it is hidden: what is shown is also what may be corrected.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.people.persons import Person
from engine.runtime.definitions.versions import UnknownDefinition
from engine.runtime.setup import Setup
from engine.runtime.steps.step import Step
from engine.verbs.showing.fields import Path, form_of_step, paths_of
from engine.verbs.showing.readers import hidden_from


def withheld_from(setup: Setup, connection: Connection, person: Person, step: Step) -> frozenset[str]:
    """The names of the variables of an instance that the person must not see."""
    hidden: set[Path] = set()
    shown: set[Path] = set()
    for element in step.version.drawn.elements.values():
        if element.form_id is None:
            continue
        try:
            form = setup.definitions.form(connection, step.version.version.id, element.form_id)
        except UnknownDefinition:
            continue
        also = hidden_from(
            setup, connection, person, instance_id=step.row.id, version=step.version, element=element
        )
        seen = form_of_step(form.content, element.properties, also=also)
        hidden.update(seen.hidden)
        shown.update(_fields(orjson.loads(seen.content).get("components", [])))
    return frozenset(path[0] for path in hidden - shown)


def _fields(components: Sequence[dict[str, Any]], around: Path = ()) -> Iterator[Path]:
    """The paths of all fields, those in rows too."""
    for one in components:
        yield from paths_of(one, around)
        inner = one.get("components", [])
        if inner:
            yield from _fields(inner, (*around, *_path(one)))


def _path(one: dict[str, Any]) -> Path:
    path = one.get("path")
    return tuple(path.split(".")) if isinstance(path, str) and path else ()
