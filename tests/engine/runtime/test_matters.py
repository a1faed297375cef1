"""事由: two instances about one unit are told apart by what the diagram says they are about."""

import pytest

from engine.runtime.steps.matters import LONGEST, matter_of
from engine.work import inbox as inboxes
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user

TITLE = '<zeebe:property name="bihuan:title" value="= issue" /></zeebe:properties>'


def titled(*tasks: str) -> bytes:
    """A process whose title is the variable `issue`."""
    drawn = in_a_row(*tasks).decode()
    return drawn.replace(SUBJECT, SUBJECT.replace("</zeebe:properties>", TITLE), 1).encode()


def test_the_rows_say_what_each_instance_is_about(world: World) -> None:
    world.deploy(planning=titled(user("fill", "unit.liaison"), user("sign", "unit.head")))
    for issue in ("垃圾分类", "停车难"):
        world.start(issue=issue)
    rows = world.inbox("ling")
    assert [(row.element_id, row.matter) for row in rows] == [("fill", "垃圾分类"), ("fill", "停车难")]
    with world.engine.database.read() as connection:
        found = inboxes.mine(connection, world.person("ling"), inboxes.Wanted(search="停车")).items
    assert [row.item_id for row in found] == [rows[1].item_id]


def test_a_task_may_say_more_than_its_process_and_the_history_keeps_it(world: World) -> None:
    tasks = user("fill", "unit.liaison", title='= issue + "：第一稿"'), user("sign", "unit.head")
    world.deploy(planning=titled(*tasks))
    world.start(issue="垃圾分类")
    assert world.item("ling").matter == "垃圾分类：第一稿"
    world.complete("ling", fields={"value": "1"})
    assert world.item("tou").matter == "垃圾分类"
    with world.engine.database.read() as connection:
        [done] = inboxes.done(connection, world.person("ling")).items
        [found] = inboxes.done(connection, world.person("ling"), inboxes.Wanted(search="第一稿")).items
    assert (done.matter, found.key) == ("垃圾分类：第一稿", done.key)


def test_a_process_without_a_title_has_no_matter(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    world.start()
    assert world.item("ling").matter == ""


def test_a_title_that_comes_to_nothing_is_none_and_stops_nobody(world: World) -> None:
    world.deploy(planning=titled(user("fill", "unit.liaison")))
    world.start()
    assert world.item("ling").matter == ""


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, ""),
        (" 两行\n文字 ", "两行 文字"),
        (12, "12"),
        ("长" * LONGEST, "长" * LONGEST),
        ("长" * (LONGEST + 1), "长" * (LONGEST - 1) + "…"),
    ],
)
def test_a_matter_is_one_line_that_fits_its_column(value: object, kept: str) -> None:
    assert matter_of(value) == kept
