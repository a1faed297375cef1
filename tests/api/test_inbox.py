"""The inbox and the task page, from the first item to the last."""

from tests.api.conftest import Browse
from tests.engine.runtime.world import World, in_a_row, user

TWO_STEPS = in_a_row(
    user("fill", "unit.liaison", name="填报目标", due='= date("2018-03-09")'),
    user(
        "sign", "unit.head", name="签发目标", form_id="review", outcomes="approve:同意,reject:不同意",
        opinion="required:reject", verbs="return_to",
    ),
)  # fmt: skip


def test_the_inbox_is_the_first_page_after_log_in_and_names_business_step_and_deadline(
    world: World, browse: Browse
) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    text = browse("ling").get("/inbox").text
    assert "2018 年度目标制定" in text
    assert "填报目标" in text
    assert "2018-03-09" in text
    assert "还有 6 个工作日" in text


def test_a_task_goes_from_desk_to_desk(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    liaison = browse("ling")
    item = world.item("ling")
    page = liaison.get(f"/tasks/{item.item_id}").text
    assert "提交后进入:签发目标" in page
    sent = {"version": "1", "value": "49", "note": "<b>不是</b>"}
    answer = liaison.post(f"/tasks/{item.item_id}/complete", data=sent)
    assert answer.status_code == 303, answer.text
    done = liaison.get(answer.headers["location"]).text
    assert "已提交" in done
    assert "签发目标" in done
    assert "&lt;b&gt;不是&lt;/b&gt;" in done
    head = browse("tou")
    item = world.item("tou")
    page = head.get(f"/tasks/{item.item_id}").text
    assert "同意" in page
    answer = head.post(f"/tasks/{item.item_id}/complete", data={"version": "1", "outcome": "approve"})
    assert answer.status_code == 303
    assert world.status(instance) == "completed"
