"""Who may receive a task that its owner hands over (转办), as the step's diagram bounds it.

`bihuan:handOverTo`: `unit` (people of the owner's own unit and its divisions; without the property it is an
assumption), `assessor` (everybody under the same assessor), or FEEL that gives people and posts.
"""

from collections.abc import Collection
from pathlib import Path

from engine.bpmn.model import Element
from engine.store import Queries
from engine.store.texts import json_text
from engine.verbs.others.whom import Named, named
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.visit import Visit

QUERIES = Queries(Path(__file__).with_name("receiving.sql"))
PROPERTY = "bihuan:handOverTo"
UNIT, ASSESSOR = "unit", "assessor"


def bound_of(element: Element) -> str:
    """What the diagram says of who may receive: `UNIT` (also when it says nothing), `ASSESSOR` or FEEL."""
    return element.properties.get(PROPERTY, "").strip() or UNIT


def check_receives(visit: Visit, to: Named) -> None:
    """Raises `NotAllowed` when the step's task may not be handed over to `to`."""
    bound = bound_of(visit.element)
    if bound == ASSESSOR:
        return
    if bound == UNIT:
        if not _of_own_unit(visit, to):
            raise NotAllowed(f"此环节只能转办给本单位人员，{to.name}不在本单位任职。")
        return
    given = _named_by(visit, bound)
    everybody = frozenset[str]().union(*(one.people for one in given))
    if to.candidate not in [one.candidate for one in given] and not to.people <= everybody:
        names = "、".join(dict.fromkeys(one.name for one in given))
        only = f"此环节只能转办给{names}" if names else "此环节现在没有可以接手的人"
        raise NotAllowed(f"{only}，不能转办给{to.name}。")


def _of_own_unit(visit: Visit, to: Named) -> bool:
    own = _own_units(visit)
    if to.candidate.unit_id in own:
        return True
    houses = _houses(visit, to.people)
    return bool(to.people) and all(houses.get(person, set()) & own for person in to.people)


def _own_units(visit: Visit) -> set[str]:
    """The units of who has the task: of the post's holders, else of the one person."""
    item, day = visit.item, visit.step.today
    if item.post_key is None:
        return set[str]().union(*_houses(visit, [item.assignee_id or ""]).values())
    rows = QUERIES.rows(
        visit.connection,
        "houses_of_post",
        unit_id=item.unit_id,
        post_key=item.post_key,
        on_day=day,
        on_day2=day,
    )
    return {row["house_id"] for row in rows}


def _houses(visit: Visit, people: Collection[str]) -> dict[str, set[str]]:
    day = visit.step.today
    given = {"ids": json_text(sorted(people)), "on_day": day, "on_day2": day}
    found: dict[str, set[str]] = {}
    for row in QUERIES.rows(visit.connection, "houses_of_people", **given):
        found.setdefault(row["user_id"], set()).add(row["house_id"])
    return found


def _named_by(visit: Visit, feel: str) -> list[Named]:
    """The people and posts that the diagram gives now; whoever cannot do it is left out."""
    said = visit.step.execution.evaluate(visit.wait.token, feel)
    found = []
    for one in said if isinstance(said, list) else [said]:
        try:
            found.append(named(visit, str(one or "")))
        except (Invalid, NotAllowed):
            continue
    return found
