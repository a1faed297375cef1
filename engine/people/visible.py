"""The rule of `rights.may` as SQL, for lists: only rows of things to which the person may do the act.

    seen = visible(person, "see_item", ITEM)
    connection.execute(text(f"select i.id from work_item i where {seen.text}"), seen.values)
    connection.execute(select(items).where(seen.clause))

Column names come from code, never from outside; everything from outside is a parameter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import TextClause, text

from engine.people.acts import ACTS
from engine.people.persons import HeldPost, Person, Right, StandingIn
from engine.people.rights import act_unknown


@dataclass(frozen=True)
class ConcernColumns:
    """Where a list keeps whom its rows concern; names carry their table's alias ("i.assignee_id").

    With `table` ("work_item w") and `on` ("w.instance_id = i.id") they are rows of another table.
    """

    holder: str | None = None
    unit: str | None = None
    post_key: str | None = None
    involved: str | None = None
    table: str | None = None
    on: str | None = None


@dataclass(frozen=True)
class ThingColumns:
    """Where a list keeps what rights.Thing says. Without `assessor`, it is looked up from the unit."""

    unit: str | None = None
    assessor: str | None = None
    cycle: str | None = None
    concerns: tuple[ConcernColumns, ...] = ()
    process: str | None = None


@dataclass(frozen=True)
class Condition:
    """A condition in SQL with named parameters (`:may_0`), and their values."""

    text: str
    values: dict[str, str]

    @property
    def clause(self) -> TextClause:
        """The condition for SQLAlchemy's `where`."""
        return text(self.text).bindparams(**self.values)


@dataclass(frozen=True)
class Way:
    """How a person stands to rows: they hold them, they lie at a desk of theirs, a right reaches them.

    `relation` is "held" (what is assigned to the person, or to whom they stand in for), "desk" or "right".
    """

    text: str
    relation: str


class _Values:
    """Parameters of one condition; the same value is given once."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def mark(self, value: str) -> str:
        name = self._names.setdefault(value, f"{self._prefix}_{len(self._names)}")
        return f":{name}"

    def by_name(self) -> dict[str, str]:
        return {name: value for value, name in self._names.items()}


def visible(person: Person, act: str, columns: ThingColumns, *, prefix: str = "may") -> Condition:
    """The rows for which `may(person, act, …)` holds. `prefix` begins the parameters' names.

    Raises PeopleRefused for an act that does not exist.
    """
    found, values = ways(person, act, columns, prefix=prefix)
    texts = [way.text for way in found]
    if "1 = 1" in texts:
        return Condition("(1 = 1)", {})
    return Condition(f"({' or '.join(texts)})" if texts else "(1 = 0)", values)


def ways(
    person: Person, act: str, columns: ThingColumns, *, prefix: str = "may"
) -> tuple[tuple[Way, ...], dict[str, str]]:
    """The ways whose "or" is `visible`, and the values of their parameters: for lists that follow each by an
    index of its own. Rows may be found in several ways. Raises PeopleRefused for an act that does not exist.
    """
    if act not in ACTS:
        raise act_unknown(act)
    if act in person.withheld:
        return (), {}
    values = _Values(prefix)
    found = [way for concern in columns.concerns for way in _related(person, act, columns, concern, values)]
    if ACTS[act].stand_in:
        found += [way for one in person.stands_in for way in _stood_in_for(one, act, columns, values)]
    found += [Way(text, "right") for text in _granted(person.rights_to(act), columns, values)]
    return tuple({way.text: way for way in found}.values()), values.by_name()


def _related(
    person: Person, act: str, columns: ThingColumns, concern: ConcernColumns, values: _Values
) -> list[Way]:
    found: list[Way] = []
    for relation in ACTS[act].relations:
        if relation == "holder" and concern.holder:
            found.append(Way(f"{concern.holder} = {values.mark(person.id)}", "held"))
        elif relation == "involved" and concern.involved:
            found.append(Way(f"{concern.involved} = {values.mark(person.id)}", "held"))
        elif relation in ("desk", "free_desk"):
            free = f" and {concern.holder} is null" if relation == "free_desk" and concern.holder else ""
            desks = _desks(person.memberships, columns, concern, values)
            found += [Way(f"({desk}{free})", "desk") for desk in desks]
    return _from_table(found, concern)


def _from_table(found: list[Way], concern: ConcernColumns) -> list[Way]:
    if not found or not concern.table:
        return found
    inner = " or ".join(way.text for way in found)
    return [Way(f"exists (select 1 from {concern.table} where {concern.on} and ({inner}))", "held")]  # noqa: S608


def _stood_in_for(one: StandingIn, act: str, columns: ThingColumns, values: _Values) -> list[Way]:
    """What the person may do as somebody's stand-in: the twin of `rights.stood_in_for`."""
    if one.processes and columns.process is None:
        return []
    found: list[Way] = []
    for concern in columns.concerns:
        found += _from_table(_related_by(one, act, columns, concern, values), concern)
    if not (one.processes and found):
        return found
    listed = ", ".join(values.mark(process) for process in sorted(one.processes))
    return [Way(f"({way.text} and {columns.process} in ({listed}))", way.relation) for way in found]


