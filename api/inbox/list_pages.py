"""The inbox: 待办, 待认领, 已办, 我发起."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from api.calendars import calendar_for
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.session import signed_in
from api.words import Due, due_words, verb_words
from engine.people.persons import Person
from engine.store import Row
from engine.work import inbox
from engine.work.inbox import BadCursor, InboxRow

router = APIRouter(include_in_schema=False)

URGENT = 70
"""From this priority on (of 100, as Camunda counts) a row is marked."""
_LIMIT = 50


@dataclass(frozen=True)
class ItemLine:
    """One open item as the list shows it."""

    item_id: str
    title: str
    step: str
    sender: str
    due: Due | None
    round: int
    returned: bool
    unread: bool
    urgent: bool
    created_at: datetime
    version: int
    standing_for: str


@dataclass(frozen=True)
class PastLine:
    """Something the person did or started."""

    href: str
    title: str
    at: datetime
    step: str = ""
    act: str = ""
    state: str = ""
    tone: str = ""


def headings() -> dict[str, str]:
    """The tabs and their names."""
    return {"mine": _("待办"), "claimable": _("待认领"), "done": _("已办"), "started": _("我发起")}


@router.get("/")
def front() -> Response:
    """The front door leads to the inbox."""
    return RedirectResponse("/inbox", status_code=303)


@router.get("/inbox")
def show_inbox(
    request: Request,
    tab: str = "mine",
    search: str = "",
    after: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One tab of the inbox, a page at a time."""
    names = headings()
    if tab not in names:
        raise Trouble(404, "not_found")
    search = search.strip()[:60]
    try:
        with house.database.read() as connection:
            lines, following = _LISTS[tab](house, connection, person, search, after or None)
            counts = inbox.counts(connection, person)
    except BadCursor:
        raise Trouble(404, "not_found") from None
    return page(
        request,
        "inbox/list.html",
        tab=tab,
        headings=names,
        counts=counts,
        search=search,
        rows=lines,
        after=following or "",
        empty=_empty(tab, counts),
        said="",
    )


def _open_list(
    which: str,
) -> Callable[[House, Connection, Person, str, str | None], tuple[list[ItemLine], str | None]]:
    def read(
        house: House, connection: Connection, person: Person, search: str, after: str | None
    ) -> tuple[list[ItemLine], str | None]:
        find = inbox.mine if which == "mine" else inbox.claimable
        found = find(connection, person, search=search, after=after, limit=_LIMIT)
        return item_lines(house, connection, person, found.items), found.next

    return read


def item_lines(house: House, connection: Connection, person: Person, rows: list[InboxRow]) -> list[ItemLine]:
    """Rows of open work in words."""
    naming = Naming(house.engine.definitions, connection)
    calendar = calendar_for(connection, person)
    return [
        ItemLine(
            item_id=row.item_id,
            title=naming.title(
                row.definition_version_id, year=row.year, subject=row.subject_name, matter=row.matter
            ),
            step=naming.step(row.definition_version_id, row.element_id),
            sender=row.from_name or _("系统"),
            due=due_words(row.due_on, today=house.today, working_days=calendar.working_days_between),
            round=row.round,
            returned=row.returned_from is not None,
            unread=row.opened_at is None,
            urgent=row.priority >= URGENT,
            created_at=row.created_at,
            version=row.lock_version,
            standing_for=row.standing_for,
        )
        for row in rows
    ]


def _done(
    house: House, connection: Connection, person: Person, search: str, after: str | None
) -> tuple[list[PastLine], str | None]:
    naming = Naming(house.engine.definitions, connection)
    found = inbox.done(connection, person, search=search, after=after, limit=_LIMIT)
    return [_done_line(row, naming) for row in found.items], found.next


def _done_line(row: Row, naming: Naming) -> PastLine:
    version, element = row["definition_version_id"], row["element_id"]
    outcome = row["outcome"] and naming.outcome(version, element, row["outcome"])
    act = verb_words(row["verb"])
    return PastLine(
        href=f"/tasks/{row['item_id']}",
        title=naming.title(version, year=row["year"], subject=row["subject_name"], matter=row["matter"]),
        step=naming.step(version, element),
        act=outcome if outcome and row["verb"] == "complete" else act,
        at=row["happened_at"],
    )


def _started(
    house: House, connection: Connection, person: Person, search: str, after: str | None
) -> tuple[list[PastLine], str | None]:
    naming = Naming(house.engine.definitions, connection)
    found = inbox.started(connection, person, after=after, limit=_LIMIT)
    lines = []
    for row in found.items:
        state, tone = status_words(row["status"])
        title = naming.title(
            row["definition_version_id"], year=row["year"], subject=row["subject_name"], matter=row["matter"]
        )
        lines.append(
            PastLine(
                href=f"/instances/{row['instance_id']}",
                title=title,
                at=row["started_at"],
                state=state,
                tone=tone,
            )
        )
    return lines, found.next


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


def _empty(tab: str, counts: dict[str, int]) -> tuple[str, ...]:
    if tab == "mine" and counts.get("claimable"):
        advice = _("您的岗位上还有 {n} 项工作等人认领。").format(n=counts["claimable"])
        return ("inbox", _("待办都办完了"), advice, "/inbox?tab=claimable", _("去认领"))
    known = {
        "mine": ("inbox", _("待办都办完了"), _("有新的工作送到您的岗位时，会出现在这里，并发通知。")),
        "claimable": ("hand-stop", _("没有等人认领的工作"), _("需要一个人先认下的工作，会出现在这里。")),
        "done": ("clipboard-check", _("还没有办过的工作"), _("您办理过的每一步都会留在这里，可以随时回看。")),
        "started": ("send", _("您没有发起过流程"), _("由您发起的流程会列在这里，可以看到办到了哪一步。")),
    }  # fmt: skip
    return known[tab]


_LISTS = {
    "mine": _open_list("mine"),
    "claimable": _open_list("claimable"),
    "done": _done,
    "started": _started,
}
