"""People as somebody types them on a page: names or logins, several with 、 between."""

import re

from api.house import House
from api.language import gettext as _
from engine.people.queries import QUERIES as PEOPLE
from engine.people.search import Found, Kind, find
from engine.verbs.refusals import Invalid
from engine.work.bindings import FieldError

_PEOPLE: tuple[Kind, ...] = ("person",)
_BETWEEN = re.compile(r"[、，,；;\s]+")
_MOST_NAMED = 5


def people_typed(house: House, said: str, *, assessor_id: str | None) -> tuple[Found, ...]:
    """The people whose names or logins were typed. Raises `Invalid` with who else one may be."""
    with house.database.read() as connection:
        found = []
        for name in dict.fromkeys(one for one in _BETWEEN.split(said.strip()) if one):
            near = find(connection, name, on=house.today, kinds=_PEOPLE, assessor_id=assessor_id)
            meant = [one for one in near if one.name == name] or near
            if len(meant) > 1 and (account := PEOPLE.row(connection, "credentials", login=name)):
                meant = [one for one in meant if one.id == account["id"]] or meant
            if len(meant) != 1:
                raise _unclear(meant, name)
            found.append(meant[0])
    if not found:
        message = _("请写姓名或登录名，多人用顿号隔开。")
        raise Invalid(message, errors=(FieldError("who", "required", message),))
    return tuple(found)


def _unclear(meant: list[Found], said: str) -> Invalid:
    if not meant:
        message = _("没有找到“{name}”；请写姓名或登录名。").format(name=said)
    else:
        named = "、".join(f"{one.name}（{one.detail}）" for one in meant[:_MOST_NAMED])
        message = _("“{name}”可能是：{people}；请写登录名。").format(name=said, people=named)
    return Invalid(message, errors=(FieldError("who", "unclear_person", message),))
