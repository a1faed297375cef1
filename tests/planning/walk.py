"""A walk through planning by people who decide at random, through the door as pages and programs do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any

from sqlalchemy import text

from api.assembly import build_bindings
from api.commands.demo import BEGINS
from engine.clock import VirtualClock, today
from engine.people.persons import Person, person_of
from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.door import act, save_draft
from engine.verbs.refusals import Invalid, Refusal
from engine.verbs.showing.view import ItemView, view
from engine.verbs.visit import Request
from processes.planning.queries import add_comment, open_consultation
from tests.planning.unit_work import objecting, overall_of, shared, with_functions, with_some_target

Said = dict[str, Any]
SCAN = "scan"
"""The id of a file that was uploaded as minutes."""
ROOT = "select status from instance where process_key = 'plan_setting'"

BESIDE = ("urge", "hand_over", "ask")
"""Verbs that the walk does not take: they finish nothing."""


@dataclass
class Walk:
    """One city, one stream of chance. `patience` is how many random steps come before people only approve."""

    engine: Engine
    clock: VirtualClock
    chance: Random
    patience: int
    people: dict[tuple[str, str], list[str]]
    by_id: dict[str, Person] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)

    @property
    def wild(self) -> bool:
        """Do people still return, refuse and err?"""
        return len(self.trail) < self.patience

    def run(self, most: int) -> None:
        """Walk until the stage is over, at most `most` steps."""
        self.engine.drain()
        for _ in range(most):
            if self.rows(ROOT)[0]["status"] != "running":
                return
            self.step()
            assert self.rows("select id, last_error from job") == []

    def step(self) -> None:
        """One thing happens: somebody acts, or time passes."""
        items = self.rows("select * from work_item order by id")
        if not items or (self.wild and self.chance.random() < 0.05):
            self.pass_time(days=1 if items else 7)
            return
        item = self.chance.choice(items)
        if self.wild and self.chance.random() < 0.1:
            self.meddle(item)
        self.do(item)
        self.engine.drain()

    def do(self, item: Said) -> None:
        """Somebody who may do so takes one of the verbs that the task offers."""
        person = self.holder(item)
        seen = view(self.engine, person, item["id"])
        verbs = [verb for verb in seen.verbs if verb not in BESIDE]
        assert verbs, f"nobody can do {item['element_id']}"
        finishing = next(verb for verb in verbs if verb in ("complete", "register_for", "claim"))
        verb = self.chance.choice(verbs) if self.wild and self.chance.random() < 0.3 else finishing
        if verb == "save_draft":
            save_draft(self.engine, person, item["id"], fields={"half": "done"})
            self.trail.append(f"save_draft {item['element_id']}")
            return
        asked = self.request(seen, verb)
        self.trail.append(
            f"{verb} {asked.outcome} {asked.target} {item['element_id']} {item['subject_name']}"
        )
        try:
            act(self.engine, person, item["id"], verb, asked)
        except Invalid as refused:
            assert asked.outcome == "return" or self.wild, (self.trail[-1], refused.errors)
            assert refused.errors

    def request(self, seen: ItemView, verb: str) -> Request:
        """What the person sends with a verb."""
        version = seen.item.lock_version
        if verb == "return_to":
            target = self.chance.choice(seen.targets).element_id
            straight = self.chance.random() < 0.5
            return Request(version, opinion="退回", target=target, straight_back=straight)
        if verb in ("claim", "unclaim"):
            return Request(version)
        outcomes = [one.key for one in seen.outcomes]
        turned = self.wild and len(outcomes) > 1 and self.chance.random() < 0.25
        outcome = outcomes[-1] if turned else outcomes[0]
        data = seen.form.stored if seen.form else {}
        fields = FIELDS.get(seen.element.id, _nothing)(self, data, outcome)
        return Request(version, outcome=outcome, opinion="意见", fields=fields, files=frozenset({SCAN}))

    def meddle(self, item: Said) -> None:
        """Somebody who may not, or whose page is old, tries: a refusal, and nothing else."""
        anybody = self.chance.choice(sorted(chain.from_iterable(self.people.values())))
        stale = Request(item["lock_version"] + 1, outcome="approve", opinion="意见")
        try:
            act(self.engine, self.person(anybody), item["id"], "complete", stale)
        except Refusal as refused:
            assert refused.status in (403, 404, 409)
        else:
            raise AssertionError("a stale request was taken")

    def pass_time(self, *, days: int) -> None:
        """The clock goes on; a citizen may say something."""
        now, day = self.clock.now(), today(self.clock)
        with self.engine.database.write() as connection:
            consultation = open_consultation(connection, today=day)
            if consultation is not None:
                add_comment(connection, consultation["id"], text="建议", at=now, today=day)
        self.clock.advance(timedelta(days=days))
        self.engine.drain()
        self.trail.append(f"{days} days")

    def holder(self, item: Said) -> Person:
        """Who has the item, or somebody at its desk."""
        if item["assignee_id"]:
            return self.person(item["assignee_id"])
        return self.person(self.chance.choice(self.people[item["unit_id"], item["post_key"]]))

    def person(self, user_id: str) -> Person:
        """The person with their rights."""
        if user_id not in self.by_id:
            with self.engine.database.read() as connection:
                self.by_id[user_id] = person_of(connection, user_id, on=today(self.clock))
        return self.by_id[user_id]

    def rows(self, sql: str) -> list[Said]:
        """Rows as they are stored."""
        with self.engine.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql)).mappings()]


def begin(database: Database, *, seed: int, patience: int) -> Walk:
    """A walk on a city that was laid before."""
    clock = VirtualClock(BEGINS)
    engine = Engine(database, clock=clock, bindings=build_bindings())
    walk = Walk(engine, clock, Random(seed), patience, {})
    for row in walk.rows("select user_id, unit_id, post_key from membership order by id"):
        walk.people.setdefault((row["unit_id"], row["post_key"]), []).append(row["user_id"])
    return walk


def _nothing(_walk: Walk, _data: Said, _outcome: str) -> Said:
    return {}


def _same(_walk: Walk, data: Said, _outcome: str) -> Said:
    return data


def _filled(_walk: Walk, data: Said, _outcome: str) -> Said:
    return shared(data)


def _collated(walk: Walk, data: Said, _outcome: str) -> Said:
    """Sound, with wrong weights, with an objection, or with everything taken away."""
    ways = [
        with_some_target,
        with_functions(("甲", "60"), ("乙", "40")),
        with_functions(("甲", "60"), ("乙", "30")),
        lambda given: {**shared(given), "functions": []},
        *[objecting({row["code"]: "有异议"}) for row in data["targets"]],
    ]
    return walk.chance.choice(ways)(data) if walk.wild else {**with_some_target(data), "functions": []}


def _decided(walk: Walk, data: Said, _outcome: str) -> Said:
    """Kept; while people err also accepted, with a figure one higher or, which is refused, without one."""
    accepted = walk.wild and walk.chance.choice([True, False])
    rows = [
        {**row, "decision": "accept" if accepted else "keep", "answer": "已核"} for row in data["objections"]
    ]
    more = int(accepted and walk.chance.choice([True, False]))
    figures = [
        {**row, "value": str(Decimal(str(row["value"] or 0)) + 1)} if more else row
        for row in data["measures"]
    ]
    return {"objections": rows, "measures": figures}


def _remarked(walk: Walk, data: Said, outcome: str) -> Said:
    """Remarks about some units when returning; at times none, which is refused."""
    if outcome != "return":
        return {"remarks": []}
    units = [option["value"] for option in data["unit_options"]]
    chosen = walk.chance.sample(units, walk.chance.randint(0, len(units)))
    return {"remarks": [{"unit": unit, "text": "再核"} for unit in chosen]}


def _answered(_walk: Walk, data: Said, _outcome: str) -> Said:
    return {"comments": [{**row, "adopted": "no", "answer": "谢谢"} for row in data["comments"]]}


def _registered(walk: Walk, data: Said, _outcome: str) -> Said:
    refusing = 0.3 if walk.wild else 0
    results = [
        {**row, "result": "refused", "remark": "不足"} if walk.chance.random() < refusing else row
        for row in data["results"]
    ]
    day = today(walk.clock).isoformat()
    meeting = {"meeting": "会议", "decided_on": day, "document_number": "纪要1号", "minutes": [SCAN]}
    return {**meeting, "overall": overall_of(results), "results": results}


FIELDS: dict[str, Callable[[Walk, Said, str], Said]] = {
    "assign_divisions": _same,
    "fill_targets": _filled,
    "collate_targets": _collated,
    "decide_objections": _decided,
    "finance_review": _remarked,
    "legal_review": _remarked,
    "reform_review": _remarked,
    "forward_opinions": _same,
    "answer_comments": _answered,
    "committee_decides": _registered,
    "government_decides": _registered,
    "prepare_document": _same,
}
"""What people write at each step."""
