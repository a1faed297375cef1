"""People: accounts, posts held, and the import. Secrets are told once and stored nowhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile
from starlette.responses import Response

from api.house import House, house_of
from api.people import accounts
from api.people.allowed import require
from api.people.importing import EXCEL, import_file
from api.people.looking import people_seen, person_seen
from api.rest import people_shapes, shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.people.sheets import write_template
from engine.people.users import NewUser

router: APIRouter = group("人员 people")


@router.get("/people", summary="人员，按拼音")
def list_people(
    search: Annotated[str, Query(max_length=60, description="姓名、登录名、单位或拼音首字母")] = "",
    after: Annotated[str, Query(max_length=300, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[people_shapes.PersonLine]:
    """The people whom the page 人员 shows to the caller, a page at a time."""
    lines, following = people_seen(house, person, search=search, after=after, limit=limit)
    return shapes.Listed[people_shapes.PersonLine](
        items=[people_shapes.PersonLine.model_validate(line, from_attributes=True) for line in lines],
        next=following or None,
    )


@router.post("/people", summary="新建帐号，并任第一个岗位", status_code=201)
def open_account(
    sent: people_shapes.NewAccount, person: Person = Depends(caller), house: House = Depends(house_of)
) -> people_shapes.MadeAccount:
    """Open an account on a post; 422 when the log-in is taken. Not to be sent twice."""
    wanted = accounts.Account(
        login=sent.login,
        name=sent.name,
        unit_id=sent.unit_id,
        post_key=sent.post,
        phone=sent.phone,
        email=sent.email,
    )
    return _made(accounts.open_account(house, person, wanted))


@router.get("/people/import/template.xlsx", summary="导入用的模板", response_class=Response)
def template(person: Person = Depends(caller)) -> Response:
    """The Excel template with its explanations."""
    require(person, "manage_people")
    return Response(write_template(), media_type=EXCEL)


@router.post("/people/import", summary="从 Excel 导入单位和人员")
def import_people(
    file: UploadFile, person: Person = Depends(caller), house: House = Depends(house_of)
) -> people_shapes.Imported:
    """All of the file or nothing: 422 names every wrong cell as `工作表.行.列`. May be sent again."""
    done = import_file(house, person, file)
    return people_shapes.Imported(
        units_added=done.units_added,
        units_changed=done.units_changed,
        people_added=[_made(one) for one in done.people_added],
        people_changed=done.people_changed,
        appointments=done.appointments,
    )


@router.get("/people/{user_id}", summary="一个人：帐号和任职")
def show_person(
    user_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> people_shapes.Account:
    """The account with every post ever held."""
    return _account(house, person, user_id)


@router.patch("/people/{user_id}", summary="改姓名、电话、邮箱")
def change_person(
    user_id: str,
    sent: people_shapes.AccountChange,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> people_shapes.Account:
    """Change what is given."""
    accounts.change_account(house, person, user_id, name=sent.name, phone=sent.phone, email=sent.email)
    return _account(house, person, user_id)


@router.post("/people/{user_id}/reset", summary="重置密码")
def reset(
    user_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> people_shapes.OneTimePassword:
    """A one-time password; the person is logged out everywhere and every token is revoked."""
    return people_shapes.OneTimePassword(one_time_password=accounts.reset_account(house, person, user_id))


@router.put("/people/{user_id}/active", summary="停用或启用帐号")
def switch(
    user_id: str,
    sent: people_shapes.Activity,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> people_shapes.Account:
    """An inactive account is logged out everywhere; what the person had claimed goes back to the post."""
    accounts.switch_account(house, person, user_id, active=sent.active)
    return _account(house, person, user_id)


@router.post("/people/{user_id}/posts", summary="任命", status_code=201)
def appoint(
    user_id: str,
    sent: people_shapes.NewPost,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> people_shapes.PostHeld:
    """Put the person on a post; administrators' posts are the security administrator's to fill."""
    seat = accounts.Seat(sent.unit_id, sent.post, sent.from_on, sent.until_on)
    made = accounts.put_on_post(house, person, user_id, seat)
    return next(held for held in _account(house, person, user_id).posts if held.id == made.id)


@router.post("/people/{user_id}/posts/{membership_id}/end", summary="免去", status_code=204)
def end_post(
    user_id: str, membership_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> None:
    """Today is the last day on the post; one that never began is removed."""
    accounts.take_off_post(house, person, user_id, membership_id)


def _made(new: NewUser) -> people_shapes.MadeAccount:
    return people_shapes.MadeAccount.model_validate(new, from_attributes=True)


def _account(house: House, person: Person, user_id: str) -> people_shapes.Account:
    seen = person_seen(house, person, user_id)
    user = seen.user
    return people_shapes.Account(
        id=user.id,
        login=user.login,
        name=user.name,
        phone=user.phone,
        email=user.email,
        active=user.active,
        must_change_password=user.must_change_password,
        created_at=user.created_at,
        posts=[
            people_shapes.PostHeld(
                id=seat["id"],
                unit_id=seat["home_id"],
                unit=seat["unit"],
                post=seat["post_key"],
                post_name=seat["post"],
                from_on=seat["from_on"],
                until_on=seat["until_on"],
                primary=bool(seat["is_primary"]),
            )
            for seat in seen.seats
        ],
    )
