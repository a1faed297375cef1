"""岗位: the posts that diagrams name, and the references by which they name them.

Posts are data of a city; their keys are what diagrams and grants speak of.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, delete, func, or_, select
from sqlmodel import Session, col

from engine.people.acts import ACTS, ADMINISTER, REACHES, forbidden_together
from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.tables import Membership, Post, RightGrant

HEAD = "head"
"""Who answers for a unit when a post there is vacant (主要负责人)."""
OFFICE = ("office.staff", "office.head", "office.reviewer")
"""Who gets the work when the head's post is vacant too (绩效办), the first of these that is held."""

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
SEATS = ("unit", "assessor")


@dataclass(frozen=True)
class PostReference:
    """A post at a unit, as text `<unit id>#<post key>`."""

    unit_id: str
    post_key: str

    def __str__(self) -> str:
        return f"{self.unit_id}#{self.post_key}"


@lru_cache(maxsize=5_000)
def parse_reference(text: str) -> PostReference:
    """The reference that `text` names. Raises PeopleRefused when it is none."""
    unit_id, mark, key = text.partition("#")
    if not (mark and unit_id.strip() == unit_id != "" and _KEY.fullmatch(key)):
        raise PeopleRefused(
            "post_reference",
            f"“{text}”不是岗位引用。",
            hint='岗位引用写作“单位编号#岗位”，在流程图中用 post(unit, "liaison") 得到。',
            text=text,
        )
    return PostReference(unit_id, key)


def format_reference(unit_id: str, post_key: str) -> str:
    """The text that `parse_reference` reads; raises PeopleRefused for an impossible one."""
    text = f"{unit_id}#{post_key}"
    return str(parse_reference(text))


@dataclass(frozen=True)
class Grant:
    """One right of a post: an act and how far it reaches; see tables.RightGrant."""

    act: str
    reach: str
    cycle_id: str | None = None


@dataclass(frozen=True)
class PostSpec:
    """A post as a city defines it; see tables.Post for the meaning of seat and separation."""

    key: str
    name: str
    name_en: str = ""
    rank: int = 0
    duty: str = ""
    seat: str = "unit"
    separation: str = ""
    grants: tuple[Grant, ...] = ()


def define_posts(connection: Connection, posts: Iterable[PostSpec]) -> None:
    """Create or renew `posts` with their rights; posts that are not named stay as they are.

    Raises PeopleRefused for a malformed key, an unknown act or reach, or rights that must not meet in one
    post (三员分立). Nothing is written then.
    """
    specs = list(posts)
    for spec in specs:
        _check_post(spec)
    with records(connection) as session:
        for spec in specs:
            session.merge(
                Post(
                    key=spec.key,
                    name=spec.name,
                    name_en=spec.name_en,
                    rank=spec.rank,
                    duty=spec.duty,
                    seat=spec.seat,
                    separation=spec.separation,
                )
            )
        session.flush()
        for spec in specs:
            _replace_grants(session, spec.key, spec.grants)
        session.flush()


def set_grants(connection: Connection, post_key: str, grants: Sequence[Grant]) -> None:
    """Replace the rights of one post; the security administrator's act. Raises PeopleRefused."""
    with records(connection) as session:
        post = session.get(Post, post_key)
        if post is None:
            raise post_unknown(post_key)
        _check_grants(post_key, grants, separation=post.separation)
        _replace_grants(session, post_key, grants)
        session.flush()


def list_posts(connection: Connection) -> list[PostSpec]:
    """Every post with its rights, highest rank first."""
    with records(connection) as session:
        granted: dict[str, list[Grant]] = {}
        for row in session.scalars(select(RightGrant).order_by(col(RightGrant.act), col(RightGrant.reach))):
            granted.setdefault(row.post_key, []).append(Grant(row.act, row.reach, row.cycle_id))
        order = (col(Post.rank).desc(), col(Post.key))
        return [
            _spec_of(row, granted.get(row.key, ())) for row in session.scalars(select(Post).order_by(*order))
        ]


