"""The inbox: 待办, 待认领, 已办, 我发起, 抄送我, 关注."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.asked import COLUMNS, FLAGS, OPEN, Asked, asked_of
from api.inbox.lines import read_lines
from api.inbox.list_words import column_words, empty_words, headings, summary
from api.inbox.narrowed import names_of
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person
from engine.work import inbox
from engine.work.inbox import BadCursor
from engine.work.saved_filters import Filter, filters_of

router = APIRouter(include_in_schema=False)

_LIMIT = 50
PANEL = "panel"
"""The parameter that opens the panel of filters, orders and columns; only then it is asked what there is."""


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen in the panel of a list."""

    value: str
    label: str
    chosen: bool


@router.get("/")
def front() -> Response:
    """The front door leads to the inbox."""
    return RedirectResponse("/inbox", status_code=303)


@router.get("/inbox")
def show_inbox(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """One list of work, a page at a time: filtered, ordered, with the columns that its address asks for."""
    given = given_in(request)
    asked = asked_of(given, today=house.today)
    try:
        with house.database.read() as connection:
            saved = filters_of(connection, person)
            default = _default(saved, given, asked)
            if default is not None:
                asked = asked_of({"tab": default.tab, **default.asked}, today=house.today)
            lines = read_lines(house, connection, person, asked, limit=_LIMIT)
            counts = inbox.counts(connection, person)
            names = names_of(house, connection, asked.wanted)
            choices = _choices(house, connection, person, asked, names) if given.get(PANEL) else None
    except BadCursor:
        raise Trouble(404, "not_found") from None
    return page(
        request,
        "inbox/list.html",
        asked=asked,
        tab=asked.tab,
        headings=headings(),
        counts=counts,
        columns=[(name, column_words(asked.tab, name)) for name in asked.columns],
        lines=lines,
        choices=choices,
        filters=[one for one in saved if one.tab == asked.tab],
        default=default,
        most=inbox.MOST_COUNTED,
        summary=summary(asked, names) if asked.wanted.narrowed or asked.wanted.sort != "due" else "",
        empty=empty_words(asked.tab, counts),
        said=_said(given.get("said", "")),
    )


@router.get("/inbox/keys")
def show_keys(request: Request, _person: Person = Depends(signed_in)) -> Response:
    """What the keyboard does in lists and on tasks, as a page."""
    return page(request, "inbox/keys.html")


def given_in(request: Request) -> dict[str, str]:
    """The parameters of an address; boxes that were ticked one by one stand together."""
    query = request.query_params
    return {**query, "columns": ",".join(query.getlist("columns"))} if "columns" in query else dict(query)


def _default(saved: list[Filter], given: Mapping[str, str], asked: Asked) -> Filter | None:
    """The filter with which a list begins, when its address asks nothing else."""
    if set(given) - {"tab", "said"}:
        return None
    return next((one for one in saved if one.is_default and one.tab == asked.tab), None)


def _choices(
    house: House, connection: Connection, person: Person, asked: Asked, names: Mapping[str, str]
) -> dict[str, list[Choice]]:
    """What the list can be narrowed to, its orders and its columns; what is chosen stays choosable."""
    tab, wanted = asked.tab, asked.wanted
    if tab in OPEN:
        subjects = inbox.subjects_of_open(connection, person, "mine" if tab == "mine" else "claimable")
    else:
        subjects = inbox.subjects_of_past(connection, person, tab)
    naming = Naming(house.engine.definitions, connection)
    processes = {one.process_key: naming.process(one.definition_version_id) for one in subjects}
    units = {one.subject_unit_id: one.subject_name for one in subjects if one.subject_unit_id}
    years = {str(one.year): str(one.year) for one in subjects if one.year}
    flags = {"returned": _("被退回"), "urged": _("被催办"), "unread": _("未读")}
    found = {
        "process": _chosen(processes, wanted.process, names),
        "unit": _chosen(units, wanted.unit, names),
        "year": _chosen(years, str(wanted.year or ""), {}),
        "flags": [Choice(name, flags[name], getattr(wanted, name)) for name in FLAGS.get(tab, ())],
        "due": [],
        "sort": [],
        "columns": [Choice(name, column_words(tab, name), name in asked.columns) for name in COLUMNS[tab]],
    }
    if tab in OPEN:
        due = {"late": _("已逾期"), "today": _("今天到期"), "week": _("七天内到期"), "none": _("无期限")}
        orders = {"due": _("先急后缓"), "new": _("最新收到"), "unit": _("按单位"), "process": _("按流程")}
        found["due"] = [Choice(value, label, value == wanted.due) for value, label in due.items()]
        found["sort"] = [Choice(value, label, value == wanted.sort) for value, label in orders.items()]
    return found


def _chosen(offered: Mapping[str, str], value: str, names: Mapping[str, str]) -> list[Choice]:
    known = {**offered, value: names.get(value, value)} if value and value not in offered else offered
    return [Choice(key, known[key], key == value) for key in sorted(known, key=lambda key: known[key])]


def _said(said: str) -> str:
    known = {
        "saved": _("筛选已保存。"), "deleted": _("筛选已删除。"),
        "hand_over": _("已转办，以后由对方负责；您仍然可以查看。"),
        "unclaim": _("已退还给岗位，由同岗位的人认领。"),
    }  # fmt: skip
    return known.get(said, "")
