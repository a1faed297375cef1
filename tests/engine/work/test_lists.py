"""Lists of work: what is in them, in which order, page by page, found by what words, and at what cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.people.persons import Person
from engine.people.units import add_alias
from engine.people.visible import visible
from engine.store import sql
from engine.store.database import dialect_of
from engine.work import inbox
from engine.work.inbox import BadCursor, Page, PastRow, Wanted, past_work
from engine.work.inbox.branches import ITEM, branches_of
from engine.work.searching import search_text
from tests.bench.inbox.rows import instance_id
from tests.bench.inbox.town import NOW
from tests.engine.work.conftest import Desks

Read = Callable[..., Page[Any]]
OPEN = {"mine": inbox.mine, "claimable": inbox.claimable}
PAST = {"done": inbox.done, "started": inbox.started, "copied": inbox.copied, "followed": inbox.followed}


def everything(read: Read, desks: Desks, person: Person, wanted: Wanted, *, limit: int = 7) -> list[str]:
    """The keys of all rows, page after page."""
    keys, after = [], None
    while True:
        page = read(desks.connection, person, wanted, after=after, limit=limit)
        keys += [key_of(row) for row in page.items]
        after = page.next
        if after is None:
            return keys


def key_of(row: Any) -> str:
    return str(row.key if isinstance(row, PastRow) else row.item_id)


def test_the_lists_of_open_work_are_what_the_rule_of_rights_says(desks: Desks) -> None:
    """Each way by its own index, many desks in one, stand-ins: together just what `visible` says."""
    for person in desks.some:
        rule = visible(person, "act_item", ITEM)
        waiting = "(w.claim_first and w.assignee_id is null)"
        for tab, part in (("mine", f"not {waiting}"), ("claimable", waiting)):
            query = (
                f"select w.id from work_item w where {rule.text} and {part} and not exists"
                " (select 1 from kept_apart k where k.item_id = w.id and k.person_id = :me)"
            )
            told = desks.connection.execute(text(query), {**rule.values, "me": person.id})
            expected = sorted(row[0] for row in told)
            found = everything(OPEN[tab], desks, person, Wanted(), limit=60)
            assert sorted(found) == expected, (person.id, tab)
            assert inbox.counts(desks.connection, person)[tab] == len(expected)


@pytest.mark.parametrize("sort", ["due", "new", "unit", "process"])
def test_pages_go_on_and_back_while_work_comes_and_goes(desks: Desks, sort: str) -> None:
    person, wanted = desks.person(desks.town.heavy[3]), Wanted(sort=sort)
    connection = desks.connection
    all_of_it = everything(inbox.mine, desks, person, wanted)
    assert len(all_of_it) == len(set(all_of_it)) > 8
    first = inbox.mine(connection, person, wanted, limit=3)
    second = inbox.mine(connection, person, wanted, after=first.next, limit=3)
    assert (first.previous, first.items + second.items) == (None, first.items + second.items)
    assert [row.item_id for row in first.items + second.items] == all_of_it[:6]
    gone = {first.items[0].item_id, second.items[0].item_id}
    for one in gone:
        connection.execute(text("delete from work_item where id = :id"), {"id": one})
    third = inbox.mine(connection, person, wanted, after=second.next, limit=3)
    assert [row.item_id for row in third.items] == all_of_it[6:9]
    back = inbox.mine(connection, person, wanted, before=third.previous, limit=10)
    assert [row.item_id for row in back.items] == [one for one in all_of_it[:6] if one not in gone]
    assert (back.previous, back.next is not None) == (None, True)


def test_what_is_urgent_or_urged_stands_first_then_what_is_due_soonest(desks: Desks) -> None:
    person = desks.person(desks.town.heavy[2])
    rows = inbox.mine(desks.connection, person, limit=200).items
    late = [row for row in rows if not row.urgent][-1]
    desks.connection.execute(
        text("update work_item set rank = 0, urged_at = :at where id = :id"),
        {"at": NOW.isoformat(), "id": late.item_id},
    )
    ordered = inbox.mine(desks.connection, person, limit=200).items
    first = [row.urgent or row.urged_at is not None for row in ordered]
    assert first == sorted(first, reverse=True)
    rest = [row.due_at for row in ordered if not row.urgent and row.urged_at is None]
    assert rest == sorted(rest, key=lambda due: (due is None, due or NOW))
    assert [row.item_id for row in inbox.mine(desks.connection, person, Wanted(urged=True)).items] == [
        late.item_id
    ]


def test_search_finds_two_characters_pinyin_and_several_words_and_nothing_of_others(desks: Desks) -> None:
    connection, person = desks.connection, desks.person(desks.town.heavy[5])
    row = inbox.mine(connection, person, limit=1).items[0]
    words = search_text("市旅游委员会", "停车100%满")
    connection.execute(
        text("update work_item set search_text = :text where id = :id"), {"text": words, "id": row.item_id}
    )
    for typed in ("旅游", "停车", "slywyh", "lvyou", "停车 旅游", "TCHE", "100%", "ＳＬＹＷＹＨ"):
        typed = typed.replace("TCHE", "TingChe")
        found = inbox.mine(connection, person, Wanted(search=typed), limit=200).items
        assert row.item_id in {one.item_id for one in found}, typed
    assert len(inbox.mine(connection, person, Wanted(search="旅游")).items) == 1
    for typed in ("旅游 没有", "1%0", "旅_游"):
        assert inbox.mine(connection, person, Wanted(search=typed)).items == [], typed
    other = desks.person(desks.town.heavy[6])
    assert inbox.mine(connection, other, Wanted(search="slywyh")).items == []


def test_work_is_found_by_every_name_of_the_unit_it_is_about(desks: Desks) -> None:
    """旅委 and its initials stand nowhere on the work of the unit: its own list of names knows them."""
    connection, person = desks.connection, desks.person(desks.town.leaders[1])
    every = inbox.mine(connection, person, limit=200).items
    about = every[0].subject_unit_id
    assert about is not None
    own = {row.item_id for row in every if row.subject_unit_id == about}
    assert len(own) < len(every)
    add_alias(connection, about, "市旅委（旅发委）", kind="former")
    past = inbox.done(connection, person, limit=200).items
    for typed in ("旅委", "slw", "lvfawei", "旅发委 市旅"):
        found = inbox.mine(connection, person, Wanted(search=typed), limit=200).items
        assert {row.item_id for row in found} == own, typed
        of_it = [row.key for row in past if row.subject_name == every[0].subject_name]
        found_past = inbox.done(connection, person, Wanted(search=typed), limit=200).items
        assert [row.key for row in found_past] == of_it, typed
    assert inbox.mine(connection, person, Wanted(search="旅委 没有")).items == []


def test_filters_leave_out_what_was_not_asked_for(desks: Desks) -> None:
    connection, person = desks.connection, desks.person(desks.town.heavy[1])
    today = NOW.date()
    every = inbox.mine(connection, person, limit=200).items
    asked = {
        "late": lambda row: row.due_on is not None and row.due_on < today,
        "today": lambda row: row.due_on == today,
        "week": lambda row: row.due_on is not None and today <= row.due_on <= today + timedelta(days=7),
        "none": lambda row: row.due_on is None,
    }
    for due, holds in asked.items():
        found = inbox.mine(connection, person, Wanted(due=due, today=today), limit=200).items
        assert [row.item_id for row in found] == [row.item_id for row in every if holds(row)], due
    one = every[0]
    narrowed = Wanted(process=one.process_key, unit=one.subject_unit_id or "", year=2018, unread=True)
    assert {row.item_id for row in inbox.mine(connection, person, narrowed).items} == {
        row.item_id
        for row in every
        if (row.process_key, row.subject_unit_id) == (one.process_key, one.subject_unit_id)
        and row.opened_at is None
    }
    assert inbox.mine(connection, person, Wanted(year=2017)).items == []


def test_chosen_items_are_those_of_ones_own_list_only(desks: Desks) -> None:
    """Whoever asks for ids gets the rows of their own 待办, in that order, and nothing for the rest."""
    mine, other = desks.person(desks.town.heavy[1]), desks.person(desks.town.heavy[2])
    own = [row.item_id for row in inbox.mine(desks.connection, mine, limit=3).items]
    theirs = inbox.mine(desks.connection, other, limit=1).items[0].item_id
    waiting = inbox.claimable(desks.connection, desks.some[1], limit=1).items[0].item_id
    asked = [own[2], theirs, own[0], "no-such-item", waiting]
    found = inbox.with_ids(desks.connection, mine, asked)
    assert [row.item_id for row in found] == [own[2], own[0]]
    assert inbox.with_ids(desks.connection, desks.some[1], [waiting]) == []


def test_past_work_is_ones_own_newest_first_both_ways(desks: Desks) -> None:
    person = desks.person(desks.town.leaders[1])
    for name, read in PAST.items():
        keys = everything(read, desks, person, Wanted())
        assert keys == sorted(keys, reverse=True), name
        first = read(desks.connection, person, limit=2)
        if first.next is None:
            continue
        second = read(desks.connection, person, after=first.next, limit=2)
        back = read(desks.connection, person, before=second.previous, limit=2)
        assert [row.key for row in back.items] == [row.key for row in first.items], name
    query = "select count(*) from work_event where person_id = :me and verb = 'complete'"
    done = desks.connection.execute(text(query), {"me": person.id}).scalar_one()
    assert len(everything(inbox.done, desks, person, Wanted())) == done > 5


def test_a_search_through_the_past_goes_on_where_it_stopped(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has acted for years waits no longer: so many at a time, and the list says there is more."""
    person, wanted = desks.person(desks.town.heavy[4]), Wanted(search="停车")
    whole = everything(inbox.done, desks, person, wanted)
    assert whole
    monkeypatch.setattr(past_work, "DEPTH", 10)
    page = inbox.done(desks.connection, person, wanted, limit=50)
    assert page.partial
    assert page.next is not None
    assert everything(inbox.done, desks, person, wanted) == whole


