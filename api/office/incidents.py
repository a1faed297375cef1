"""处理异常: what has stopped in a cycle, and mending it; the same for the pages and REST."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.naming import Naming
from api.office.incident_words import PlaceLine, place_lines, retry_effect, sentence, skip_effect, step_name
from api.office.sight import cycles_for
from engine.people.persons import Person
from engine.runtime.incidents.register import incidents_of
from engine.runtime.incidents.typed import NotOfKind, value_of
from engine.store import Row
from engine.verbs.refusals import Invalid
from engine.verbs.showing.incident_view import IncidentView, view_incident
from engine.work.bindings import FieldError

REASON = 4000
"""The longest reason, in characters."""


@dataclass(frozen=True)
class IncidentLine:
    """One incident of the list; `same` is how many have the same cause, itself included."""

    row: Row
    step: str
    title: str
    sentence: str


@dataclass(frozen=True)
class IncidentStory:
    """One incident as its page and REST tell it."""

    seen: IncidentView
    step: str
    title: str
    sentence: str
    retry: str
    skip: str
    places: list[PlaceLine]
    same: list[tuple[str, str]]
    """Id and title of every incident of the same cause."""


def mended_cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles whose incidents the person mends, newest first. Raises Trouble(403)."""
    return cycles_for(connection, person, "mend")


def mended_cycle(connection: Connection, person: Person, cycle_id: str) -> dict[str, Any]:
    """One of them. Raises Trouble(404)."""
    for cycle in mended_cycles(connection, person):
        if cycle["id"] == cycle_id:
            return cycle
    raise Trouble(404, "not_found")


def lines_of(house: House, connection: Connection, cycle_id: str) -> list[IncidentLine]:
    """What has stopped in a cycle, newest first."""
    naming = Naming(house.engine.definitions, connection)
    return [_line(naming, row) for row in incidents_of(connection, cycle_id)]


def _line(naming: Naming, row: Row) -> IncidentLine:
    step = step_name(naming, row)
    return IncidentLine(row, step, title_of(naming, row), sentence(row, step))


def title_of(naming: Naming, row: Row) -> str:
    """Which process it is, about whom; "" for what never began."""
    version = row["definition_version_id"]
    if not version:
        return ""
    return naming.title(version, year=row["year"], subject=row["subject_name"], matter=row["matter"])


def story_of(house: House, person: Person, incident_id: str) -> IncidentStory:
    """One open incident, with what each act would do. Raises a Refusal."""
    seen = view_incident(house.engine, person, incident_id)
    incident = seen.incident
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        step = step_name(naming, incident)
        version = incident["definition_version_id"]
        names = _names(naming, version, seen) if version else {}
        return IncidentStory(
            seen=seen,
            step=step,
            title=title_of(naming, incident),
            sentence=sentence(incident, step),
            retry=retry_effect(seen, step),
            skip=skip_effect(seen, step),
            places=place_lines(seen.places, names),
            same=[
                (row["id"], " · ".join(filter(None, (row["subject_name"], row["matter"]))) or step)
                for row in seen.same
            ],
        )


def _names(naming: Naming, version: str, seen: IncidentView) -> dict[str, str]:
    ids = {place.element_id for place in seen.places}
    ids |= {holder.element_id for place in seen.places for holder in place.closes}
    ids |= {element for place in seen.places for element in place.stops}
    return {element_id: naming.step(version, element_id) for element_id in ids}


def read_values(written: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """Variables from (name, kind, text). Raises Invalid with one error for each that is none of its kind."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, kind, text in written:
        try:
            values[name] = value_of(name, text, kind=kind)
        except NotOfKind as wrong:
            errors.append(FieldError(name, "kind", str(wrong)))
    if errors:
        raise Invalid(errors[0].message, errors=tuple(errors))
    return values
