"""The frame around every page: who is logged in, where one can go, what is unread."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select
from sqlmodel import col

from api.language import gettext as _
from engine.people.persons import Person
from engine.people.tables import Unit
from engine.work.notices import unread


@dataclass(frozen=True)
class Entry:
    """One place in the main navigation."""

    href: str
    icon: str
    label: str
    menu: str = ""
    """The menu it stands in, where there are many places; empty: always by itself."""
    active: bool = False


@dataclass(frozen=True)
class Menu:
    """Places that stand together in the main navigation; a single place stands by itself."""

    label: str
    entries: tuple[Entry, ...]

    @property
    def active(self) -> bool:
        """Whether one of its places is where the person is."""
        return any(entry.active for entry in self.entries)


@dataclass(frozen=True)
class Shell:
    """What the layout shows of the person."""

    person_name: str
    unit_name: str
    unread: int
    menus: tuple[Menu, ...]


RESULTS = "/office/grading"
_SHEET = re.compile(r"/units/[^/]+/score")
FLAT = 7
"""So many places stand side by side in one row; more are gathered in menus."""


def can(person: Person, *acts: str) -> bool:
    """Whether some post of the person grants one of `acts` anywhere; pages then ask for the thing itself."""
    return any(person.rights_to(act) for act in acts)


def home_of(person: Person) -> str | None:
    """The unit where the person sits, by the primary post."""
    return person.memberships[0].home_id if person.memberships else None


def is_office(person: Person) -> bool:
    """Whether the person follows the work of all units of an assessor."""
    return any(right.reach in ("assessor", "all") for right in person.rights_to("urge"))


def knows_processes(person: Person) -> bool:
    """Whether the lists of processes are for this person: designers, and the office."""
    return can(person, "design", "deploy", "run_cycle") or is_office(person)


def sees_all_targets(person: Person) -> bool:
    """Whether the person may see all targets of an assessor: who reviews, decides, supervises."""
    return any(right.reach in ("assessor", "all") for right in person.rights_to("see_target"))


def sees_all_scores(person: Person) -> bool:
    """Whether the person may see the results of all units of an assessor."""
    return any(right.reach in ("assessor", "all") for right in person.rights_to("see_scores"))


def _runs_surveys(person: Person) -> bool:
    return any(right.reach in ("assessor", "all") for right in person.rights_to("run_survey"))


def follows_the_year(person: Person) -> bool:
    """Whether the person sees the work of a whole assessor: the office, leaders, supervision."""
    return any(right.reach in ("assessor", "all") for right in person.rights_to("see_instance"))


def _has_scores(person: Person, home: str | None) -> bool:
    rights = person.rights_to("see_scores")
    return home is not None and any(r.reach in ("unit", "below") and r.unit_id == home for r in rights)


def _has_targets(person: Person, home: str | None) -> bool:
    rights = person.rights_to("see_target")
    return home is not None and any(r.reach in ("unit", "below") and r.unit_id == home for r in rights)


def _keeps_divisions(person: Person, home: str | None) -> bool:
    rights = person.rights_to("manage_divisions")
    return home is not None and any(r.reach == "unit" and r.unit_id == home for r in rights)


def shell_of(connection: Connection, person: Person, *, path: str) -> Shell:
    """The frame for `person` on the page at `path`. Two statements."""
    home = home_of(person)
    name = ""
    if home:
        name = str(connection.execute(select(col(Unit.name)).where(col(Unit.id) == home)).scalar() or "")
    places = [entry for entry, shown in _places(person, home) if shown]
    here = _here([place.href for place in places], path)
    entries = [replace(place, active=place.href == here) for place in places]
    return Shell(person.name, name, unread(connection, person), menus_of(entries))


def _here(places: Sequence[str], path: str) -> str:
    """The place that a page belongs to; another unit's score sheet to grading, not to the list of units."""
    if RESULTS in places and path not in places and _SHEET.fullmatch(path):
        return RESULTS
    return max((place for place in places if path.startswith(place)), key=len, default="")


def offered_to(person: Person) -> frozenset[str]:
    """The places that the navigation offers to a person."""
    return frozenset(entry.href for entry, shown in _places(person, home_of(person)) if shown)


