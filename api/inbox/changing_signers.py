"""加签 and 减签 from the task page: a name is looked up among the assessor's people, then the one door."""

from starlette.datastructures import FormData

from api.house import House
from api.language import gettext as _
from api.security.posted import number_of, text_of
from engine.people.persons import Person
from engine.people.search import Found, Kind, find
from engine.verbs import door
from engine.verbs.refusals import Invalid
from engine.verbs.showing.view import view
from engine.verbs.visit import Request as VerbRequest
from engine.work.bindings import FieldError

CHANGING = ("add_signer", "remove_signer")
_MOST_NAMED = 5
_PEOPLE: tuple[Kind, ...] = ("person",)


def change_signers(house: House, person: Person, item_id: str, verb: str, form: FormData) -> None:
    """Do the verb with what the page's small form says. Raises a `Refusal`."""
    target = text_of(form, "target")
    if verb == "add_signer":
        target = _the_one(house, person, item_id, text_of(form, "who"))
    asked = VerbRequest(version=number_of(form, "version"), opinion=text_of(form, "reason"), target=target)
    door.act(house.engine, person, item_id, verb, asked)


def _the_one(house: House, person: Person, item_id: str, said: str) -> str:
    """The id of the one person whose name or login was typed. Raises `Invalid` with who else it may be."""
    assessor_id = view(house.engine, person, item_id).item.assessor_id
    with house.database.read() as connection:
        found = find(connection, said, on=house.today, kinds=_PEOPLE, assessor_id=assessor_id)
    exact = [one for one in found if one.name == said.strip()]
    meant = exact or found
    if len(meant) == 1:
        return meant[0].id
    raise _unclear(meant, said)


def _unclear(meant: list[Found], said: str) -> Invalid:
    if not meant:
        message = _("没有找到“{name}”；请写姓名或登录名。").format(name=said)
    else:
        named = "、".join(f"{one.name}（{one.detail}）" for one in meant[:_MOST_NAMED])
        message = _("“{name}”可能是：{people}；请写登录名。").format(name=said, people=named)
    return Invalid(message, errors=(FieldError("who", "unclear_person", message),))
