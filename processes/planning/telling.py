"""告知: notices to posts of units. Who is told, about which units and in what words stands in the diagram."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from engine.people.posts import PostReference, parse_reference
from engine.work.bindings import ServiceCall, Value
from engine.work.notices import Notice, notify
from engine.work.placing import heard
from processes.cycle.reading import cycle_of
from processes.planning.steps import PLANS, UNITS

_PLACE = re.compile(r"\{(\w+)\}")


class NoticeUnreadable(Exception):
    """A notice's text in the diagram names a place that nothing fills."""

    def __init__(self, place: str, known: Sequence[str]) -> None:
        super().__init__(f"通知文字中的 {{{place}}} 没有内容，可以写：{'、'.join(known)}。请在流程图中改正。")
        self.place = place


def tell(call: ServiceCall, **facts: Value) -> list[str]:
    """Tell the posts that the call's inputs name; the names of the units that were told.

    Inputs: `posts` (list of post references), `notice` (the kind), `text` (its words, with {unit}, {year} and
    `facts` as places), and optionally `facts` (further places as a context) and `states`: only units whose
    plan is in one of these are told.
    Raises: NoticeUnreadable, PeopleRefused for what is no post reference.
    """
    given = call.inputs.get("facts")
    facts = {**(given if isinstance(given, Mapping) else {}), **facts}
    posts = _posts(call, "posts")
    names = _names(call, posts)
    notices = [
        _notice(call, post, kind="notice", text="text", facts={"unit": names[post.unit_id], **facts})
        for post in posts
        if post.unit_id in names
    ]
    if notices:
        notify(call.connection, heard(call.connection, notices, on=call.today), at=call.at)
    return list(names.values())


def tell_units(call: ServiceCall) -> dict[str, Value]:
    """告知单位: posts of units are told; and, if the diagram wishes, other posts get the list of these units.

    Inputs: those of `tell`; `listPosts`, `listNotice` and `listText` (places {year}, {count}, {units}).
    """
    units = tell(call)
    facts = {"units": units, "count": len(units)}
    notices = [
        _notice(call, post, kind="listNotice", text="listText", facts=facts)
        for post in _posts(call, "listPosts")
    ]
    if units and notices:
        notify(call.connection, heard(call.connection, notices, on=call.today), at=call.at)
    return {"toldUnits": len(units)}


def _posts(call: ServiceCall, name: str) -> list[PostReference]:
    return [parse_reference(str(post)) for post in call.inputs.get(name) or []]


def _notice(
    call: ServiceCall, post: PostReference, *, kind: str, text: str, facts: Mapping[str, Value]
) -> Notice:
    filled = {"year": cycle_of(call.connection, call.cycle_id)["year"], **facts}
    return Notice(
        cycle_id=call.cycle_id,
        kind=str(call.inputs[kind]),
        params={**filled, "notice": worded(str(call.inputs[text]), filled)},
        unit_id=post.unit_id,
        post_key=post.post_key,
        instance_id=call.instance_id,
    )


def worded(text: str, facts: Mapping[str, Value]) -> str:
    """The words of a notice with its places filled in. Raises: NoticeUnreadable."""

    def fill(place: re.Match[str]) -> str:
        if place[1] not in facts:
            raise NoticeUnreadable(place[1], list(facts))
        given = facts[place[1]]
        return "、".join(given) if isinstance(given, list) else str(given)

    return _PLACE.sub(fill, text)


def _names(call: ServiceCall, posts: Sequence[PostReference]) -> dict[str, str]:
    """The names of the posts' units by id, in the order of their codes."""
    states = call.inputs.get("states")
    query = (
        select(UNITS.c.id, UNITS.c.name)
        .where(UNITS.c.id.in_({post.unit_id for post in posts}))
        .order_by(UNITS.c.code)
    )
    if states is not None:
        planned = (PLANS.c.cycle_id == call.cycle_id) & PLANS.c.state.in_(list(states))
        query = query.join(PLANS, PLANS.c.unit_id == UNITS.c.id).where(planned)
    return {row.id: row.name for row in call.connection.execute(query)}
