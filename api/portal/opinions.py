"""说一说: what the open pages and their REST calls do with opinions, codes, verdicts and comments.

Neither address nor device is kept; how often one address may speak or guess is counted for an hour.
"""

from fastapi import Request
from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.portal.rates import Limit
from processes.rectification import saying
from processes.rectification.following import Followed
from processes.rectification.showing import promise
from processes.rectification.speaking import comment_and_tell, complain_and_tell, judge_and_tell, say_and_tell


def take(request: Request, house: House, cycle_id: str, said: saying.Said) -> saying.Taken:
    """Take an opinion; its process starts. Raises Trouble(404, 429), SayingRefused."""
    _require_listening(house, cycle_id)
    _admit(request, request.app.state.comment_limit)
    with house.database.write() as connection:
        return say_and_tell(house.engine, connection, cycle_id, said)


def take_complaint(request: Request, house: House, cycle_id: str, text: str) -> saying.Taken:
    """Take a complaint about the assessment itself: for supervision alone. Raises as `take`."""
    _require_listening(house, cycle_id)
    _admit(request, request.app.state.comment_limit)
    with house.database.write() as connection:
        return complain_and_tell(house.engine, connection, cycle_id, text)


def look_up(request: Request, house: House, code: str) -> Followed:
    """What became of what was said under a code. Raises Trouble(404) for a wrong one, 429 after too many."""
    limit: Limit = request.app.state.code_limit
    if limit.is_spent(_address(request)):
        raise _too_many()
    with house.database.read() as connection:
        found = saying.by_code(connection, code)
    if found is None:
        limit.admits(_address(request))
        raise unknown_code()
    return found


def judge(request: Request, house: House, code: str, *, solved: bool, text: str) -> None:
    """A verdict by who holds the code; the diagram hears when all is said. Raises Trouble(404, 409, 429)."""
    look_up(request, house, code)
    with house.database.write() as connection:
        try:
            judged = judge_and_tell(house.engine, connection, code, solved=solved, text=text)
        except saying.SayingRefused as refused:
            raise Trouble(409, "not_now", f"{refused}。") from None
        if judged is None:
            raise unknown_code()


def comment(request: Request, house: House, issue_id: str, text: str) -> str:
    """A comment on a promise; its id. Raises Trouble(404, 429), SayingRefused."""
    with house.database.read() as connection:
        _require_public(connection, issue_id)
    _admit(request, request.app.state.comment_limit)
    with house.database.write() as connection:
        try:
            return comment_and_tell(house.engine, connection, issue_id, text)
        except LookupError:
            raise Trouble(404, "not_found") from None


def unknown_code() -> Trouble:
    """The same for every wrong code: nothing is revealed."""
    return Trouble(404, "code_unknown", _("没有这个查询码。请核对后再输入。"))


def _require_listening(house: House, cycle_id: str) -> None:
    with house.database.read() as connection:
        known = {row["cycle_id"] for row in saying.listening(connection, house.today)}
    if cycle_id not in known:
        raise Trouble(404, "not_found", _("这里现在不收意见。"))


def _require_public(connection: Connection, issue_id: str) -> None:
    if promise(connection, issue_id) is None:
        raise Trouble(404, "not_found")


def _admit(request: Request, limit: Limit) -> None:
    if not limit.admits(_address(request)):
        raise _too_many()


def _too_many() -> Trouble:
    return Trouble(429, "too_many", _("同一地点一小时内提交得太多，请过一会儿再试。"))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
