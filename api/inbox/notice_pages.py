"""通知: what a person should know, newest first."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person
from engine.store import Row
from engine.work.notices import mark_read, notices_of

router = APIRouter(prefix="/notifications", include_in_schema=False)


@dataclass(frozen=True)
class NoticeLine:
    """One notice as a sentence, with where it leads."""

    sentence: str
    href: str
    at: datetime
    unread: bool


@router.get("")
def list_notices(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The newest notices."""
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        lines = [notice_line(row, naming) for row in notices_of(connection, person)]
    return page(request, "inbox/notices.html", lines=lines)


@router.post("/read")
def read_all(person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """Mark all of one's notices read."""
    with house.database.write() as connection:
        mark_read(connection, person, at=house.engine.clock.now())
    return RedirectResponse("/notifications", status_code=303)


def notice_line(row: Row, naming: Naming) -> NoticeLine:
    """The sentence of a notice by its kind."""
    params = row["params_json"]
    about = str(params.get("subject", ""))
    version, element = params.get("version"), params.get("element")
    step = naming.step(version, element) if version and element else ""
    what = f"{step} · {about}" if step and about else step or about
    who = str(params.get("by") or params.get("person") or "")
    sentences = {
        "remind": _("快到期了：{what}").format(what=what),
        "escalate": _("已逾期，请督促：{what}").format(what=what),
        "urge": _("{who} 催办：{what}").format(who=who or _("绩效办"), what=what),
        "returned": _("{who} 退回了：{what}").format(who=who, what=what),
        "vacant": str(params.get("notice", "")) or _("岗位空缺，工作已转交：{what}").format(what=what),
    }
    sentence = sentences.get(row["kind"]) or str(params.get("text") or what or row["kind"])
    reason = str(params.get("reason", ""))
    if reason:
        sentence = f"{sentence}({reason})"
    if row["item_id"]:
        href = f"/tasks/{row['item_id']}"
    else:
        href = f"/instances/{row['instance_id']}" if row["instance_id"] else ""
    return NoticeLine(sentence, href, row["created_at"], row["read_at"] is None)
