"""The frame around every page: who is logged in, where one can go, what is unread."""

from dataclasses import dataclass

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
    active: bool = False
    count: int = 0


@dataclass(frozen=True)
class Shell:
    """What the layout shows of the person."""

    person_name: str
    unit_name: str
    unread: int
    entries: tuple[Entry, ...]


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
    here = max((place.href for place in places if path.startswith(place.href)), key=len, default="")
    entries = tuple(Entry(place.href, place.icon, place.label, active=place.href == here) for place in places)
    return Shell(person.name, name, unread(connection, person), entries)


def _places(person: Person, home: str | None) -> list[tuple[Entry, bool]]:
    return [
        (Entry("/inbox", "inbox", _("待办")), True),
        (Entry(f"/units/{home}/targets", "target-arrow", _("本单位目标")), _has_targets(person, home)),
        (Entry(f"/units/{home}/decomposition", "route", _("目标分解")), _has_targets(person, home)),
        (Entry("/office/decomposition", "route", _("目标分解")), sees_all_targets(person)),
        (Entry("/duties", "flag", _("我的指标")), _has_targets(person, home)),
        (Entry(f"/units/{home}/divisions", "building", _("处室")), _keeps_divisions(person, home)),
        (Entry("/office", "list-check", _("总览")), is_office(person)),
        (Entry("/office/year", "calendar-due", _("年度日程")), follows_the_year(person)),
        (
            Entry("/plans", "target-arrow", _("各单位目标")),
            sees_all_targets(person) and not is_office(person),
        ),
        (Entry("/targets", "flag", _("待下达")), can(person, "assign_target")),
        (Entry("/monitoring", "eye", _("监控")), sees_all_targets(person)),
        (Entry(f"/units/{home}/progress", "checks", _("本单位进度")), _has_targets(person, home)),
        (Entry("/office/data", "file-upload", _("数据采集")), is_office(person)),
        (Entry("/data", "file-upload", _("数据采集")), _has_targets(person, home) and not is_office(person)),
        (Entry("/innovation", "flag", _("创新创优")), can(person, "see_instance")),
        (Entry("/rectification", "refresh", _("意见整改")), can(person, "see_instance")),
        (Entry("/surveys", "message", _("满意度调查")), can(person, "run_survey", "see_scores")),
        (Entry("/office/grading", "checks", _("综合评定")), sees_all_scores(person)),
        (Entry(f"/units/{home}/score", "checks", _("成绩单")), _has_scores(person, home)),
        (Entry("/processes", "route", _("流程")), knows_processes(person)),
        (Entry("/people", "users", _("人员")), can(person, "see_people", "manage_people", "manage_rights")),
        (Entry("/units", "building", _("单位")), can(person, "see_people", "manage_people", "run_cycle")),
        (
            Entry("/posts", "shield-lock", _("岗位")),
            can(person, "see_people", "manage_people", "manage_rights"),
        ),
        (Entry("/audit", "shield-lock", _("审计")), can(person, "read_audit")),
        (Entry("/calendar", "calendar", _("日历")), can(person, "edit_calendar", "manage_people")),
    ]
