"""Pages that only work under way has: what else can be done, paper, a comment, what has stopped, who leaves.

On SQLite: nothing here differs between the homes.
"""

from playwright.sync_api import Page, expect

from engine.verbs.others.commenting import comment
from tests.api.test_incidents import FAILING, open_incidents
from tests.browser.together.plays import WHY, claimed, filled
from tests.browser.together.reading import sound
from tests.browser.together.town import Town

HOME = "sqlite"


def seen(page: Page, words: str) -> None:
    """The page is the one that is meant, and sound."""
    expect(page.locator("main")).to_contain_text(words)
    sound(page)


def test_what_else_may_be_done_and_paper(town: Town) -> None:
    instance = town.begin("reporting")
    filled(town, instance)
    item = town.item(instance, "tou")["id"]
    page = town.tab("tou", f"/tasks/{item}/verbs")
    seen(page, "请别人先办，办好回到您这里")
    page.goto(f"/tasks/{item}/print")
    seen(page, "审核数据")
    stranger = town.contexts["tou"].request  # the head may: so the refusal below is not of a broken address
    assert stranger.get(f"/tasks/{item}/pdf").status == 200
    town.tab("tou2")
    for way in ("verbs", "print", "pdf"):
        assert town.contexts["tou2"].request.get(f"/tasks/{item}/{way}").status == 404


def test_a_page_that_is_not_there(town: Town) -> None:
    for who, page in (("somebody", town.tab("ling")), ("nobody", town.stranger().new_page())):
        page.goto("/public/nowhere" if who == "nobody" else "/nowhere")
        seen(page, "没有找到这个页面")
    page.context.close()


def test_a_comment_by_itself(town: Town) -> None:
    instance = town.begin("reporting")
    said = comment(town.world.engine, town.world.person("ling"), instance, WHY)
    page = town.tab("ling", f"/comments/{said}")
    assert WHY in page.get_by_role("textbox").first.input_value()
    sound(page)
    town.tab("tou2")
    assert town.contexts["tou2"].request.get(f"/comments/{said}").status == 404


def test_what_has_stopped_and_all_of_the_same_cause(town: Town) -> None:
    town.world.deploy(planning=FAILING)
    filled(town, town.world.start(score="七十五"))
    (incident,) = open_incidents(town.world)
    page = town.tab("kao", f"/office/incidents/{incident['id']}")
    seen(page, "的表达式算不出结果")
    page.goto(f"/office/incidents/{incident['id']}/same")
    seen(page, "够高？")
    town.tab("ling")
    assert town.contexts["ling"].request.get(f"/office/incidents/{incident['id']}").status in (403, 404)


def test_the_work_of_who_leaves_goes_to_somebody_else(town: Town) -> None:
    instance = town.begin("claiming")
    claimed(town, instance)
    page = town.tab("kao", f"/office/leaving/{town.world.people['ban1']}")
    page.get_by_label("交给谁").first.fill("冯二")
    page.locator("#reason").fill(WHY)
    page.get_by_role("button", name="先看结果").click()
    expect(page.locator("#effect")).to_contain_text("冯二")
    sound(page)
    page.get_by_role("button", name="确认转办").click()
    seen(page, "冯二")
    town.world.engine.drain()
    expect(page.get_by_role("status").first).to_have_text("已转 1 项，转不了 0 项，还有 0 项。", timeout=9000)
    sound(page)
    assert town.item(instance, "ban2")["element_id"] == "check"
