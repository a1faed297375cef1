"""满意度调查: enter a code, answer, done. Works on a phone and without JavaScript; nobody logs in."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api.house import House, house_of
from api.pages import page
from api.portal.survey_taking import STATUS, open_questionnaire, take_sheet
from api.security.posted import posted, text_of
from processes.evaluation.ballots.proofs import new_sheet
from processes.evaluation.survey.answering import (
    LONGEST_OPINION,
    Questionnaire,
    SheetRefused,
    questionnaire,
)

router = APIRouter(prefix="/public/survey", include_in_schema=False)

MARK = "mark."
"""What comes before a unit's id in the name of its field."""
OPINIONS = 3
"""So many opinions fit on the page."""


@router.get("")
def show_entrance(request: Request) -> Response:
    """The page that asks for the code."""
    return _entrance(request)


@router.post("")
def open_sheet(
    request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)
) -> Response:
    """The questionnaire of a code. No redirect: the code must not stand in an address."""
    code = text_of(form, "code")
    try:
        asked = open_questionnaire(request, house, code)
    except SheetRefused as refused:
        return _entrance(request, code=code, refused=refused)
    return _sheet(request, asked, code=code, secret=new_sheet(), sent={})


@router.post("/answers")
def take_answers(
    request: Request, form: FormData = Depends(posted), house: House = Depends(house_of)
) -> Response:
    """Take the sheet; whatever is wrong comes back with everything kept."""
    code, secret = text_of(form, "code"), text_of(form, "sheet")
    sent = {name: str(value) for name, value in form.items()}
    marks = {name.removeprefix(MARK): mark for name, mark in sent.items() if name.startswith(MARK)}
    opinions = [
        (sent.get(f"about.{n}", ""), sent.get(f"opinion.{n}", "").replace("\r\n", "\n"))
        for n in range(OPINIONS)
    ]
    try:
        take_sheet(request, house, code, secret=secret, marks=marks, opinions=opinions)
    except SheetRefused as refused:
        if refused.code in STATUS:
            return _entrance(request, refused=refused)
        with house.database.read() as connection:
            asked = questionnaire(connection, code, today=house.today, sent=True)
        return _sheet(request, asked, code=code, secret=secret, sent=sent, refused=refused)
    return page(request, "survey/done.html")


def _entrance(request: Request, *, code: str = "", refused: SheetRefused | None = None) -> Response:
    return page(
        request,
        "survey/code.html",
        status=STATUS.get(refused.code, 422) if refused else 200,
        code=code,
        refusal=str(refused) if refused else "",
    )


def _sheet(
    request: Request,
    asked: Questionnaire,
    *,
    code: str,
    secret: str,
    sent: dict[str, str],
    refused: SheetRefused | None = None,
) -> Response:
    return page(
        request,
        "survey/sheet.html",
        status=422 if refused else 200,
        asked=asked,
        code=code,
        secret=secret,
        sent=sent,
        opinions=range(OPINIONS),
        longest=LONGEST_OPINION,
        refusal=str(refused) if refused else "",
        wrong=refused.field if refused else "",
    )
