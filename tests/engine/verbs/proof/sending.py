"""How an act on paper reaches the engine, and how what it leads to is asked beforehand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.clock import today
from engine.people.persons import Person, person_of
from engine.runtime.incidents import register
from engine.store.sql import execute
from engine.verbs.door import act as do
from engine.verbs.door import preview, save_draft
from engine.verbs.effects import Effect
from engine.verbs.instance_door import act_upon, preview_upon
from engine.verbs.refusals import Refusal
from engine.verbs.registry import INSTANCE_VERBS, VERBS
from engine.verbs.tokens.mending import Mending, mend, version_of
from engine.verbs.tokens.standing import stand
from engine.verbs.visit import Request
from tests.engine.runtime.world import World

from .clerk import Act
from .comparing import Eyes
from .pieces import Piece

SEAT = """
select s.id || '@' || coalesce(s.meant_user_id, s.meant_unit_id || '#' || s.meant_post_key)
from signer s where s.instance_id = :i and coalesce(s.meant_user_id, s.meant_post_key) = :m
and s.wait_key = (select wait_key from work_item where id = :item) and s.kind <> 'ask' and s.state <> 'gone'
"""
OPEN = "select id, element_id, assignee_id, unit_id, post_key from work_item where instance_id = "


@dataclass
class Sent:
    """What goes to the engine for an act: its row's id and version are those that the person saw."""

    act: Act
    person: Person
    request: Request
    item_id: str = ""
    instance_id: str = ""
    reason: str = ""

    @property
    def foreseeable(self) -> bool:
        """Whether what it leads to can be asked before."""
        return self.act.work is None and self.act.verb in {**VERBS, **INSTANCE_VERBS}


class Sender:
    """Goes through the engine's doors for everybody."""

    def __init__(self, world: World, eyes: Eyes) -> None:
        self.world, self.eyes = world, eyes
        self._known: dict[tuple[str, date], Person] = {}

    def person(self, login: str) -> Person:
        """Who it is on this day: nobody joins or leaves a post in a story."""
        on = today(self.world.clock, self.world.engine.setup.zone)
        if (login, on) not in self._known:
            with self.world.engine.database.read() as connection:
                self._known[login, on] = person_of(connection, self.world.people[login], on=on)
        return self._known[login, on]

    def ready(self, act: Act) -> Sent:
        """What the person has before them, and what they say."""
        said: dict[str, Any] = {"version": 0, **act.said}
        reason = str(said.pop("reason", ""))
        if "people" in said:
            said["people"] = tuple(self._reference(one) for one in said["people"])
        sent = Sent(act, self.person(act.person), Request(), reason=reason)
        if act.piece is not None:
            row = self.eyes.row_of(act.piece)
            sent.item_id, said["version"], sent.instance_id = row.id, row.lock_version, row.instance_id
            if act.verb == "add_signer":
                said["target"] = self._reference(act.target)
            elif act.verb == "remove_signer":
                said["target"] = self._seat(act.piece, act.target)
        elif act.work is not None:
            sent.item_id = self.eyes.stopped[act.work.matter.id, act.work.block.name]
            with self.world.engine.database.read() as connection:
                incident = register.read_open(connection, sent.item_id)
            assert incident is not None
            said["version"] = version_of(incident)
        elif act.matter is not None:
            sent.instance_id = act.matter.id
        sent.request = Request(**said)
        return sent

    def _reference(self, signer: str) -> str:
        whose, _, key = signer.partition(".")
        if not key:
            return self.world.people.get(signer, "nobody")
        return f"{self.world.units['U1' if whose == 'unit' else 'C0']}#{key}"

    def _seat(self, piece: Piece, signer: str) -> str:
        meant = signer.partition(".")[2] or self.world.people.get(signer, "")
        row = self.eyes.row_of(piece)
        found = self.world.scalar(SEAT, i=row.instance_id, m=meant, item=row.id)
        return str(found or "nobody")

    def send(self, sent: Sent) -> str:
        """Through the door; what was refused says by which code, "" when it is done."""
        act, engine = sent.act, self.world.engine
        try:
            if act.verb == "save_draft":
                save_draft(engine, sent.person, sent.item_id, fields={"remark": "草稿"})
            elif act.verb in ("suspend", "resume"):
                stand(engine, sent.person, sent.instance_id, act.verb, reason=sent.reason)
            elif act.work is not None:
                changes = {"note": "改正"} if act.verb == "correct" else {}
                said = sent.request
                asked = Mending(said.version, reason=sent.reason, target=said.target, changes=changes)
                mend(engine, sent.person, sent.item_id, act.verb, asked)
            elif act.verb in INSTANCE_VERBS:
                act_upon(engine, sent.person, sent.instance_id, act.verb, sent.request)
            else:
                do(engine, sent.person, sent.item_id, act.verb, sent.request)
        except Refusal as refused:
            return refused.code
        return ""

    def foresee(self, sent: Sent) -> Effect | str:
        """What the act would lead to, or by which code it would be refused."""
        act, engine = sent.act, self.world.engine
        try:
            if act.verb in INSTANCE_VERBS:
                return preview_upon(engine, sent.person, sent.instance_id, act.verb, sent.request)
            return preview(engine, sent.person, sent.item_id, act.verb, sent.request)
        except Refusal as refused:
            return refused.code

    def open_items(self, instance_id: str) -> dict[str, tuple[Any, ...]]:
        """The open items of one instance: where each lies."""
        with self.world.engine.database.read() as connection:
            mark = "?" if connection.dialect.name == "sqlite" else "%s"
            return {row[0]: row[1:] for row in execute(connection, OPEN + mark, [instance_id]).fetchall()}

    def check(self, sent: Sent, foreseen: Effect | str, refused: str, before: dict[str, Any]) -> None:
        """The act did what was foreseen, no more and no less."""
        if isinstance(foreseen, str):
            without_reason = refused == "invalid" and not sent.request.opinion
            assert foreseen == refused or without_reason, f"foreseen {foreseen}, but {refused or 'done'}"
            return
        if refused:
            assert not sent.request.opinion, f"foreseen as done, but {refused}"
            return
        after = self.open_items(sent.instance_id)
        closed = {work.item_id for work in foreseen.closed}
        assert closed == set(before) - set(after), "foreseen to be closed differs"
        opened = sorted(repr(_lies(work)) for work in foreseen.opened)
        assert opened == sorted(repr(after[one]) for one in set(after) - set(before)), "opened differs"
        passed = {one.after.item_id: _lies(one.after) for one in foreseen.passed}
        moved = {one: after[one] for one in set(after) & set(before) if after[one] != before[one]}
        assert moved.items() <= passed.items(), "passed differs"
        assert foreseen.status == self.world.status(sent.instance_id), "status differs"


def _lies(work: Any) -> tuple[Any, ...]:
    return work.element_id, work.assignee_id, work.unit_id, work.post_key
