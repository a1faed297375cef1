"""`bihuan verify`: says what does not hold and where; seals what holds."""

from sqlalchemy import text

from engine.store import Database, insert_rows
from tests.commands.line import Line
from tests.engine.runtime.world import BEGIN, build_world, in_a_row, user


def test_it_says_what_does_not_hold_and_seals_only_what_does(installed: Line) -> None:
    database = Database(installed.settings["BIHUAN_DATABASE_URL"])
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head")))
    instance = world.start()
    said = installed.run("verify")
    assert (said.status, said.out) == (0, "核对了 1 个流程实例，没有问题。\n")
    sealed = installed.run("verify", "--seal", "--json").json
    assert (sealed["instances"], sealed["faults"], sealed["seal"]["chains"]) == (1, [], 1)
    assert sealed["seal"]["hash"] in installed.run("verify").out

    with database.write() as connection:
        connection.execute(text("update work_item set wait_key = '77'"))
    said = installed.run("verify", "--seal")
    assert said.status == 1
    first, second, last, seal = said.out.splitlines()
    assert first == f"流程实例 {instance}（planning）：环节“fill”在等人办理，却没有待办"
    assert second.endswith("有一条环节“fill”的待办，却没有令牌在那里等待")
    assert (last, sealed["seal"]["hash"] in seal) == ("核对了 1 个流程实例，有 2 处问题。", True)
    faults = installed.run("verify", "--instance", instance, "--json").json["faults"]
    assert {(one["check"], one["instance_id"]) for one in faults} == {("items", instance)}
    said = installed.run("verify", "--instance", "nobody")
    assert (said.status, said.sentence) == (1, "nobody: 没有这个流程实例。")
    database.close()


def test_a_lost_attachment_and_a_changed_one_are_told(installed: Line) -> None:
    database = Database(installed.settings["BIHUAN_DATABASE_URL"])
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance = world.start()
    digest = "ab" + "0" * 62
    row = {
        "id": "f1", "cycle_id": "c", "instance_id": instance, "element_id": "fill", "field": "x",
        "digest": digest, "name": "a.pdf", "media_type": "application/pdf", "size": 3, "created_by": "p",
        "created_at": BEGIN,
    }  # fmt: skip
    with database.write() as connection:
        insert_rows(connection, "file", [row])
    where = {"data_dir": str(installed.folder)}
    said = installed.run("verify", **where)
    assert said.out.splitlines()[0] == "附件 f1：内容不在存放附件的文件夹里"
    installed.write(f"files/ab/{digest}", b"abc")
    said = installed.run("verify", **where)
    assert (said.status, said.out.splitlines()[0]) == (1, "附件 f1：内容与上传时不同")
    database.close()