def _related_by(
    one: StandingIn, act: str, columns: ThingColumns, concern: ConcernColumns, values: _Values
) -> list[Way]:
    relations, found = ACTS[act].relations, []
    desks = _desks(one.posts, columns, concern, values)
    if "holder" in relations and concern.holder and (one.whole or desks):
        held = f"{concern.holder} = {values.mark(one.user_id)}"
        found += [
            Way(text, "held") for text in ([held] if one.whole else [f"({held} and {d})" for d in desks])
        ]
    if "desk" in relations:
        found += [Way(f"({desk})", "desk") for desk in desks]
    elif "free_desk" in relations:
        free = f" and {concern.holder} is null" if concern.holder else ""
        found += [Way(f"({desk}{free})", "desk") for desk in desks]
    return found


def _desks(
    held: Iterable[HeldPost], columns: ThingColumns, concern: ConcernColumns, values: _Values
) -> list[str]:
    if not (concern.unit and concern.post_key):
        return []
    found = []
    for post in held:
        within = _in_cycle(post.cycle_id, columns, values)
        if within is not None:
            at = f"{concern.unit} = {values.mark(post.unit_id)}"
            found.append(f"{at} and {concern.post_key} = {values.mark(post.post_key)}{within}")
    return found


def _granted(rights: Sequence[Right], columns: ThingColumns, values: _Values) -> list[str]:
    parts: list[str] = []
    for cycle_id in dict.fromkeys(right.cycle_id for right in rights):
        within = _in_cycle(cycle_id, columns, values)
        if within is None:
            continue
        mine = [right for right in rights if right.cycle_id == cycle_id]
        for reached in _reaches(mine, columns, values):
            parts.append(f"({reached}{within})" if within else reached)
    return parts


def _reaches(rights: Sequence[Right], columns: ThingColumns, values: _Values) -> list[str]:
    if any(right.reach == "all" for right in rights):
        return ["1 = 1"]
    parts: list[str] = []
    own = dict.fromkeys(right.unit_id for right in rights if right.reach == "unit")
    if own and columns.unit:
        parts.append(f"{columns.unit} in ({', '.join(values.mark(unit) for unit in own)})")
    for top in dict.fromkeys(right.unit_id for right in rights if right.reach == "below"):
        if columns.unit:
            parts.append(f"{columns.unit} in ({_below(values.mark(top))})")
    for assessor in dict.fromkeys(right.assessor_id for right in rights if right.reach == "assessor"):
        parts += _of_assessor(values.mark(assessor), columns)
    return parts


def _below(mark: str) -> str:
    return (
        f"with recursive under_it (id) as (select cast({mark} as varchar(36)) union "  # noqa: S608
        "select u_.id from unit u_ join under_it on u_.parent_id = under_it.id) select id from under_it"
    )


def _of_assessor(mark: str, columns: ThingColumns) -> list[str]:
    parts = [f"{columns.unit} = {mark}"] if columns.unit else []
    if columns.assessor:
        parts.append(f"{columns.assessor} = {mark}")
    elif columns.unit:
        units = f"select u_.id from unit u_ where u_.assessor_id = {mark}"  # noqa: S608
        parts.append(f"{columns.unit} in ({units})")
    return parts


def _in_cycle(cycle_id: str | None, columns: ThingColumns, values: _Values) -> str | None:
    """The further condition for a right of one cycle; None when such a right can never count here."""
    if cycle_id is None:
        return ""
    return f" and {columns.cycle} = {values.mark(cycle_id)}" if columns.cycle else None
