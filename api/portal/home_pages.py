"""公众首页: what lies open now, and the ways to say something; without a log-in."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from processes.feedback.results import newest_notice, read_notice, takes_objections
from processes.innovation.publicity import open_publicity
from processes.monitoring.queries import public_bulletins
from processes.planning.queries import open_consultation
from processes.rectification.saying import listening
from processes.rectification.showing import promises

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Open:
    """One thing that everybody may look at now, with a sentence on what can be done there."""

    href: str
    icon: str
    title: str
    text: str


@router.get("/public")
def show_home(request: Request, house: House = Depends(house_of)) -> Response:
    """What lies open, and the ways to say something."""
    with house.database.read() as connection:
        things = [*_open_now(connection, house), *_always(connection, house)]
        bulletins = public_bulletins(connection)
    return page(request, "portal/home.html", things=things, bulletins=bulletins)


def _open_now(connection: Connection, house: House) -> Iterator[Open]:
    consultation = open_consultation(connection, today=house.today)
    if consultation is not None:
        until = _("年度目标正在征求意见，到 {day} 为止。").format(day=consultation["closes_on"])
        yield Open("/public/consultations", "target-arrow", _("目标公示"), until)
    publicity = open_publicity(connection, None, today=house.today)
    if publicity is not None:
        until = _("获奖名单公示到 {day}，可以提异议。").format(day=publicity["closes_on"])
        yield Open("/public/innovation", "flag", _("创新创优获奖名单"), until)
    notice_id = newest_notice(connection)
    notice = read_notice(connection, notice_id) if notice_id else None
    if notice is not None:
        told = _("{year} 年度的评定结果。").format(year=notice["year"])
        if takes_objections(notice, today=house.today):
            told = _("{year} 年度的评定结果，公示到 {day}，可以提意见。").format(
                year=notice["year"], day=notice["closes_on"]
            )
        yield Open("/public/results", "checks", _("评定结果"), told)


def _always(connection: Connection, house: House) -> Iterator[Open]:
    if listening(connection, house.today):
        yield Open("/public/say", "message", _("说一说"), _("说说某个单位的工作、城市里的问题。"))
        yield Open("/public/follow", "search", _("查进展"), _("凭查询码看办到了哪一步，评价解决了没有。"))
    many = len(promises(connection))
    told = _("还没有公示的承诺。")
    if many:
        told = _("各单位的整改承诺、进展和满意率，共 {n} 项。").format(n=many)
    yield Open("/public/promises", "refresh", _("整改承诺"), told)
    yield Open("/public/survey", "list-check", _("满意度调查"), _("收到答题码的，在这里不记名作答。"))
