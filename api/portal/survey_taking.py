"""满意度调查 for those who answer: a code, a sheet, thanks; the same for the open page and REST.

The code and the answers travel in bodies only: addresses are logged. How many wrong codes an address may
try is counted for an hour, and nothing else about the visitor is kept.
"""

from collections.abc import Mapping, Sequence

from fastapi import Request

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from processes.evaluation.survey.answering import Questionnaire, SheetRefused, hand_in, questionnaire

STATUS = {"unknown": 404, "used": 409, "closed": 409, "early": 409}
"""What a refusal is to a program; anything else is 422."""


def open_questionnaire(request: Request, house: House, code: str) -> Questionnaire:
    """The questionnaire of a code. Raises SheetRefused; Trouble(429) after too many wrong codes."""
    _require_patience(request)
    with house.database.read() as connection:
        try:
            return questionnaire(connection, code, today=house.today)
        except SheetRefused as refused:
            _note_wrong(request, refused)
            raise


def take_sheet(
    request: Request,
    house: House,
    code: str,
    *,
    secret: str,
    marks: Mapping[str, str],
    opinions: Sequence[tuple[str, str]],
) -> None:
    """Take a sheet. Raises SheetRefused; Trouble(429) after too many wrong codes."""
    _require_patience(request)
    try:
        hand_in(house.database, code, secret=secret, marks=marks, opinions=opinions, today=house.today)
    except SheetRefused as refused:
        _note_wrong(request, refused)
        raise


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _require_patience(request: Request) -> None:
    if request.app.state.code_limit.is_spent(_address(request)):
        raise Trouble(429, "too_many", _("同一地点一小时内输错的答题码太多，请过一会儿再试。"))


def _note_wrong(request: Request, refused: SheetRefused) -> None:
    if refused.code == "unknown":
        request.app.state.code_limit.admits(_address(request))
