"""`claim` and `unclaim`: 认领, 取消认领."""

from engine.people.persons import Person
from engine.people.rights import may
from engine.verbs.refusals import NotAllowed, Stale
from engine.verbs.showing.lateness import why_changed
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit, thing_of
from engine.work.items import QUERIES, Item, assign


def claim(visit: Visit) -> None:
    """认领: take a group's item for oneself, or for whom one stands in. Of two at once one wins."""
    if visit.item.assignee_id == visit.holder_id:
        return
    if why := taken(visit):
        raise NotAllowed(why)
    if not assign(visit.connection, visit.item, assignee_id=visit.holder_id, at=visit.step.at):
        raise Stale(why_changed(visit.connection, visit.item), hint="请回到待认领列表。")
    visit.record(visit.doing("claim"))


def unclaim(visit: Visit) -> None:
    """取消认领: give the item back to its group; the draft stays. Who may urge may take it from another."""
    if visit.item.post_key is None:
        raise NotAllowed("此任务直接交给您本人，没有可以退还的岗位。")
    held = visit.item.assignee_id is not None
    if visit.item.assignee_id != visit.holder_id and not (held and may_free(visit.person, visit.item)):
        raise NotAllowed("此任务不在您名下，不能取消认领。")
    if not assign(visit.connection, visit.item, assignee_id=None, at=visit.step.at):
        raise Stale(why_changed(visit.connection, visit.item))
    visit.record(visit.doing("unclaim"))


def may_free(person: Person, item: Item) -> bool:
    """Whether the person may give back what another has claimed: whoever may urge about the item."""
    return may(person, "urge", thing_of(item))


def taken(visit: Visit) -> str:
    """A sentence with who has claimed the step from another of its groups: one wins, whoever was asked."""
    item = visit.item
    if item.alone or not _claimable(visit) or "bihuan:vote" in visit.element.properties:
        return ""
    place = {"instance_id": item.instance_id, "wait_key": item.wait_key, "id": item.id}
    row = QUERIES.row(visit.connection, "claimed_beside", **place)
    return f"{row['name']}已认领此任务。" if row else ""


def _claimable(visit: Visit) -> bool:
    return visit.item.claim_first and visit.item.assignee_id is None


def _freeable(visit: Visit) -> bool:
    return visit.item.claim_first and visit.item.assignee_id is not None


CLAIM = Verb("claim", "认领", "act_item", claim, offered=_claimable)
UNCLAIM = Verb("unclaim", "取消认领", "act_item", unclaim, offered=_freeable, also=may_free)
