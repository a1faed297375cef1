"""What stands beside a task's form: phrases, who comes next, signatures, comments; all without a script."""

from base64 import b64encode

import pytest

from tests.api.conftest import Browse
from tests.api.diagrams import deploy_proof
from tests.api.test_paper import PNG
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"
BOTH = "approve:同意,return:退回"
STAFF = '= holders(post(assessor, "office.staff"))'


def the_item(browse: Browse, login: str) -> str:
    (row,) = browse(login).get(f"{API}/work-items").json()["items"]
    return str(row["id"])


def begun(world: World, **sign: str) -> str:
    given = {"outcomes": BOTH, "opinion": "required:return", **sign}
    world.deploy(planning=in_a_row(user("sign", "unit.head", **given), user("after", "unit.liaison")))
    return world.start()


@ON_SQLITE
def test_a_phrase_goes_into_the_opinion_by_way_of_the_draft(world: World, browse: Browse) -> None:
    begun(world)
    item, page = the_item(browse, "tou"), browse("tou")
    page.post("/phrases", data={"owner": world.people["tou"], "use": "opinion", "content": "请按程序办。"})
    shown = page.get(f"/tasks/{item}").text
    assert 'value="请按程序办。"' in shown
    sent = {"value": "49", "note": "", "opinion": "已阅。", "phrase": "请按程序办。"}
    moved = page.post(f"/tasks/{item}/phrase", data=sent)
    assert moved.headers["location"] == f"/tasks/{item}#opinion"
    shown = page.get(f"/tasks/{item}").text
    assert "已阅。\n请按程序办。" in shown
    assert 'value="49"' in shown
    back = {"where": "outcome:return", "opinion": "", "phrase": "数据有误，请核对后重报。"}
    assert page.post(f"/tasks/{item}/phrase", data=back).headers["location"].endswith("/return_to#opinion")
    assert "数据有误，请核对后重报。</textarea>" in page.get(f"/tasks/{item}/return_to").text
    assert 'value="49"' in page.get(f"/tasks/{item}").text


@ON_SQLITE
def test_phrases_of_others_are_out_of_reach(world: World, browse: Browse) -> None:
    page, tou = browse("ling2"), browse("tou")
    tou.post("/phrases", data={"owner": world.people["tou"], "use": "opinion", "content": "机密的话"})
    (mine,) = [one["id"] for one in tou.get(f"{API}/phrases").json()["items"] if one["content"] == "机密的话"]
    assert "机密的话" not in page.get("/phrases").text
    assert page.post(f"/phrases/{mine}", data={"does": "remove"}).status_code == 404
    for owner in (world.people["tou"], world.units["U1"]):
        sent = {"owner": owner, "use": "opinion", "content": "代笔"}
        assert page.post("/phrases", data=sent).status_code == 404
    everybody = page.post("/phrases", data={"owner": "", "use": "opinion", "content": "代笔"})
    assert everybody.status_code == 403