def remove_post(connection: Connection, post_key: str) -> None:
    """Remove a post nobody ever held. Raises PeopleRefused when someone did."""
    with records(connection) as session:
        held = session.scalar(
            select(func.count()).select_from(Membership).where(col(Membership.post_key) == post_key)
        )
        if held:
            raise PeopleRefused(
                "post_in_use", f"岗位“{post_key}”有 {held} 条任职记录，不能删除。", post=post_key
            )
        session.execute(delete(RightGrant).where(col(RightGrant.post_key) == post_key))
        session.execute(delete(Post).where(col(Post.key) == post_key))


def find_post(connection: Connection, text: str) -> PostSpec:
    """The post with this key, Chinese name or English name. Raises PeopleRefused."""
    with records(connection) as session:
        wanted = or_(col(Post.key) == text, col(Post.name) == text, col(Post.name_en) == text)
        rows = list(session.scalars(select(Post).where(wanted)))
    exact = [row for row in rows if row.key == text] or rows
    if len(exact) != 1:
        raise post_unknown(text)
    return _spec_of(exact[0], ())


def post_unknown(text: str) -> PeopleRefused:
    """The refusal for a post that is not defined."""
    hint = "可以用的岗位列在“岗位”页。岗位来自考评方案（profile）的 posts，要增加请改方案。"
    return PeopleRefused("post_unknown", f"没有定义岗位“{text}”。", hint=hint, post=text)


def _spec_of(row: Post, grants: Sequence[Grant]) -> PostSpec:
    return PostSpec(
        key=row.key,
        name=row.name,
        name_en=row.name_en,
        rank=row.rank,
        duty=row.duty,
        seat=row.seat,
        separation=row.separation,
        grants=tuple(grants),
    )


def _replace_grants(session: Session, post_key: str, grants: Iterable[Grant]) -> None:
    session.execute(delete(RightGrant).where(col(RightGrant.post_key) == post_key))
    for grant in dict.fromkeys(grants):
        session.add(RightGrant(post_key=post_key, act=grant.act, reach=grant.reach, cycle_id=grant.cycle_id))


def _check_post(spec: PostSpec) -> None:
    if not _KEY.fullmatch(spec.key) or len(spec.key) > 60:
        raise PeopleRefused(
            "post_key",
            f"岗位标识“{spec.key}”不合规。",
            hint="用小写英文、数字、下划线，以点分段，例如 office.reviewer。",
            post=spec.key,
        )
    if not spec.name.strip():
        raise PeopleRefused("post_name", f"岗位“{spec.key}”没有名称。", post=spec.key)
    if spec.seat not in SEATS:
        raise PeopleRefused("post_seat", f"岗位“{spec.key}”的归属只能是 unit 或 assessor。", post=spec.key)
    _check_grants(spec.key, spec.grants, separation=spec.separation)


def _check_grants(post_key: str, grants: Iterable[Grant], *, separation: str) -> None:
    listed = list(grants)
    for grant in listed:
        if grant.act not in ACTS:
            raise PeopleRefused("act_unknown", f"没有“{grant.act}”这项权限。", post=post_key, act=grant.act)
        if grant.reach not in REACHES:
            raise PeopleRefused("reach_unknown", f"权限范围“{grant.reach}”不存在。", post=post_key)
    if not separation and any(grant.act in ADMINISTER for grant in listed):
        raise PeopleRefused(
            "separation",
            f"三员分立：岗位“{post_key}”有管理员的权限，必须标明属于哪一员。",
            hint="在岗位上填写分立的一方，例如 system、security 或 audit。",
            post=post_key,
        )
    clash = forbidden_together(grant.act for grant in listed)
    if clash:
        first, second = clash
        raise PeopleRefused(
            "separation",
            f"三员分立：岗位“{post_key}”不能既有“{ACTS[first].name}”又有“{ACTS[second].name}”的权限。",
            post=post_key,
            acts=clash,
        )
