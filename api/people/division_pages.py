"""处室: the part of a unit's page on its divisions and their people."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import shown_in
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people import divisions
from api.security.posted import is_sure, posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.refusals import NotAllowed, PeopleRefused

router = APIRouter(prefix="/units/{unit_id}/divisions", include_in_schema=False)

_SAID: dict[str, Callable[[], str]] = {
    "added": lambda: _("处室已建立；请任命人员，之后就能把目标分给它。"),
    "renamed": lambda: _("已改名；旧名称仍能找到它。"),
    "ended": lambda: _("处室已撤销，不再供分办选择；没有办完的工作转给主要负责人。"),
    "appointed": lambda: _("已任命，今天起即可办理该处室的工作。"),
    "taken_off": lambda: _("任职到今天为止。"),
}


@router.get("")
def show(
    request: Request,
    unit_id: str,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The divisions of a unit, their people, and forms for who may change them."""
    return _page(request, house, person, unit_id, said=_SAID[said]() if said in _SAID else "")


@router.post("")
def add(
    request: Request,
    unit_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Add a division."""
    name = text_of(form, "name")
    return _do(request, house, person, unit_id, "added", lambda: divisions.add(house, person, unit_id, name))


@router.post("/{division_id}")
def rename(
    request: Request,
    unit_id: str,
    division_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Give a division another name."""
    name = text_of(form, "name")
    return _do(
        request, house, person, unit_id, "renamed",
        lambda: divisions.rename(house, person, unit_id, division_id, name, shown=shown_in(form)),
    )  # fmt: skip


@router.post("/{division_id}/end")
def end(
    request: Request,
    unit_id: str,
    division_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """撤销: from today the division is no more. The box beside the button must be ticked."""
    if not is_sure(form):
        refusal = _("还没有撤销：请先勾选按钮上方的确认。")
        return _page(request, house, person, unit_id, refusal=refusal, status=422)
    return _do(
        request, house, person, unit_id, "ended",
        lambda: divisions.end(house, person, unit_id, division_id),
    )  # fmt: skip


@router.post("/{division_id}/people")
def put(
    request: Request,
    unit_id: str,
    division_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """任命: put somebody of the unit into a division."""
    user_id = text_of(form, "user_id")
    return _do(
        request, house, person, unit_id, "appointed",
        lambda: divisions.put(house, person, unit_id, division_id, user_id),
    )  # fmt: skip


@router.post("/{division_id}/people/{membership_id}/end")
def take_off(
    request: Request,
    unit_id: str,
    division_id: str,
    membership_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """免去: today is the last day in the division."""
    return _do(
        request, house, person, unit_id, "taken_off",
        lambda: divisions.take_off(house, person, unit_id, division_id, membership_id),
    )  # fmt: skip


def _do(
    request: Request,
    house: House,
    person: Person,
    unit_id: str,
    said: str,
    change: Callable[[], object],
) -> Response:
    try:
        change()
    except NotAllowed:
        raise
    except PeopleRefused as refused:
        refusal = refused.message + refused.hint
        return _page(request, house, person, unit_id, refusal=refusal, status=422)
    return RedirectResponse(f"/units/{unit_id}/divisions?said={said}", status_code=303)


def _page(
    request: Request,
    house: House,
    person: Person,
    unit_id: str,
    *,
    said: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response:
    seen = divisions.divisions_seen(house, person, unit_id)
    return page(
        request,
        "units/divisions.html",
        status=status,
        unit=seen.unit,
        divisions=[one for one in seen.divisions if not _ended(one.valid_until_on, house)],
        ended=[one for one in seen.divisions if _ended(one.valid_until_on, house)],
        staff=seen.staff,
        sees_targets=seen.sees_targets,
        sees_unit=seen.sees_unit,
        people=seen.people,
        may_change=seen.may_change,
        said=said,
        refusal=refusal,
    )


def _ended(until_on: object, house: House) -> bool:
    return until_on is not None and str(until_on) < house.today.isoformat()