@ON_SQLITE
def test_the_page_says_who_comes_next_without_submitting(world: World, browse: Browse) -> None:
    begun(world)
    item, page = the_item(browse, "tou"), browse("tou")
    whole = page.post(f"/tasks/{item}/route", data={"value": "7", "note": ""}).text
    assert "张玲" in whole
    assert "返回办理" in whole
    part = page.post(f"/tasks/{item}/route", data={"value": "7"}, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'value="7"' in page.get(f"/tasks/{item}").text
    sent = {"fields": {"value": "7"}}
    told = page.post(f"{API}/work-items/{item}/route", json=sent).json()["items"]
    assert [one["outcome"] for one in told] == ["approve", "return"]
    assert told[0]["stops"][0]["element"] == "after"
    assert "张玲" in told[0]["stops"][0]["who"][0]
    assert browse("kao").post(f"{API}/work-items/{item}/route", json=sent).status_code == 403
    assert browse("ling2").post(f"{API}/work-items/{item}/route", json=sent).status_code == 404


def test_the_chosen_handler_is_offered_taken_and_told_afterwards(world: World, browse: Browse) -> None:
    begun(world, nextHandler=f"after → {STAFF}")
    item, page = the_item(browse, "tou"), browse("tou")
    shown = page.get(f"/tasks/{item}").text
    assert "交给谁办" in shown
    assert "郑一" in shown
    (choice,) = page.get(f"{API}/work-items/{item}").json()["next_handlers"]
    assert [one["name"] for one in choice["offered"]] == ["郑一", "冯二"]
    wrong = {"version": "1", "outcome": "approve", "next_handlers.after": world.people["lu"]}
    refused = page.post(f"/tasks/{item}/complete", data=wrong)
    assert refused.status_code == 422
    assert "请从列出的人选中选择" in refused.text
    sent = {"version": 1, "outcome": "approve", "next_handlers": {"after": world.people["ban2"]}}
    assert page.post(f"{API}/work-items/{item}/complete", json=sent).status_code == 200
    assert the_item(browse, "ban2")
    assert "“办理after”交给冯二" in page.get(f"/tasks/{item}").text


@ON_SQLITE
def test_an_outcome_with_a_page_of_its_own_is_signed_there(world: World, browse: Browse) -> None:
    """Who refused where every outcome is signed came to a page with no place for a signature, for ever."""
    instance = begun(world, signature="required")
    item, page = the_item(browse, "tou"), browse("tou")
    page.post("/account/signatures", data={"drawn": "data:image/png;base64," + b64encode(PNG).decode()})
    (image,) = [one["id"] for one in page.get(f"{API}/signatures").json()["items"]]
    assert f'value="{image}"' in page.get(f"/tasks/{item}/return_to").text
    sent = {"version": "1", "where": "outcome:return", "opinion": "数据有误"}
    unsigned = page.post(f"/tasks/{item}/return_to", data=sent)
    assert (unsigned.status_code, "要附手写签名" in unsigned.text) == (422, True)
    assert "数据有误</textarea>" in unsigned.text
    assert page.post(f"/tasks/{item}/return_to", data={**sent, "signature": image}).status_code == 303
    (done,) = page.get(f"{API}/instances/{instance}/history").json()["items"]
    assert (done["outcome"], bool(done["signature"])) == ("return", True)


@ON_SQLITE
def test_where_signers_may_disagree_and_send_back_one_button_says_so_and_its_page_tells_them_apart(
    world: World, browse: Browse
) -> None:
    """Two buttons were called 退回: one only disagreed, the other sent it back over the vote."""
    signers = '= [post(unit, "vice_head"), post(unit, "head")]'
    sign = user("sign", "unit.head", outcomes=BOTH, vote="all", signers=signers, verbs="return_to")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), sign))
    world.start()
    world.complete("ling")
    item, page = the_item(browse, "tou"), browse("tou")
    bar = page.get(f"/tasks/{item}").text.partition('"action-bar"')[2]
    assert bar.count("退回</button>") == 1
    back = page.get(f"/tasks/{item}/return_to").text
    assert 'value="outcome:return"' in back
    assert 'value="step:fill"' in back
    sent = {"where": "outcome:return", "opinion": "依据不足", "version": "1"}
    assert page.post(f"/tasks/{item}/return_to", data=sent).status_code == 303
    said = world.scalar("select outcome from work_event where verb = 'complete' and element_id = 'sign'")
    assert said == "return"


@ON_SQLITE
def test_where_nothing_can_be_filled_in_the_bar_has_no_empty_line(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="ask")))
    world.start()
    world.act("ling", "ask", people=(world.people["lu"],), opinion="请核")
    item = the_item(browse, "ling")
    bar = browse("ling").get(f"/tasks/{item}").text.partition('"action-bar"')[2]
    assert "收回" in bar
    assert 'class="effect' not in bar


def test_a_drawn_signature_is_kept_chosen_and_shown_to_who_may_see_it(world: World, browse: Browse) -> None:
    instance = begun(world, signature="required:approve")
    item, page = the_item(browse, "tou"), browse("tou")
    assert "先手写或上传签名" in page.get(f"/tasks/{item}").text
    sent = {"version": "1", "outcome": "approve"}
    assert "要附手写签名" in page.post(f"/tasks/{item}/complete", data=sent).text
    drawn = "data:image/png;base64," + b64encode(PNG).decode()
    page.post("/account/signatures", data={"drawn": drawn})
    (image,) = [one["id"] for one in page.get(f"{API}/signatures").json()["items"]]
    assert page.get(f"/account/signatures/{image}").content == PNG
    assert browse("ling").get(f"/account/signatures/{image}").status_code == 404
    assert f'value="{image}" checked' in page.get(f"/tasks/{item}").text
    assert page.post(f"/tasks/{item}/complete", data={**sent, "signature": image}).status_code == 303
    page.post(f"/account/signatures/{image}/retire")
    (done,) = [
        one for one in page.get(f"{API}/instances/{instance}/history").json()["items"] if one["signature"]
    ]
    picture = browse("ling").get(f"/events/{done['id']}/signature")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert browse("ling2").get(f"/events/{done['id']}/signature").status_code == 404
    assert f"/events/{done['id']}/signature" in page.get(f"/tasks/{item}").text


