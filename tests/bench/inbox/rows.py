"""The work of the measured city as rows of plain text, made as they are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from engine.store.types import instant_text
from engine.work.searching import search_text
from tests.bench.inbox.town import DESKS, HEAVY, NAMES, NOW, STEPS, Town

Fields = tuple[str | None, ...]
MATTERS = 500
PER_INSTANCE = 5
"""Acts of the history in one instance; open instances have two open tasks."""
TEXTS = ("老旧小区改造", "河道治理", "一季度进度", "停车难", "食品安全", "垃圾分类", "营商环境", "招商引资")


@dataclass(frozen=True)
class Table:
    """Rows of one table; `bytes` names a column of bytes, which each home writes its own way."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Fields]
    bytes: str = ""


@dataclass(frozen=True)
class About:
    """What one instance is about."""

    process: str
    unit: int
    matter: str


class Work:
    """All rows of a town; the same ones each time."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.instances = max(town.size.finished // PER_INSTANCE, town.size.open)
        self._keys = tuple(NAMES)
        self._words = {key: search_text(f"x{key}", name)[len(f"x{key} ") :] for key, name in NAMES.items()}
        self._matters = tuple(f"{TEXTS[n % len(TEXTS)]}{n // len(TEXTS)}" for n in range(MATTERS))

    def tables(self) -> Iterator[Table]:
        """Every table in the order of its references."""
        yield Table("instance", INSTANCE, self._instances(), bytes="state")
        yield Table("work_item", ITEM, self._items())
        yield Table("kept_apart", ("item_id", "person_id"), self._apart())
        yield Table("work_event", EVENT, self._events())
        yield Table("copy", COPY, self._copies())
        yield Table("follow", FOLLOW, self._follows())

    def _about(self, instance: int) -> About:
        mixed = instance * 2_654_435_761 % 2**32
        return About(
            self._keys[mixed % len(self._keys)],
            mixed // 11 % len(self.town.units),
            self._matters[mixed // 17_011 % MATTERS],
        )

    def _instances(self) -> Iterator[Fields]:
        running, town = (self.town.size.open + 1) // 2, self.town
        spelled = [search_text(name) for name in town.names]
        matters = {matter: search_text(matter) for matter in self._matters}
        for n in range(self.instances):
            about, one = self._about(n), instance_id(n)
            text = f"{spelled[about.unit]} {matters[about.matter]} {search_text(NAMES[about.process])}"
            open_ = n >= self.instances - running
            begun = town.people[n // 10 % 50 + HEAVY] if n % 10 == 0 else None
            yield (
                one, "cycle", "2018", town.versions[about.process], about.process, one, one,
                town.units[about.unit], town.names[about.unit], about.matter, text,
                "running" if open_ else "completed", "", "{}", "1", "0", "", begun,
                _moment(n, self.instances),
            )  # fmt: skip

    def _items(self) -> Iterator[Fields]:
        town, chance = self.town, Random(3)
        first = self.instances - (town.size.open + 1) // 2
        steps = tuple(STEPS)
        for n in range(town.size.open):
            instance = first + n // 2
            about, one = self._about(instance), instance_id(instance)
            step = steps[n % len(steps)]
            assignee, unit, post, claim = self._desk(n, chance)
            day = (NOW + timedelta(days=chance.randrange(-20, 120))).date() if n % 10 else None
            due = f"{day}T16:00:00.000000Z" if day else None
            text = search_text(town.names[about.unit], about.matter, STEPS[step], NAMES[about.process])
            yield (
                item_id(n), "cycle", "2018", one, one, town.versions[about.process], about.process, step,
                f"wait-{n % 2}", "1", town.units[about.unit], town.names[about.unit], about.matter, unit,
                post, assignee, "1" if claim else "0", "80" if n % 25 == 0 else "50",
                "0" if n % 25 == 0 else "1", str(day) if day else None, due,
                due or "9999-12-31T00:00:00.000000Z", _moment(n, town.size.open),
                None if n % 3 else _moment(n, town.size.open), town.names[about.unit],
                "check" if n % 20 == 0 else None, text, "1", unit, post,
            )  # fmt: skip

    def _desk(self, n: int, chance: Random) -> tuple[str | None, str | None, str | None, bool]:
        """A tenth with people who have very much, a tenth at such desks, half at others, the rest taken."""
        town, kind, turn = self.town, n % 100, n // 100
        if kind < 10:
            return town.heavy[turn % HEAVY], None, None, False
        if kind < 20:
            return None, town.units[turn % HEAVY % len(town.units)], "liaison", False
        if kind < 70:
            return None, chance.choice(town.units), chance.choice(DESKS), chance.random() < 0.2
        if kind == 99 and turn < 10 * len(town.light):
            return town.light[turn % len(town.light)], None, None, False
        others = town.people[HEAVY : -len(town.light)]
        return chance.choice(others), chance.choice(town.units), chance.choice(DESKS), False

    def _apart(self) -> Iterator[Fields]:
        for n in range(0, self.town.size.open, 10):
            yield item_id(n), self.town.people[n // 10 % len(self.town.people)]

    def _events(self) -> Iterator[Fields]:
        """A tenth of all acts is by the few people who have very much work."""
        town, chance = self.town, Random(5)
        verbs = ("complete",) * 17 + ("claim", "claim", "urge")
        steps, others = tuple(STEPS), len(town.people)
        for n in range(town.size.finished):
            instance = n // PER_INSTANCE
            about, one = self._about(instance), instance_id(instance)
            person = town.people[n // 10 % HEAVY if n % 10 == 0 else chance.randrange(others)]
            moment = _moment(n, town.size.finished)
            yield (
                event_id(n), "cycle", "2018", one, one, f"done-{n}", about.process,
                town.versions[about.process], steps[n % 3], "1", town.units[about.unit],
                town.names[about.unit], about.matter, verbs[n % 20], "submit", person, "某某",
                town.units[about.unit], "liaison", "", moment,
            )  # fmt: skip

    def _copies(self) -> Iterator[Fields]:
        for n in range(0, self.town.size.finished, 50):
            person = self.town.people[n // 50 * 7 % len(self.town.people)]
            read = None if n % 100 else _moment(n, self.town.size.finished)
            yield (
                instance_id(n // PER_INSTANCE), person, "cycle", event_id(n), "fill", None, "某某",
                _moment(n, self.town.size.finished), read,
            )  # fmt: skip

    def _follows(self) -> Iterator[Fields]:
        for n in range(0, self.town.size.finished, 100):
            person = self.town.people[HEAVY + n // 100 % LEADERS_WHO_FOLLOW]
            yield instance_id(n // PER_INSTANCE), person, event_id(n), "cycle", _moment(n, 10**9)


LEADERS_WHO_FOLLOW = 50
INSTANCE = (
    "id", "cycle_id", "year", "definition_version_id", "process_key", "business_key", "root_id",
    "subject_unit_id", "subject_name", "matter", "search_text", "status", "state", "visits_json",
    "lock_version", "audit_seq", "audit_head", "started_by", "started_at",
)  # fmt: skip
ITEM = (
    "id", "cycle_id", "year", "instance_id", "root_id", "definition_version_id", "process_key", "element_id",
    "wait_key", "round", "subject_unit_id", "subject_name", "matter", "unit_id", "post_key", "assignee_id",
    "claim_first", "priority", "rank", "due_on", "due_at", "order_at", "created_at", "opened_at", "from_name",
    "returned_from", "search_text", "lock_version", "meant_unit_id", "meant_post_key",
)  # fmt: skip
EVENT = (
    "id", "cycle_id", "year", "instance_id", "root_id", "item_id", "process_key", "definition_version_id",
    "element_id", "round", "subject_unit_id", "subject_name", "matter", "verb", "outcome", "person_id",
    "person_name", "unit_id", "post_key", "on_behalf_of", "happened_at",
)  # fmt: skip
COPY = (
    "instance_id", "person_id", "cycle_id", "event_id", "element_id", "item_id", "from_name", "copied_at",
    "read_at",
)  # fmt: skip
FOLLOW = ("instance_id", "person_id", "id", "cycle_id", "since_at")


def instance_id(n: int) -> str:
    """An id that grows with its number, as a UUIDv7 grows with time."""
    return _id("1", n)


def item_id(n: int) -> str:
    """The same of an open task."""
    return _id("2", n)


def event_id(n: int) -> str:
    """The same of an act."""
    return _id("3", n)


def _id(kind: str, n: int) -> str:
    return f"0163{n // 65536:04x}-{n % 65536:04x}-7{kind}00-8000-{n * 2_654_435_761 % 2**48:012x}"


def _moment(n: int, of: int) -> str:
    return instant_text(NOW - timedelta(seconds=(of - n) * 31_536_000 // (2 * of)))
