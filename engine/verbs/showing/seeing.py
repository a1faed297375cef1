"""Whether a person sees an open item and may do a verb with it; what is possible when this verb is not."""

from collections.abc import Mapping

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.people.rights import may
from engine.verbs.others.separation import because
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible, Refusal, Stale
from engine.verbs.showing.lateness import why_changed, why_closed
from engine.verbs.verb import Verb
from engine.verbs.visit import Request, Visit, thing_of
from engine.work import history
from engine.work.items import Item, read_item


def open_item(connection: Connection, person: Person, item_id: str) -> Item:
    """The open item, if the person may see it. Raises `Closed` with who did it, or `NotVisible`."""
    return seen(connection, person, item_id, read_item(connection, item_id))


def seen(connection: Connection, person: Person, item_id: str, item: Item | None) -> Item:
    """As `open_item`, of an item that was read."""
    if item is None:
        raise _closed_or_invisible(connection, person, item_id)
    if not may(person, "see_item", thing_of(item)) and not history.may_see(
        connection, person, item.instance_id
    ):
        raise NotVisible
    return item


def allow(person: Person, item: Item, verb: Verb) -> None:
    """Raises `NotAllowed` when the person sees the item but may not do this."""
    if not verb.allows(person, item):
        raise NotAllowed(f"您可以查看这项任务，但不能“{verb.name}”：它由其他岗位或人员办理。")


def check_version(connection: Connection, item: Item, request: Request) -> None:
    """Before the rights: who was slower is told by whom, not that the task belongs to others."""
    if request.version != item.lock_version:
        raise Stale(why_changed(connection, item), hint="您填写的内容已保留。")


def possible(visit: Visit, verbs: Mapping[str, Verb]) -> list[Verb]:
    """What this person may do with the item now, as the step was drawn and as it stands.

    Separation of duties (`because`) is asked by who shows it.
    """
    item = visit.item
    fitting = [verb for verb in verbs.values() if not unfit(item, verb) and verb.allows(visit.person, item)]
    return [verb for verb in fitting if verb.offered(visit)]


def check_fit(item: Item, verb: Verb) -> None:
    """Raises `NotAllowed` for what cannot be done while the task waits for others, or by who was asked."""
    if why := unfit(item, verb):
        raise NotAllowed(why)


def unfit(item: Item, verb: Verb) -> str:
    """Why the verb does not go with an item that waits, or on which somebody was asked; "" when it does."""
    free = verb.while_waiting if item.waits_for else verb.when_asked
    return "" if free else busy(item, verb.name)


def busy(item: Item, name: str) -> str:
    """Why who has the item does not `name` it now: it waits for others, or is another's who asked; or ""."""
    if item.waits_for:
        return f"已请{item.waits_for}先办，办完以后这项任务才回到您这里；要现在办，请先收回。"
    if item.purpose == "ask":
        return f"这项任务是{item.from_name}委派给您的，不能{name}；请办好以后回复，或请对方收回。"
    return ""


def name_what_is_possible(
    refused: NotAllowed | Invalid, visit: Visit, verb: Verb, verbs: Mapping[str, Verb]
) -> None:
    """A refusal of a verb names, beside why, what the person may do instead; faults of fields need none."""
    if refused.hint or (isinstance(refused, Invalid) and refused.errors):
        return
    mine = may(visit.person, "act_item", thing_of(visit.item))
    barred = mine and because(visit) is not None
    names = [] if barred else [one.name for one in possible(visit, verbs) if one.key != verb.key]
    refused.hint = f"现在可以：{'、'.join(names)}。" if names else "现在您对这项任务没有别的可办。"


def _closed_or_invisible(connection: Connection, person: Person, item_id: str) -> Refusal:
    if history.seen_closed_item(connection, person, item_id) is None:
        return NotVisible()
    last = history.who_closed(connection, item_id)
    return NotVisible() if last is None else Closed(why_closed(connection, last))
