"""关注: those who follow an instance and may see it are told, once a step, what has happened in it.

Whether anybody follows is read with the instance's own row, so an instance that nobody follows costs nothing.
"""

from engine.people.persons import person_of
from engine.people.refusals import PeopleRefused
from engine.runtime.steps.step import RUNNING, Step
from engine.work.copies import followers
from engine.work.history import may_see
from engine.work.notices import Notice, notify

SILENT = frozenset(
    {
        "claim",
        "unclaim",
        "supersede",
        "reinstate",
        "close",
        "urge",
        "urge_leader",
        "copy_to",
        "reroute",
        "stay",
    }
)
"""What is no progress: nothing is decided by it, and no token moves."""


def tell_followers(step: Step) -> None:
    """One notice to each follower but the actor: the last thing that was done, or that it is over."""
    if not step.row.followed:
        return
    done = [event for event in step.events if event["verb"] not in SILENT]
    over = step.row.status != RUNNING
    if not done and not over:
        return
    last = done[-1] if done else None
    params = {
        "subject": step.row.subject_name,
        "matter": step.row.matter,
        "process": step.row.process_key,
        "version": step.row.definition_version_id,
        "element": last["element_id"] if last else "",
        "verb": last["verb"] if last else "",
        "outcome": last["outcome"] if last else "",
        "from": last["person_name"] if last else "",
        "status": step.row.status,
    }
    notices = [
        Notice(step.row.cycle_id, "progress", params, user_id=one, instance_id=step.row.id)
        for one in followers(step.connection, step.row.id)
        if one != step.actor.person_id and _may_see(step, one)
    ]
    notify(step.connection, notices, at=step.at)


def _may_see(step: Step, person_id: str) -> bool:
    try:
        person = person_of(step.connection, person_id, on=step.today)
    except PeopleRefused:  # the account was shut
        return False
    return may_see(step.connection, person, step.row.id)
