"""`urge_leader`: 催办并报领导. Whoever has the item is urged, the unit's head is told; on record.

It uses up the day's urging: not more than once a day a person. A 督办函 is a document of its own.
"""

from dataclasses import replace

from engine.people.memberships import receivers
from engine.people.posts import HEAD, PostReference
from engine.verbs.others.urging import may_be_urged, notice_of, record_urging
from engine.verbs.refusals import NotAllowed
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit
from engine.work.notices import notify
from engine.work.placing import Place


def urge_leader(visit: Visit) -> None:
    """催办并报领导: as `urge`, and the head of the unit where the work lies is told. Raises `NotAllowed`."""
    leader = _leader(visit)
    record_urging(visit, "urge_leader")
    told = replace(
        notice_of(visit), kind="urge_leader", user_id=None, unit_id=leader.unit_id, post_key=leader.post_key
    )
    notify(visit.connection, [told], at=visit.step.at)


def _leader(visit: Visit) -> Place:
    """The head of the unit that has the work; the office where nobody is head. Raises `NotAllowed`."""
    item, step = visit.item, visit.step
    unit_id = item.unit_id or item.subject_unit_id or item.assessor_id
    if unit_id is None or item.post_key == HEAD:
        raise NotAllowed("这项任务就在主要负责人那里，没有上一级可报；可以催办，或另发督办函。")
    post = PostReference(unit_id, HEAD)
    found = receivers(visit.connection, post, on=step.today, cycle_id=item.cycle_id)
    if any(one.user_id == item.assignee_id for one in found.holders):
        raise NotAllowed("这项任务就由主要负责人办理，没有上一级可报；可以催办，或另发督办函。")
    return Place(unit_id=found.post.unit_id, post_key=found.post.post_key, notice=found.notice)


def _offered(visit: Visit) -> bool:
    return visit.item.post_key != HEAD and may_be_urged(visit)


URGE_LEADER = Verb(
    "urge_leader",
    "催办并报领导",
    "urge",
    urge_leader,
    offered=_offered,
    while_waiting=True,
    when_asked=True,
    tell=lambda _visit: ("办理人和该单位主要负责人都会收到通知；今天不再催办这一项。",),
)
