"""Verbs upon an instance, each with a page that shows what it would lead to and asks for the reason."""

import re
from dataclasses import dataclass, replace

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.instance_pages import seen_instance
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.search import Kind, find
from engine.runtime.instances import reopening
from engine.runtime.steps.rows import read_instance
from engine.runtime.steps.step import Step, look_at
from engine.verbs import instance_door
from engine.verbs.effects import Effect
from engine.verbs.refusals import Closed, Invalid, NotAllowed, Refusal, Stale
from engine.verbs.registry import INSTANCE_VERBS
from engine.verbs.tokens.jumping import movable
from engine.verbs.visit import MOST_OPINION
from engine.verbs.visit import Request as VerbRequest
from engine.work.bindings import FieldError

router = APIRouter(include_in_schema=False)
_PEOPLE: tuple[Kind, ...] = ("person",)
_BETWEEN = re.compile(r"[、，,；;\s]+")
_MOST_NAMED = 5
_MARK = ">"
"""Between the token that is moved and the step it goes to."""


@dataclass(frozen=True)
class Way:
    """One place to which a verb may lead: what is sent for it, and what people read."""

    value: str
    label: str
    hint: str = ""


@router.get("/instances/{instance_id}/verbs/{verb}")
def show_verb(
    request: Request,
    instance_id: str,
    verb: str,
    where: str = "",
    item: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """What the verb would lead to (`where` it goes, which submission `item` was), and the form to do it."""
    asked = VerbRequest(target=item) if item else _toward(where)
    return _page(request, house, person, instance_id, verb, asked=asked)


@router.post("/instances/{instance_id}/verbs/{verb}")
def do_verb(
    request: Request,
    instance_id: str,
    verb: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Do it; what was typed is kept where it is refused."""
    _known(verb)
    where, item, who = text_of(form, "where"), text_of(form, "item"), text_of(form, "who", longest=1000)
    asked = VerbRequest(target=item) if item else _toward(where)
    version = number_of(form, "version") if "version" in form else 0
    asked = replace(asked, opinion=text_of(form, "reason", longest=2 * MOST_OPINION), version=version)
    try:
        asked = replace(asked, people=_people(house, person, instance_id, who) if who else ())
        instance_door.act_upon(house.engine, person, instance_id, verb, asked)
    except (Closed, Invalid, NotAllowed, Stale) as refusal:
        return _page(request, house, person, instance_id, verb, asked=asked, who=who, refusal=refusal)
    return RedirectResponse(f"/instances/{instance_id}?said={verb}", status_code=303)


def _toward(where: str) -> VerbRequest:
    token, _mark, target = where.rpartition(_MARK)
    return VerbRequest(token=token, target=target)


def _known(verb: str) -> None:
    if verb not in INSTANCE_VERBS:
        raise Trouble(404, "not_found")


def _page(
    request: Request,
    house: House,
    person: Person,
    instance_id: str,
    verb: str,
    *,
    asked: VerbRequest,
    who: str = "",
    refusal: Refusal | None = None,
) -> Response:
    _known(verb)
    with house.database.read() as connection:
        instance = seen_instance(connection, person, instance_id)
        naming = Naming(house.engine.definitions, connection)
        step = look_at(house.engine.setup, connection, read_instance(connection, instance_id))
        ways = _ways(step, verb)
        title = naming.title(
            instance["definition_version_id"],
            year=instance["year"],
            subject=instance["subject_name"],
            matter=instance["matter"],
        )
    effect, refused = _foreseen(
        house, person, instance_id, verb, replace(asked, version=0), wanted=not ways or bool(asked.target)
    )
    refused = refusal or refused
    if isinstance(refused, NotAllowed):
        ways = []
    return page(
        request,
        "task/upon.html",
        status=refused.status if refused else 200,
        title=title,
        instance_id=instance_id,
        verb=INSTANCE_VERBS[verb],
        version=instance["lock_version"],
        effect=effect,
        ways=ways,
        where=f"{asked.token}{_MARK}{asked.target}" if asked.token else asked.target,
        item=asked.target if verb == "take_back" else "",
        reason=asked.opinion,
        who=who,
        refusal=refused.message if refused else "",
        advice=refused.hint if refused else "",
        may=not isinstance(refused, NotAllowed),
        most=MOST_OPINION,
    )


def _foreseen(
    house: House, person: Person, instance_id: str, verb: str, asked: VerbRequest, *, wanted: bool
) -> tuple[Effect | None, Refusal | None]:
    """The effect, or why there is none: it cannot be done, or one has still to say what is meant."""
    wanted = wanted and (verb != "copy_to" or bool(asked.people))
    try:
        if wanted or not instance_door.possible(house.engine, person, instance_id, verb, asked):
            return instance_door.preview_upon(house.engine, person, instance_id, verb, asked), None
    except (Closed, Invalid, NotAllowed, Stale) as refusal:
        return None, refusal
    return None, None


def _ways(step: Step, verb: str) -> list[Way]:
    """Where the office may choose to go: each token's landings (跳转), one of the last steps (恢复办理)."""
    if verb == "jump":
        return [
            Way(
                f"{one.token}{_MARK}{land.element_id}",
                _("从“{here}”移到“{there}”").format(here=one.name, there=land.name),
                _("整个并行块重新打开") if land.whole_block else _("往前") if land.forward else _("往回"),
            )
            for one in movable(step)
            for land in one.landings
        ]
    if verb == "reopen":
        steps = reopening.last_steps(step)
        return [Way(one, step.version.element(one).name or one) for one in steps] if len(steps) > 1 else []
    return []


def _people(house: House, person: Person, instance_id: str, said: str) -> tuple[str, ...]:
    """The people whose names or logins were typed. Raises `Invalid` with who else one may be."""
    with house.database.read() as connection:
        assessor_id = seen_instance(connection, person, instance_id)["assessor_id"]
        names = [one for one in _BETWEEN.split(said.strip()) if one]
        found = []
        for name in names:
            near = find(connection, name, on=house.today, kinds=_PEOPLE, assessor_id=assessor_id)
            meant = [one for one in near if one.name == name] or near
            if len(meant) != 1:
                raise _unclear(name, [f"{one.name}（{one.detail}）" for one in meant[:_MOST_NAMED]])
            found.append(meant[0].id)
    return tuple(found)


def _unclear(name: str, near: list[str]) -> Invalid:
    if near:
        people = "、".join(near)
        message = _("“{name}”可能是：{people}；请写登录名。").format(name=name, people=people)
    else:
        message = _("没有找到“{name}”；请写姓名或登录名。").format(name=name)
    return Invalid(message, errors=(FieldError("who", "unclear_person", message),))
