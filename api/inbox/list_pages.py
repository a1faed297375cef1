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
PLAIN = "plain"
"""The parameter that opens a list without the person's default filter."""


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
            choices = _choices(house, connection, person, asked)
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
        empty=_empty(asked.tab, counts),
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


def headings() -> dict[str, str]:
    """The lists and their names."""
    return {
        "mine": _("待办"),
        "claimable": _("待认领"),
        "done": _("已办"),
        "started": _("我发起"),
        "copies": _("抄送我"),
        "following": _("关注"),
    }


def column_words(tab: str, name: str) -> str:
    """The heading of a column in a list."""
    at = {"done": _("时间"), "started": _("发起"), "copies": _("送来"), "following": _("从何时起")}
    known = {
        "step": _("我做的") if tab == "done" else _("要做的"),
        "from": _("来自"),
        "due": _("期限"),
        "unit": _("单位"),
        "process": _("流程"),
        "year": _("年度"),
        "received": _("收到"),
        "state": _("现在"),
        "text": _("附言"),
        "at": at.get(tab, _("时间")),
    }
    return known[name]


def _default(saved: list[Filter], given: Mapping[str, str], asked: Asked) -> Filter | None:
    """The filter with which a list begins, when its address asks nothing else."""
    if set(given) - {"tab", "said"}:
        return None
    return next((one for one in saved if one.is_default and one.tab == asked.tab), None)


def _choices(house: House, connection: Connection, person: Person, asked: Asked) -> dict[str, list[Choice]]:
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
        "process": _chosen(processes, wanted.process),
        "unit": _chosen(units, wanted.unit),
        "year": _chosen(years, str(wanted.year or "")),
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


def _chosen(names: Mapping[str, str], value: str) -> list[Choice]:
    known = {**names, value: value} if value and value not in names else names
    return [Choice(key, known[key], key == value) for key in sorted(known, key=lambda key: known[key])]


def _said(said: str) -> str:
    known = {"saved": _("筛选已保存。"), "deleted": _("筛选已删除。")}
    return known.get(said, "")


def _empty(tab: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    if tab == "mine" and counts.get("claimable"):
        advice = _("您的岗位上还有 {n} 项工作等人认领。").format(n=counts["claimable"])
        return ("inbox", _("待办都办完了"), advice, "/inbox?tab=claimable", _("去认领"))
    known = {
        "mine": ("inbox", _("待办都办完了"), _("有新的工作送到您的岗位时，会出现在这里，并发通知。")),
        "claimable": ("hand-stop", _("没有等人认领的工作"), _("需要一个人先认下的工作，会出现在这里。")),
        "done": ("clipboard-check", _("还没有办过的工作"), _("您办理过的每一步都会留在这里，可以随时回看。")),
        "started": ("send", _("您没有发起过流程"), _("由您发起的流程会列在这里，可以看到办到了哪一步。")),
        "copies": ("mail", _("还没有抄送给您的"), _("别人抄送给您的事项会列在这里，只需阅读，不用办理。")),
        "following": ("eye", _("您没有关注的事项"), _("打开一个事项的办理过程，点“关注”，进展就会通知您。")),
    }  # fmt: skip
    return known[tab]
