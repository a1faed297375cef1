"""评论: who may say something, whom an @ may name, what stays of a wording, and how words go for good."""

import pytest

from engine.verbs.others.commenting import comment, erase_comment, reword
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible
from engine.work.comments import Said, comments_of, wordings_of
from engine.work.mentions import names_in
from engine.work.notices import notices_of
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user


def begun(world: World) -> str:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("check", "unit.head")))
    instance = world.start()
    world.complete("ling", "fill")
    return instance


def say(world: World, login: str, instance: str, text: str) -> str:
    return comment(world.engine, world.person(login), instance, text)


def said(world: World, instance: str) -> list[Said]:
    with world.engine.database.read() as connection:
        return comments_of(connection, instance)


def told(world: World, login: str) -> list[str]:
    with world.engine.database.read() as connection:
        return [row["kind"] for row in notices_of(connection, world.person(login))]


def test_a_comment_names_somebody_who_gets_a_notice_and_moves_nothing(world: World) -> None:
    instance = begun(world)
    item = world.item("tou")
    say(world, "tou", instance, "@张玲 年末数再核一下，@tou 自己也看。")
    (one,) = said(world, instance)
    assert (one.person_name, one.mentioned, one.wordings) == ("王局", ("张玲", "王局"), 1)
    assert told(world, "ling") == ["mention"]
    assert told(world, "tou") == []
    assert world.item("tou") == item


@ON_SQLITE
@pytest.mark.parametrize("name", ["李联", "没有这人", "ling2"])
def test_who_may_not_see_the_instance_is_named_no_more_than_nobody(world: World, name: str) -> None:
    instance = begun(world)
    with pytest.raises(Invalid, match=f"没有叫“{name}”、又能看这个流程的人"):
        say(world, "tou", instance, f"请 @{name} 看看")
    assert said(world, instance) == []


@ON_SQLITE
def test_a_stranger_says_and_learns_nothing(world: World) -> None:
    instance = begun(world)
    theirs = say(world, "ling", instance, "请快些")
    for attempt in (
        lambda: say(world, "ling2", instance, "我也说一句"),
        lambda: reword(world.engine, world.person("ling2"), theirs, "改"),
        lambda: erase_comment(world.engine, world.person("ling2"), theirs),
        lambda: say(world, "ling", "no-such-instance", "?"),
    ):
        with pytest.raises(NotVisible):
            attempt()


@ON_SQLITE
def test_wordings_are_kept_and_only_new_names_are_told(world: World) -> None:
    instance = begun(world)
    mine = say(world, "tou", instance, "@张玲 请核")
    reword(world.engine, world.person("tou"), mine, "@张玲 @tou 请再核")
    reword(world.engine, world.person("tou"), mine, "@张玲 @tou 请再核")
    (one,) = said(world, instance)
    assert (one.text, one.wordings) == ("@张玲 @tou 请再核", 2)
    assert told(world, "ling") == ["mention"]
    with world.engine.database.read() as connection:
        assert [w.text for w in wordings_of(connection, mine)] == ["@张玲 请核", "@张玲 @tou 请再核"]
    with pytest.raises(NotAllowed, match="只能由写的人修改"):
        reword(world.engine, world.person("ling"), mine, "替他改")


def test_erasing_takes_every_wording_and_leaves_the_row(world: World) -> None:
    instance = begun(world)
    mine = say(world, "tou", instance, "身份证号 330106")
    reword(world.engine, world.person("tou"), mine, "证件号见附件")
    with pytest.raises(NotAllowed, match="由写的人或考评办清除"):
        erase_comment(world.engine, world.person("ling"), mine)
    erase_comment(world.engine, world.person("tou"), mine)
    (one,) = said(world, instance)
    assert (one.text, one.erased_by) == (None, "王局")
    assert world.scalar("select count(*) from work_text where content_text like '%330106%'") == 0
    with pytest.raises(Closed):
        reword(world.engine, world.person("tou"), mine, "又来")


@ON_SQLITE
@pytest.mark.parametrize("text", ["", "  \n", "长" * 2001])
def test_nothing_and_too_much_are_refused(world: World, text: str) -> None:
    with pytest.raises(Invalid):
        say(world, "tou", begun(world), text)


def test_names_end_where_a_name_can_not_go_on() -> None:
    assert names_in("@张玲，请 @u20.liaison. 看；写信给 a@b.cn；＠阿卜杜·热合曼 好") == [
        "张玲",
        "u20.liaison",
        "阿卜杜·热合曼",
    ]
