"""Lists of work in words: one line a row, whatever the list, for the page and the spreadsheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from api.deadlines import Due, reckoning
from api.house import House
from api.inbox.asked import OPEN, Asked
from api.language import gettext as _
from api.naming import Naming
from api.words import local_day, local_time, verb_words
from engine.people.persons import Person
from engine.work import inbox
from engine.work.inbox import InboxRow, Page, PastRow

READERS: Mapping[str, Callable[..., Page[PastRow]]] = {
    "done": inbox.done,
    "started": inbox.started,
    "copies": inbox.copied,
    "following": inbox.followed,
}


@dataclass(frozen=True)
class Line:
    """One row: `cells` are texts by column, a deadline is `due` besides; `marks` short words with a colour.

    `item_id` is an open task that can be chosen or claimed here, `state` a status with its colour,
    `now` the steps that it waits at.
    """

    href: str
    title: str
    cells: Mapping[str, str]
    unread: bool = False
    due: Due | None = None
    marks: tuple[tuple[str, str], ...] = ()
    state: tuple[str, str] = ("", "")
    now: str = ""
    round: int = 1
    received: str = ""
    item_id: str = ""
    version: int = 0


@dataclass(frozen=True)
class Lines:
    """A page of lines with the cursors beside it; `partial` as in `engine.work.inbox.Page`."""

    rows: list[Line] = field(default_factory=list)
    next: str | None = None
    previous: str | None = None
    partial: bool = False


def read_lines(house: House, connection: Connection, person: Person, asked: Asked, *, limit: int) -> Lines:
    """The page that `asked` means. Raises engine.work.inbox.BadCursor."""
    naming = Naming(house.engine.definitions, connection)
    turn = {"after": asked.after, "before": asked.before, "limit": limit}
    if asked.tab in OPEN:
        find = inbox.mine if asked.tab == "mine" else inbox.claimable
        found = find(connection, person, asked.wanted, after=asked.after, before=asked.before, limit=limit)
        rows = open_lines(house, connection, person, found.items)
        return Lines(rows, found.next, found.previous)
    past = READERS[asked.tab](connection, person, asked.wanted, **turn)
    show = {"done": _done, "copies": _copied}.get(asked.tab, _instance)
    now = standing(connection, naming, past.items) if "state" in asked.columns else {}
    rows = [_standing(show(row, naming), now.get(row.instance_id)) for row in past.items]
    return Lines(rows, past.next, past.previous, past.partial)


def standing(connection: Connection, naming: Naming, rows: Sequence[PastRow]) -> dict[str, list[str]]:
    """The names of the steps at which running instances wait for people, by the instance's id."""
    found = inbox.steps_now(connection, rows)
    return {one: [naming.step(version, step) for version, step in steps] for one, steps in found.items()}


def _standing(line: Line, steps: Sequence[str] | None) -> Line:
    if not steps:
        return line
    now = "、".join(dict.fromkeys(steps))
    state = _("{state}：{steps}").format(state=line.state[0], steps=now)
    return replace(line, now=now, cells={**line.cells, "state": state})


def open_lines(house: House, connection: Connection, person: Person, rows: list[InboxRow]) -> list[Line]:
    """Rows of open work in words."""
    naming = Naming(house.engine.definitions, connection)
    by = reckoning(house, connection, person)
    return [_open(row, naming, by.due(row.due_on)) for row in rows]


def _open(row: InboxRow, naming: Naming, due: Due | None) -> Line:
    version = row.definition_version_id
    return Line(
        href=f"/tasks/{row.item_id}",
        title=naming.title(version, year=row.year, subject=row.subject_name, matter=row.matter),
        cells={
            "step": naming.step(version, row.element_id),
            "from": row.from_name or _("系统"),
            "due": f"{due.on.isoformat()} {due.text}" if due else "",
            "unit": row.subject_name,
            "process": naming.process(version),
            "year": str(row.year or ""),
            "received": _received(row, local_time(row.received_at)),
        },
        unread=row.opened_at is None,
        due=due,
        marks=_marks(row),
        round=row.round,
        received=_received(row, local_day(row.received_at)),
        item_id=row.item_id,
        version=row.lock_version,
    )


def _received(row: InboxRow, moment: str) -> str:
    """When it came to the reader: not before they stood in for who has it (代理)."""
    since = row.standing_since.isoformat() if row.standing_since else ""
    return max(moment, since)


def _marks(row: InboxRow) -> tuple[tuple[str, str], ...]:
    known = (
        (bool(row.waits_for), _("等{names}先办").format(names=row.waits_for), "bg-secondary-lt"),
        (row.returned_from is not None, _("被退回"), "bg-red-lt"),
        (row.urged_at is not None, _("被催办"), "bg-orange-lt"),
        (bool(row.standing_for), _("代{name}").format(name=row.standing_for), "bg-azure-lt"),
        (row.urgent, _("优先"), "bg-orange-lt"),
    )
    return tuple((text, tone) for holds, text, tone in known if holds)


def _done(row: PastRow, naming: Naming) -> Line:
    version, element = row.definition_version_id, row.element_id
    outcome = row.outcome and naming.outcome(version, element, row.outcome)
    act = outcome if outcome and row.verb == "complete" else verb_words(row.verb)
    step = f"{naming.step(version, element)} · {act}"
    return _past(row, naming, href=f"/tasks/{row.item_id}", cells={"step": step})


def _copied(row: PastRow, naming: Naming) -> Line:
    cells = {"from": row.from_name, "text": (row.text or "")[:200]}
    return _past(row, naming, href=f"/instances/{row.instance_id}", cells=cells)


def _instance(row: PastRow, naming: Naming) -> Line:
    return _past(row, naming, href=f"/instances/{row.instance_id}", cells={})


def _past(row: PastRow, naming: Naming, *, href: str, cells: Mapping[str, str]) -> Line:
    version, state = row.definition_version_id, status_words(row.status)
    return Line(
        href=href,
        title=naming.title(version, year=row.year, subject=row.subject_name, matter=row.matter),
        cells={
            **cells,
            "at": local_time(row.happened_at),
            "state": state[0],
            "unit": row.subject_name,
            "process": naming.process(version),
            "year": str(row.year or ""),
        },
        unread=row.unread,
        state=state,
    )


def status_words(status: str) -> tuple[str, str]:
    """An instance's status in words, and the class that colours them."""
    known = {
        "running": (_("办理中"), "bg-blue-lt"),
        "completed": (_("已办结"), "bg-green-lt"),
        "terminated": (_("已终止"), "bg-secondary-lt"),
        "voided": (_("已作废"), "bg-secondary-lt"),
        "withdrawn": (_("已撤销"), "bg-secondary-lt"),
        "suspended": (_("已挂起"), "bg-orange-lt"),
    }
    return known.get(status, (status, "bg-secondary-lt"))