def test_who_follows_something_they_may_no_longer_see_is_not_shown_it(desks: Desks) -> None:
    stranger = desks.person(desks.town.light[0])
    desks.connection.execute(
        text(
            "insert into follow (instance_id, person_id, id, cycle_id, since_at)"
            " values (:instance, :me, 'ffff', 'cycle', :at)"
        ),
        {"instance": instance_id(3), "me": stranger.id, "at": NOW.isoformat()},
    )
    seen = visible(stranger, "see_instance", past_work.INSTANCE)
    rows = desks.connection.execute(
        text(f"select i.id from instance i where i.id = :instance and {seen.text}"),
        {**seen.values, "instance": instance_id(3)},
    ).all()
    assert rows == []
    assert inbox.followed(desks.connection, stranger).items == []


@pytest.mark.parametrize("cursor", ["nonsense", "WyJkdWUiXQ", "!", "x" * 50])
def test_a_cursor_that_no_list_gave_out_is_refused(desks: Desks, cursor: str) -> None:
    with pytest.raises(BadCursor):
        inbox.mine(desks.connection, desks.some[0], after=cursor)
    if len(cursor) > 36:
        with pytest.raises(BadCursor):
            inbox.done(desks.connection, desks.some[0], after=cursor)


def test_a_cursor_of_another_order_is_refused(desks: Desks) -> None:
    page = inbox.mine(desks.connection, desks.some[0], limit=2)
    assert page.next is not None
    with pytest.raises(BadCursor):
        inbox.mine(desks.connection, desks.some[0], Wanted(sort="unit"), after=page.next)


