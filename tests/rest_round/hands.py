"""The people of the virtual city, who do tasks by REST: read, claim, hand in files, complete or send back."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from api.commands.simulate import PAPER
from engine.people.persons import Person
from engine.verbs.showing.view import ItemView, view
from processes.simulation.desk import OpenItem
from processes.simulation.tasks import Reply, Task
from processes.simulation.working import Workers
from tests.rest_round.callers import REFUSED, Callers, answered

MINUTES = ("佐证材料.pdf", PAPER, "application/pdf")
FINISHING = {"complete", "register_for"}
GONE = (404, 409)
"""What a task answers that is done."""


@dataclass
class Hands(Workers):
    """Workers who do a step by REST for the first `units_each` units that reach it, all others at the door.

    Without a number everything is done by REST. `by_rest` tells for whom each step was done so.
    """

    callers: Callers = field(kw_only=True)
    units_each: int | None = field(kw_only=True)
    by_rest: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    done_by_rest: int = 0
    files: int = 0
    strangers: set[tuple[str, str]] = field(default_factory=set)
    """The steps at which another unit's token was refused."""
    seats: set[str] = field(default_factory=set)
    """The posts whose tasks were done by REST."""
    _told: dict[str, Any] = field(default_factory=dict)
    _rest: bool = False

    def do(self, item: OpenItem) -> None:
        """As everybody does it, by REST while it is new to some units."""
        seen = self.by_rest[item.step]
        self._rest = self.units_each is None or (len(seen) < self.units_each and _whose(item) not in seen)
        super().do(item)

    def _open(self, person: Person, item: OpenItem) -> ItemView:
        if not self._rest:
            return super()._open(person, item)
        self._keep_out_strangers(item)
        login, path = self.city.logins[person.id], f"/work-items/{item.id}"
        told = answered(self.callers.get(login, path))
        if "claim" in told["verbs"]:
            answered(self.callers.post(login, f"{path}/claim", {"version": told["version"]}))
            self.acts["claim"] += 1
            told = answered(self.callers.get(login, path))
        self._told = told
        return self._as_told(view(self.engine, person, item.id), told)

    def _as_told(self, shown: ItemView, told: dict[str, Any]) -> ItemView:
        """What the answers are made from: the form's data, outcomes and verbs as the call told them."""
        assert [one["key"] for one in told["outcomes"]] == [one.key for one in shown.outcomes]
        form = replace(shown.form, stored=told["form"]["data"]) if shown.form else None
        assert (told["form"] is None) == (form is None)
        return replace(shown, form=form, may_act=bool(FINISHING & set(told["verbs"])), apart=told["apart"])

    def _hand_in(self, task: Task, person: Person) -> None:
        super()._hand_in(replace(task, upload=self._send_paper) if self._rest else task, person)

    def _act(self, task: Task, person: Person, reply: Reply) -> None:
        if not self._rest:
            super()._act(task, person, reply)
            return
        verb = reply.verb or next(one for one in self._told["verbs"] if one in FINISHING)
        sent = {
            "version": self._told["version"],
            "outcome": reply.outcome,
            "opinion": reply.opinion,
            "fields": orjson.loads(orjson.dumps(reply.fields, default=str)),
            "target": reply.target,
        }
        self._send(task.item, person, verb, sent)
        self.acts[verb] += 1
        self.done_by_rest += 1
        self.by_rest[task.item.step].add(_whose(task.item))
        self.seats.add(task.item.post or "")
        if verb == "return_to" or reply.outcome == "return":
            self.returned[f"{task.item.process}.{task.item.element}"] += 1

    def _send(self, item: OpenItem, person: Person, verb: str, sent: dict[str, Any]) -> None:
        """Do it. The first of a step is refused with an old version, and is sent twice."""
        login, path = self.city.logins[person.id], f"/work-items/{item.id}/{verb}"
        key = f"{item.id} {sent['version']} {sent['outcome']}"
        first = not self.by_rest[item.step]
        if first:
            old = self.callers.post(login, path, {**sent, "version": sent["version"] - 1})
            assert (old.status_code, old.json()["code"]) == (409, "stale"), old.text
        done = answered(self.callers.post(login, path, sent, key=key))
        if first:
            assert answered(self.callers.post(login, path, sent, key=key)) == done
            assert self.callers.post(login, path, sent).status_code in GONE

    def _send_paper(self, task: Task, name: str) -> str:
        place = file_place(self._told["form"]["form"]["components"], name)
        path = f"/work-items/{task.item.id}/files"
        kept = answered(self.callers.hand_over(task.login, path, file=MINUTES, fields={"field": place}))
        self.files += 1
        return str(kept["id"])

    def _keep_out_strangers(self, item: OpenItem) -> None:
        """Another unit's liaison can neither read the task nor do it."""
        own = {self.city.parents.get(one, one) for one in (item.unit_id, item.subject_id) if one} | {
            item.unit_id,
            item.subject_id,
        }
        if item.step in self.strangers or not own & self.city.bodies.keys():
            return
        stranger = next(body for body in reversed(self.city.assessed) if body.id not in own)
        login, path = self.callers.of(stranger.id, "liaison"), f"/work-items/{item.id}"
        said = [
            self.callers.get(login, path).status_code,
            self.callers.post(login, f"{path}/complete", {"version": item.version}).status_code,
        ]
        assert set(said) <= set(REFUSED), f"{item.step}: {stranger.name} {said}"
        self.strangers.add(item.step)


def file_place(components: list[dict[str, Any]], name: str, above: str = "") -> str:
    """The path of the form's file field with this key, in the first row of the lists that it stands in."""
    for one in components:
        key, below = str(one.get("key", "")), one.get("path", "")
        if one["type"] == "filepicker" and key == name:
            return above + key
        inner = f"{above}{below}{'.0' if one['type'] == 'dynamiclist' else ''}." if below else above
        if found := file_place(one.get("components", []), name, inner):
            return found
    return ""


def _whose(item: OpenItem) -> str:
    """The unit whose task it is; the step as a whole where none is meant."""
    return item.subject_id or item.unit_id or item.assignee_id or ""
