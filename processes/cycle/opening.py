"""Opening a cycle: the profile becomes a version, its posts are defined, the year gets its calendar."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.ids import new_id
from engine.people.calendar import seed_calendar
from engine.people.posts import Grant, PostSpec, define_posts
from engine.people.tables import Unit
from engine.store.writing import insert_row
from processes.cycle.profile import Profile, load_profile
from processes.cycle.records import Cycle, ProfileVersion
from processes.tables import table_of

PROFILES = table_of(ProfileVersion)
CYCLES = table_of(Cycle)
UNITS = table_of(Unit)


class YearRefused(Exception):
    """The profile does not speak of this year, or the assessor has its cycle already."""


def store_profile(connection: Connection, profile: Profile) -> str:
    """The id of this profile's version; unchanged content keeps its version."""
    known = connection.execute(
        select(PROFILES.c.id).where(PROFILES.c.key == profile.key, PROFILES.c.digest == profile.digest)
    ).scalar_one_or_none()
    if known is not None:
        return str(known)
    last = connection.execute(
        select(func.max(PROFILES.c.number)).where(PROFILES.c.key == profile.key)
    ).scalar()
    version_id = new_id()
    insert_row(
        connection,
        PROFILES,
        id=version_id,
        key=profile.key,
        number=int(last or 0) + 1,
        title=profile.title,
        content=profile.content,
        digest=profile.digest,
    )
    return version_id


def open_cycle(
    connection: Connection,
    profile: Profile,
    *,
    assessor_id: str,
    year: int,
    at: datetime,
    run_mode: str = "formal",
    state: str = "planning",
) -> str:
    """Make the assessor's cycle of `year` under a profile; its id."""
    cycle_id = new_id()
    insert_row(
        connection,
        CYCLES,
        id=cycle_id,
        assessor_id=assessor_id,
        profile_version_id=store_profile(connection, profile),
        profile=profile.key,
        year=year,
        run_mode=run_mode,
        state=state,
        calendar=profile.calendar_of(year),
        created_at=at,
    )
    return cycle_id


def open_year(connection: Connection, profile: Profile, *, assessor_id: str, year: int, at: datetime) -> str:
    """Make the formal cycle of `year`, with working days for it and its neighbours; its id.

    Raises: YearRefused.
    """
    if year not in profile.content["years"]:
        years = "、".join(str(one) for one in profile.content["years"])
        raise YearRefused(f"方案“{profile.title}”没有 {year} 年度，它有的是 {years}。")
    # Two people may ask for the same year at the same moment.
    connection.execute(select(UNITS.c.id).where(UNITS.c.id == assessor_id).with_for_update())
    if year in _years(connection, assessor_id):
        raise YearRefused(f"{year} 年度已经建立。")
    seed_calendar(connection, assessor_id, range(year - 1, year + 2))
    return open_cycle(connection, profile, assessor_id=assessor_id, year=year, at=at)


def next_year(connection: Connection, assessor_id: str) -> tuple[int, Profile] | None:
    """The year after the assessor's last one with the newest state of its profile; None past its end."""
    newest = connection.execute(
        select(CYCLES.c.year, CYCLES.c.profile)
        .where(CYCLES.c.assessor_id == assessor_id, CYCLES.c.run_mode == "formal")
        .order_by(CYCLES.c.year.desc())
    ).first()
    if newest is None:
        return None
    profile = load_profile(newest.profile)
    year = int(newest.year) + 1
    return (year, profile) if year in profile.content["years"] else None


def _years(connection: Connection, assessor_id: str) -> set[int]:
    query = select(CYCLES.c.year).where(CYCLES.c.assessor_id == assessor_id, CYCLES.c.run_mode == "formal")
    return set(connection.execute(query).scalars())


def posts_of(profile: Profile) -> list[PostSpec]:
    """The city's posts with their names and rights, as the profile says."""
    grants = profile.content["grants"]
    return [
        PostSpec(
            key=key,
            name=post["name"],
            name_en=post.get("nameEn", ""),
            rank=int(post.get("rank", 0)),
            duty=post.get("duty", ""),
            seat=post.get("seat", "unit"),
            separation=post.get("separation", ""),
            grants=tuple(Grant(act, reach) for reach, acts in grants.get(key, {}).items() for act in acts),
        )
        for key, post in profile.content["posts"].items()
    ]


def define_posts_of(connection: Connection, profile: Profile) -> None:
    """Define the city's posts in the database."""
    define_posts(connection, posts_of(profile))