def menus_of(entries: Sequence[Entry]) -> tuple[Menu, ...]:
    """The entries as the navigation shows them: side by side, or in menus where they would need two rows."""
    gathered: dict[str, list[Entry]] = {}
    for entry in entries:
        alone = not entry.menu or len(entries) <= FLAT
        gathered.setdefault(entry.href if alone else entry.menu, []).append(entry)
    return tuple(
        Menu(label if len(held) > 1 else held[0].label, tuple(held)) for label, held in gathered.items()
    )


def _places(person: Person, home: str | None) -> list[tuple[Entry, bool]]:
    return [
        (Entry("/inbox", "inbox", _("待办")), True),
        (Entry("/office", "list-check", _("总览")), is_office(person)),
        (Entry("/office/year", "calendar-due", _("年度日程")), follows_the_year(person)),
        *_of_targets(person, home, _("目标")),
        *_of_work(person, home, _("过程")),
        *_of_results(person, home, _("评定")),
        *_of_administration(person, home, _("管理")),
    ]


def _of_targets(person: Person, home: str | None, menu: str) -> list[tuple[Entry, bool]]:
    mine, office = _has_targets(person, home), is_office(person)
    return [
        (Entry(f"/units/{home}/targets", "target-arrow", _("本单位目标"), menu), mine),
        (Entry(f"/units/{home}/decomposition", "route", _("目标分解"), menu), mine),
        (Entry("/duties", "flag", _("我的指标"), menu), mine),
        (
            Entry("/plans", "target-arrow", _("各单位目标"), menu),
            sees_all_targets(person) and not office,
        ),
        (Entry("/office/decomposition", "route", _("各单位分解"), menu), sees_all_targets(person)),
        (Entry("/targets", "flag", _("待下达"), menu), can(person, "assign_target")),
        (Entry("/changes", "history", _("目标变动"), menu), sees_all_targets(person)),
    ]


def _of_work(person: Person, home: str | None, menu: str) -> list[tuple[Entry, bool]]:
    mine, office = _has_targets(person, home), is_office(person)
    return [
        (Entry("/monitoring", "eye", _("监控"), menu), sees_all_targets(person)),
        (Entry(f"/units/{home}/progress", "checks", _("本单位进度"), menu), mine),
        (Entry("/office/data", "file-upload", _("数据采集"), menu), office),
        (Entry("/data", "file-upload", _("数据采集"), menu), mine and not office),
        (Entry("/innovation", "flag", _("创新创优"), menu), can(person, "see_instance")),
        (Entry("/rectification", "refresh", _("意见整改"), menu), can(person, "see_instance")),
    ]


def _of_results(person: Person, home: str | None, menu: str) -> list[tuple[Entry, bool]]:
    return [
        (
            Entry("/surveys", "message", _("满意度调查"), menu),
            sees_all_scores(person) or _runs_surveys(person),
        ),
        (Entry(RESULTS, "checks", _("综合评定"), menu), sees_all_scores(person)),
        (Entry("/accountability", "flag", _("问责"), menu), sees_all_scores(person)),
        (Entry(f"/units/{home}/score", "checks", _("成绩单"), menu), _has_scores(person, home)),
    ]


def _of_administration(person: Person, home: str | None, menu: str) -> list[tuple[Entry, bool]]:
    mends = any(right.reach in ("assessor", "all") for right in person.rights_to("mend"))
    people = can(person, "see_people", "manage_people", "manage_rights")
    units = can(person, "see_people", "manage_people", "run_cycle")
    calendar = can(person, "edit_calendar", "manage_people")
    return [
        (Entry(f"/units/{home}/divisions", "building", _("处室"), menu), _keeps_divisions(person, home)),
        (Entry("/processes", "route", _("流程"), menu), knows_processes(person)),
        (Entry("/office/incidents", "alert-triangle", _("异常"), menu), mends),
        (Entry("/office/leaving", "user-share", _("离职转办"), menu), mends),
        (Entry("/people", "users", _("人员"), menu), people),
        (Entry("/units", "building", _("单位"), menu), units),
        (Entry("/posts", "shield-lock", _("岗位"), menu), people),
        (Entry("/audit", "shield-lock", _("审计"), menu), can(person, "read_audit")),
        (Entry("/calendar", "calendar", _("日历"), menu), calendar),
    ]
