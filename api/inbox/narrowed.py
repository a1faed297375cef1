"""To what a list is narrowed, by name: a process and a unit stand in its address as key and id."""

from sqlalchemy import Connection, select
from sqlmodel import col

from api.house import House
from api.naming import Naming
from engine.people.tables import Unit
from engine.runtime.definitions.versions import UnknownDefinition
from engine.work.inbox import Wanted


def names_of(house: House, connection: Connection, wanted: Wanted) -> dict[str, str]:
    """The names of the process and the unit that are asked for, by key and id; unknown ones are left out."""
    found: dict[str, str] = {}
    if wanted.process:
        definitions = house.engine.definitions
        try:
            version = definitions.latest(connection, "process", wanted.process)
            found[wanted.process] = Naming(definitions, connection).process(version.id)
        except UnknownDefinition:
            pass
    if wanted.unit:
        name = connection.execute(select(col(Unit.name)).where(col(Unit.id) == wanted.unit)).scalar()
        found |= {wanted.unit: str(name)} if name else {}
    return found