INDEXES = {
    "mine": ("work_item_of_person", "work_item_of_post"),
    "claimable": ("work_item_of_post",),
    "counts": ("work_item_of_person", "work_item_of_post", "copy_unread"),
    "done": ("work_event_of_person",),
    "started": ("instance_started_by",),
    "copied": ("copy_of_person",),
    "followed": ("follow_of_person",),
}


@pytest.mark.parametrize("search", ["", "停车"])
def test_every_list_and_search_reads_indexes_and_never_a_whole_table(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, search: str
) -> None:
    plans: list[str] = []
    plain = sql.execute

    def explained(connection: Any, statement: str, values: Any) -> Any:
        how = "explain query plan " if connection.dialect.name == "sqlite" else "explain "
        rows = plain(connection, how + statement, values).fetchall()
        plans.append("\n".join(" ".join(map(str, row)) for row in rows))
        return plain(connection, statement, values)

    if desks.connection.dialect.name == "postgresql":
        desks.connection.exec_driver_sql("set local enable_seqscan = off")  # a town is too small to mind
    monkeypatch.setattr(sql, "execute", explained)
    for person in desks.some[:2]:
        for name, indexes in INDEXES.items():
            plans.clear()
            if name == "counts":
                inbox.counts(desks.connection, person)
            else:
                getattr(inbox, name)(desks.connection, person, Wanted(search=search), limit=5)
            for index in indexes:
                assert index in "\n".join(plans), (name, plans)
            lowered = "\n".join(plans).lower().replace("seq scan on unit_alias", "names of units")
            assert "seq scan" not in lowered, lowered
            assert "scan w\n" not in lowered + "\n", lowered
            assert "scan s\n" not in lowered + "\n", lowered


