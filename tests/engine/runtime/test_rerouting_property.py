"""Whatever happens to the people: every open item has somebody who may act, or a notice that nobody may."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from engine.audit.chain import broken_chains
from engine.clock import end_of_day
from engine.people.memberships import appoint, end_membership, memberships_of
from engine.people.persons import Person, person_of
from engine.people.refusals import PeopleRefused
from engine.people.rights import may
from engine.people.stand_ins import set_stand_in
from engine.people.users import set_active
from engine.store import Database
from engine.verbs.visit import thing_of
from engine.work import inbox
from engine.work.items import Item, assign, read_item
from engine.work.rerouting import QUERIES, _Settling, ask_unsettled, settle
from tests.engine.runtime.world import World, build_world, in_a_row, user

DAY = date(2018, 3, 1)
PEOPLE = ("ling", "lu", "tou", "ling2", "ban1", "ban2", "kao")
POSTS = (
    ("U1", "liaison"), ("U1", "vice_head"), ("U1", "head"), ("U2", "liaison"), ("OF", "office.staff"),
)  # fmt: skip

LAST = "on conflict do nothing"
who, days = st.sampled_from(PEOPLE), st.integers(0, 6)
CHANGES = st.one_of(
    st.tuples(st.just("appoint"), who, st.sampled_from(POSTS), days, days),
    st.tuples(st.just("end"), st.integers(0, 20), days),
    st.tuples(st.just("leave"), st.integers(0, 3), days),
    st.tuples(st.just("active"), who, st.booleans()),
    st.tuples(st.just("stand_in"), who, who, days),
    st.tuples(st.just("claim"), st.integers(0, 3), days),
    st.tuples(st.just("draft"), st.integers(0, 3), days),
    st.tuples(st.just("day_passes"), st.integers(1, 4)),
)


class Walk:
    """One story of changes in one transaction that is taken back at the end."""

    def __init__(self, world: World, connection: Connection) -> None:
        self.world, self.connection, self.day = world, connection, DAY

    def do(self, change: tuple[Any, ...]) -> None:
        kind, *rest = change
        savepoint = self.connection.begin_nested()
        try:
            getattr(self, kind)(*rest)
            savepoint.commit()
        except PeopleRefused:
            savepoint.rollback()
        settle(self.connection, at=end_of_day(self.day), today=self.day)

    def appoint(self, login: str, post: tuple[str, str], start: int, length: int) -> None:
        begin = self.day + timedelta(days=start)
        appoint(
            self.connection,
            user_id=self.world.people[login],
            unit_id=self.world.units[post[0]],
            post_key=post[1],
            from_on=begin,
            until_on=begin + timedelta(days=length),
        )

    def end(self, number: int, ago: int) -> None:
        held = list(self.connection.execute(text("select id from membership order by id")).scalars())
        end_membership(self.connection, held[number % len(held)], until_on=self.day - timedelta(days=ago))

    def active(self, login: str, active: bool) -> None:
        set_active(self.connection, self.world.people[login], active=active, clock=self.world.clock)

    def stand_in(self, login: str, other: str, length: int) -> None:
        until = self.day + timedelta(days=length)
        people = self.world.people
        set_stand_in(
            self.connection,
            user_id=people[login],
            stand_in_id=people[other],
            from_on=self.day,
            until_on=until,
        )

    def claim(self, item: int, one: int) -> None:
        """Somebody who may takes an item."""
        found, able = self.able(item)
        if able and found.assignee_id is None:
            assign(self.connection, found, assignee_id=able[one % len(able)], at=end_of_day(self.day))

    def draft(self, item: int, one: int) -> None:
        """Somebody who may begins to write."""
        found, able = self.able(item)
        if able:
            insert = "insert into draft (item_id, person_id, data_text, opinion, saved_at)"
            values = {"item": found.id, "me": able[one % len(able)]}
            statement = f"{insert} values (:item, :me, '{{}}', '', '2018-03-01T00:00:00.000000Z') {LAST}"
            self.connection.execute(text(statement), values)

    def able(self, number: int) -> tuple[Item, list[str]]:
        found = read_item(self.connection, self.items()[number % len(self.items())])
        assert found is not None
        own = [replace(one, stands_in=()) for one in self.people()]
        return found, [one.id for one in own if may(one, "act_item", thing_of(found))]

    def leave(self, item: int, one: int) -> None:
        """Who has an item, or could take it, leaves all posts."""
        found, able = self.able(item)
        if not able and found.assignee_id is None:
            return
        for held in memberships_of(self.connection, found.assignee_id or able[one % len(able)]):
            end_membership(self.connection, held.id, until_on=self.day - timedelta(days=1))

    def day_passes(self, length: int) -> None:
        self.day += timedelta(days=length)

    def items(self) -> list[str]:
        return list(self.connection.execute(text("select id from work_item order by id")).scalars())

    def person(self, login: str) -> Person:
        return person_of(self.connection, self.world.people[login], on=self.day)

    def people(self) -> list[Person]:
        found = []
        for login in self.world.people:
            try:
                found.append(self.person(login))
            except PeopleRefused:
                continue
        return found

    def check(self) -> None:
        """Who sees an item is who holds it today, or stands in; and never is it nobody unsaid."""
        assert not ask_unsettled(self.connection, today=self.day)()
        assert self.out_of_place() == [], "whatever the change, what it concerns was found"
        people = self.people()
        seen = {
            one.id: {
                row.item_id
                for page in (inbox.mine(self.connection, one), inbox.claimable(self.connection, one))
                for row in page.items
            }
            for one in people
        }
        for item_id in self.items():
            item = read_item(self.connection, item_id)
            assert item is not None
            desk = {one.id for one in people if self.holds(one, item.unit_id, item.post_key)}
            own = {item.assignee_id} & {one.id for one in people} if item.assignee_id else desk
            for_others = {one.id for one in people for other in one.stands_in if other.user_id in own}
            assert {one for one, items in seen.items() if item_id in items} == own | for_others
            if item.assignee_id is not None and item.post_key is not None:
                assert item.assignee_id in desk, "a claim does not outlive the post"
            assert own or self.told(item_id), "nobody may act and nothing says so"

    def out_of_place(self) -> list[str]:
        """Every open item is looked at, whatever has changed."""
        work = _Settling(self.connection, end_of_day(self.day), self.day)
        found = [QUERIES.row(self.connection, "item", id=item_id) for item_id in self.items()]
        return [item["id"] for item in found if item is not None and work._out_of_place(item)]

    def holds(self, one: Person, unit_id: str | None, post_key: str | None) -> bool:
        return any((held.unit_id, held.post_key) == (unit_id, post_key) for held in one.memberships)

    def told(self, item_id: str) -> bool:
        query = (
            "select count(*) from notification where item_id = :id and kind = 'vacant' and read_at is null"
        )
        return bool(self.connection.execute(text(query), {"id": item_id}).scalar())


def test_every_open_item_has_somebody_or_says_that_it_has_nobody(database: Database) -> None:
    world = build_world(database)
    world.deploy(
        planning=in_a_row(user("fill", "unit.liaison"), process='id="planning" name="甲"'),
        review=in_a_row(user("check", "unit.vice_head"), process='id="review" name="乙"'),
        sorting=in_a_row(
            user("sort", "assessor.office.staff", groups='= [post(assessor, "office.staff")]'),
            process='id="sorting" name="丙"',
        ),
    )
    for process, unit in (("planning", "U1"), ("planning", "U2"), ("review", "U1"), ("sorting", "U1")):
        world.start(process, unit=world.unit(unit))

    # The city's own postings were noted when it was laid; their second look falls due on the machine's clock,
    # at any moment of a story. They are looked at before the first one.
    with database.write() as connection:
        settle(connection, at=end_of_day(DAY), today=DAY)
        connection.execute(text("delete from posting_change"))

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(CHANGES, min_size=1, max_size=12))
    @example([("claim", 3, 0), ("leave", 3, 0)])
    @example([("leave", 0, 0), ("draft", 0, 0), ("appoint", "lu", POSTS[0], 0, 2), ("day_passes", 3)])
    def walk(changes: list[tuple[Any, ...]]) -> None:
        with database.read() as connection:  # which ends with a rollback
            story = Walk(world, connection)
            for change in changes:
                story.do(change)
                story.check()
            assert broken_chains(connection) == []

    walk()
