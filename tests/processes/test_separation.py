"""三员分立 as Hangzhou's profile sets it: five sides, and nobody on two of them."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from engine.people.memberships import appoint
from engine.people.passwords import PasswordRules, Passwords
from engine.people.posts import define_posts, list_posts
from engine.people.refusals import PeopleRefused
from engine.people.tables import Membership
from engine.people.units import ASSESSOR, UnitSpec, add_unit
from engine.people.users import create_user
from engine.store import Database
from processes.cycle.opening import posts_of
from processes.cycle.profile import load_profile
from processes.demo import build_demo
from processes.tables import table_of

CHEAP = Passwords(PasswordRules(time_cost=1, memory_cost=32, parallelism=1))
FROM = date(2018, 1, 1)
SIDES = {
    "office.staff": "office",
    "office.reviewer": "office",
    "office.head": "office",
    "supervision": "supervision",
    "admin.system": "system",
    "admin.security": "security",
    "admin.audit": "audit",
}


def city_with_one_person(connection: Connection) -> Callable[[str], None]:
    """The profile's posts and one person; what appoints that person to a post."""
    define_posts(connection, posts_of(load_profile("hangzhou_13fyp")))
    city = add_unit(connection, UnitSpec(code="HZ", name="杭州市", kind=ASSESSOR))
    user = create_user(connection, login="li.si", name="李四", passwords=CHEAP)

    def put(post: str) -> None:
        appoint(connection, user_id=user.id, unit_id=city.id, post_key=post, from_on=FROM)

    return put


def test_every_post_of_a_side_says_so() -> None:
    said = {post.key: post.separation for post in posts_of(load_profile("hangzhou_13fyp"))}
    assert {key: side for key, side in said.items() if side} == SIDES


def test_nobody_stands_on_two_sides(database: Database) -> None:
    allowed = []
    for held, side in SIDES.items():
        for wanted in (post for post, other in SIDES.items() if other != side):
            with database.read() as connection:  # rolled back: nothing is kept between two pairs
                put = city_with_one_person(connection)
                put(held)
                try:
                    put(wanted)
                except PeopleRefused as refused:
                    assert refused.code == "separation"
                else:
                    allowed.append((held, wanted))
    assert allowed == []


def test_posts_of_one_side_may_meet(database: Database) -> None:
    with database.write() as connection:
        put = city_with_one_person(connection)
        put("office.staff")
        put("office.head")
        put("designer")


def test_the_people_of_the_demonstration_keep_to_their_sides(database: Database) -> None:
    with database.write() as connection:
        build_demo(connection, password_hash=CHEAP.hash("bihuan"))
        sides = {post.key: post.separation for post in list_posts(connection)}
        held: dict[str, set[str]] = defaultdict(set)
        for row in connection.execute(table_of(Membership).select()):
            held[row.user_id] |= {sides[row.post_key]} - {""}
    assert [person for person, found in held.items() if len(found) > 1] == []
    assert {side for found in held.values() for side in found} == set(SIDES.values())