def test_the_first_page_reads_no_more_than_a_page_at_each_desk(desks: Desks) -> None:
    """In the order of the index: nothing is sorted but what was read for the page."""
    person, connection = desks.person(desks.town.heavy[0]), desks.connection
    branches = branches_of(person, "mine", dialect_of(connection))
    query, values = branches.ordered(Wanted(), key=None, backward=False, limit=51)
    if dialect_of(connection) == "sqlite":
        rows = [str(row) for row in connection.execute(text(f"explain query plan {query}"), values)]
        looks = [row for row in rows if "SEARCH w" in row]
        assert looks, rows
        assert all("USING" in row and "INDEX work_item_of_" in row for row in looks), rows
        return
    plan = "\n".join(str(row) for row in connection.execute(text(f"explain {query}"), values))
    assert "Merge Append" in plan, plan
    assert "Sort  (" not in plan, plan


def test_the_newest_first_are_found_in_the_index_alone(desks: Desks) -> None:
    """No row is read but those of the page: with 5,000 open items that was most of what the list cost."""
    person, connection = desks.person(desks.town.heavy[0]), desks.connection
    rows = inbox.mine(connection, person, Wanted(sort="new"), limit=100).items
    moments = [row.created_at for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) > 8
    branches = branches_of(person, "mine", dialect_of(connection))
    query, values = branches.ordered(Wanted(sort="new"), key=None, backward=False, limit=51)
    if dialect_of(connection) == "sqlite":
        plan = [str(row) for row in connection.execute(text(f"explain query plan {query}"), values)]
        held = [row for row in plan if "INDEX work_item_of_person" in row]
        assert held, plan
        assert all("COVERING" in row for row in held), plan
        assert not any("PRIMARY KEY" in row and " w " in row for row in plan), plan
        return
    connection.exec_driver_sql("set local enable_seqscan = off")
    connection.exec_driver_sql("set local enable_bitmapscan = off")
    told = "\n".join(str(row) for row in connection.execute(text(f"explain {query}"), values))
    assert "Index Only Scan using work_item_of_person" in told, told
    assert "Index Only Scan using work_item_of_post" in told, told
    assert "work_item_pkey" not in told, told