@ON_SQLITE
@pytest.mark.parametrize(
    "drawn", ["", "data:image/svg+xml,<svg/>", "data:image/png;base64,AAAA", "data:image/png;base64,!"]
)
def test_what_is_no_picture_is_no_signature(world: World, browse: Browse, drawn: str) -> None:
    page = browse("tou")
    assert page.post("/account/signatures", data={"drawn": drawn}).status_code == 422
    assert page.get(f"{API}/signatures").json()["items"] == []


def test_comments_are_written_worded_anew_and_erased(world: World, browse: Browse) -> None:
    instance = begun(world)
    item, page = the_item(browse, "tou"), browse("tou")
    address = f"/instances/{instance}/comments"
    said = page.post(address, data={"text": "@李联 请看第三行", "back": f"/tasks/{item}"})
    assert said.status_code == 422
    assert "又能看这个流程的人" in said.text
    assert "@李联 请看第三行</textarea>" in said.text
    page.post(address, data={"text": "第三行存疑", "back": f"/tasks/{item}"})
    assert "第三行存疑" in page.get(f"/tasks/{item}").text
    (one,) = page.get(f"{API}{address}").json()["items"]
    assert (one["person"], one["text"], one["wordings"]) == ("王局", "第三行存疑", 1)
    page.post(f"/comments/{one['id']}", data={"text": "第三行已核"})
    assert "改过 1 次" in page.get(f"/instances/{instance}").text
    assert "第三行存疑" in page.get(f"/comments/{one['id']}").text
    unsure = page.post(f"/comments/{one['id']}/erase")
    assert unsure.status_code in (400, 422)
    assert browse("ling2").get(f"/comments/{one['id']}").status_code == 404
    assert browse("ling2").get(f"{API}{address}").status_code == 404
    assert page.delete(f"{API}/comments/{one['id']}").status_code == 204
    shown = page.get(f"/comments/{one['id']}").text
    assert "内容已清除" in shown
    assert "第三行" not in shown


@ON_SQLITE
def test_programs_comment_as_people_do(world: World, browse: Browse) -> None:
    instance = begun(world)
    page = browse("tou")
    address = f"{API}/instances/{instance}/comments"
    made = page.post(address, json={"text": "请核"})
    assert made.status_code == 201
    mine = made.json()["id"]
    assert page.put(f"{API}/comments/{mine}", json={"text": "请再核"}).status_code == 200
    assert [one["text"] for one in page.get(f"{API}/comments/{mine}").json()["items"]] == ["请核", "请再核"]
    assert page.post(address, json={"text": " "}).status_code == 422
    assert browse("ling2").post(address, json={"text": "?"}).status_code == 404


@ON_SQLITE
def test_from_a_task_one_goes_to_the_next_and_at_the_end_to_the_list(world: World, browse: Browse) -> None:
    begun(world)
    world.start()
    page = browse("tou")
    first, second = [row["id"] for row in page.get(f"{API}/work-items").json()["items"]]
    ways = {
        f"/tasks/{first}/next": f"/tasks/{second}",
        f"/tasks/{second}/next": "/inbox",
        f"/tasks/{second}/previous": f"/tasks/{first}",
        f"/tasks/{first}/previous": "/inbox",
        "/tasks/not-mine/next": f"/tasks/{first}",
    }
    for asked, leads in ways.items():
        assert page.get(asked).headers["location"] == leads
    assert browse("ling2").get(f"/tasks/{first}/next").headers["location"] == "/inbox"


@ON_SQLITE
def test_pictures_and_pdfs_are_looked_at_and_the_rest_is_saved(world: World, browse: Browse) -> None:
    deploy_proof(world)
    world.start()
    item, page = the_item(browse, "ling"), browse("ling")
    kept = {}
    for name, content in (("图.png", PNG), ("文.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n"), ("表.csv", b"a,b\n")):
        sent = page.post(
            f"{API}/work-items/{item}/files", data={"field": "proof"}, files={"file": (name, content)}
        )
        assert sent.status_code == 201, sent.text
        kept[name] = sent.json()["id"]
    pdf = page.get(f"/files/{kept['文.pdf']}")
    assert pdf.headers["content-disposition"].startswith("inline")
    assert "default-src 'none'" in pdf.headers["content-security-policy"]
    assert pdf.headers["x-content-type-options"] == "nosniff"
    assert (
        page.get(f"/files/{kept['文.pdf']}?save=yes").headers["content-disposition"].startswith("attachment")
    )
    assert page.get(f"/files/{kept['表.csv']}").headers["content-disposition"].startswith("attachment")
    shown = {name: page.get(f"/files/{one}/preview").text for name, one in kept.items()}
    assert "<img" in shown["图.png"]
    assert "<iframe" in shown["文.pdf"]
    assert "不能在网页里看" in shown["表.csv"]
    assert browse("ling2").get(f"/files/{kept['图.png']}/preview").status_code == 404
