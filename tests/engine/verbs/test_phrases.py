"""常用意见: who is offered which, and who may keep them for whom."""

import pytest

from engine.work.phrases import (
    DEFAULTS,
    EVERYBODY,
    RefusedPhrase,
    Scope,
    add_phrase,
    may_keep,
    phrases_for,
    raise_phrase,
    read_phrase,
    remove_phrase,
    reword_phrase,
)
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World


def keep(world: World, login: str, content: str, *, scope: Scope = "own", owner: str | None = None) -> str:
    with world.engine.database.write() as connection:
        return add_phrase(
            connection,
            world.person(login),
            scope=scope,
            owner_id=world.people[login] if owner is None else owner,
            use="opinion",
            content=content,
            at=world.clock.now(),
        )


def offered(world: World, login: str) -> list[str]:
    with world.engine.database.read() as connection:
        found = phrases_for(connection, world.person(login))
    return [one.content for one in found if one.use == "opinion"]


def test_ones_own_come_first_then_the_units_then_everybodys(world: World) -> None:
    assert offered(world, "tou") == list(DEFAULTS["opinion"])
    keep(world, "tou", "请分管领导把关。", scope="unit", owner=world.units["U1"])
    keep(world, "tou", "同意，按程序办理。")
    assert offered(world, "tou")[:2] == ["同意，按程序办理。", "请分管领导把关。"]
    assert offered(world, "ling")[0] == "请分管领导把关。"
    assert offered(world, "tou2") == list(DEFAULTS["opinion"])
    keep(world, "mi", "拟同意。", scope="all", owner=EVERYBODY)
    assert offered(world, "tou2") == ["拟同意。"]


@ON_SQLITE
def test_a_phrase_is_worded_anew_moved_up_and_taken_away(world: World) -> None:
    first, second = keep(world, "tou", "一"), keep(world, "tou", "二")
    with world.engine.database.write() as connection:
        mine = phrases_for(connection, world.person("tou"))
        two = read_phrase(connection, second)
        assert two is not None
        raise_phrase(connection, two, mine)
        reword_phrase(connection, two, " 二   又 ")
    assert offered(world, "tou")[:2] == ["二 又", "一"]
    with world.engine.database.write() as connection:
        one = read_phrase(connection, first)
        assert one is not None
        remove_phrase(connection, one)
    assert offered(world, "tou")[:2] == ["二 又", DEFAULTS["opinion"][0]]


@ON_SQLITE
def test_another_persons_phrases_and_another_units_are_not_ones_to_keep(world: World) -> None:
    liaison = world.person("ling")
    assert may_keep(liaison, liaison.id)
    assert not may_keep(liaison, world.people["tou"])
    assert not may_keep(liaison, world.units["U2"])
    assert not may_keep(liaison, EVERYBODY)


@ON_SQLITE
@pytest.mark.parametrize("content", ["", "  ", "长" * 201])
def test_no_words_and_too_many_are_refused(world: World, content: str) -> None:
    with pytest.raises(RefusedPhrase):
        keep(world, "tou", content)
