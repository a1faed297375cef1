"""Steps that several people sign, drawn in a line, for tests."""

from typing import Any

from engine.people.persons import Person
from engine.verbs.door import act
from engine.verbs.refusals import Refusal
from engine.verbs.visit import Request
from engine.work.inbox import InboxRow
from tests.engine.runtime.world import World, in_a_row, user

OUTCOMES = "approve:同意,return:退回"
TRIO = '= [post(unit, "liaison"), post(unit, "vice_head"), post(unit, "head")]'
LOGINS = ("ling", "lu", "tou")
"""Who signs for TRIO, in this order."""


def signed(vote: str, *, signers: str = TRIO, **more: str) -> str:
    """The step `sign`, decided by several people."""
    given = {"outcomes": OUTCOMES, "vote": vote, "signers": signers, **more}
    return user("sign", "unit.head", form_id="review", **given)


def drawn(vote: str, **more: str) -> bytes:
    """`sign`, then `after` by U2's head."""
    return in_a_row(signed(vote, **more), user("after", "assessor.office.reviewer"))


def begin(world: World, vote: str, **more: str) -> str:
    """Deploy a process whose first step several people sign, and start it; the instance."""
    world.deploy(planning=drawn(vote, **more))
    return world.start()


def rows(world: World, login: str, element: str = "sign") -> list[InboxRow]:
    """The person's open items at an element."""
    return [row for row in world.inbox(login) if row.element_id == element]


def having(world: World, *logins: str) -> list[str]:
    """Who of `logins` has the step in the inbox."""
    return [login for login in logins if rows(world, login)]


def approve(world: World, *logins: str, **said: Any) -> None:
    for login in logins:
        world.complete(login, "sign", outcome="approve", **said)


def refuse(world: World, *logins: str, **said: Any) -> None:
    for login in logins:
        world.complete(login, "sign", outcome="return", **said)


def heard(world: World, person: Person, item_id: str, *, verb: str = "complete", **said: Any) -> str:
    """What somebody hears who tries: the refusal's sentence, or "done"."""
    request = Request(**{"version": 1, "outcome": "approve", **said})
    try:
        act(world.engine, person, item_id, verb, request)
    except Refusal as refused:
        return refused.message
    world.engine.drain()
    return "done"


def story(world: World, instance: str) -> list[tuple[str, str, str]]:
    """The history of the step in short: verb, outcome, name."""
    events = [event for event in world.events(instance) if event.element_id == "sign"]
    return [(event.verb, event.outcome, event.person_name) for event in events]


def variables(world: World, instance: str) -> dict[str, Any]:
    """`outcome` and `vote` of an instance."""
    from engine.feel import codec
    from engine.feel.codec import to_json

    found = {}
    for name in ("outcome", "vote"):
        text = world.scalar(
            "select value_text from variable where instance_id = :id and scope_id = '' and name = :name",
            id=instance,
            name=name,
        )
        found[name] = to_json(codec.loads(text)) if text else None
    return found


def leftovers(world: World) -> int:
    """Rows of signers; none are left once nothing is open."""
    return int(world.scalar("select count(*) from signer"))
