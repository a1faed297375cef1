"""A post that nobody holds: its work goes to somebody else, who is told so and why."""

from engine.people.memberships import Receivers, receivers
from engine.people.posts import PostReference
from engine.runtime.step import Step
from engine.store import Row
from engine.work.notices import Notice, notify
from engine.work.routing import Candidate


def receivers_of(step: Step, candidate: Candidate) -> Receivers | None:
    """Who gets the work of the post: its holders, else head, else office; None for work of one person."""
    if candidate.unit_id is None or candidate.post_key is None:
        return None
    wanted = PostReference(candidate.unit_id, candidate.post_key)
    return receivers(step.connection, wanted, on=step.today, cycle_id=step.row.cycle_id)


def tell(step: Step, item: Row, given: Receivers | None) -> None:
    """Tell who receives the item that the post it was meant for is vacant."""
    if given is None or given.reason is None:
        return
    notice = Notice(
        cycle_id=item["cycle_id"],
        kind="vacant",
        unit_id=given.post.unit_id,
        post_key=given.post.post_key,
        instance_id=item["instance_id"],
        item_id=item["id"],
        params={
            "notice": given.notice,
            "subject": item["subject_name"],
            "process": item["process_key"],
            "element": item["element_id"],
            "version": item["definition_version_id"],
        },
    )
    notify(step.connection, [notice], at=step.at)
