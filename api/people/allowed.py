"""Who may open the pages of people. Whether a change is allowed is asked again at the thing itself."""

from api.errors import Trouble
from api.shell import can
from engine.people.persons import Person

LOOK = ("see_people", "manage_people", "manage_rights")


def require(person: Person, *acts: str) -> None:
    """Raises Trouble(403) when no post of the person grants one of `acts`."""
    if not can(person, *acts):
        raise Trouble(403, "not_allowed")
