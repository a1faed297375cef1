"""Several people on one step, on the task page and by REST: who has signed, and what comes next."""

import pytest

from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.voting_city import OUTCOMES, TRIO, begin

API = "/api/v1"


def the_item(browse: Browse, login: str) -> str:
    (row,) = browse(login).get(f"{API}/work-items").json()["items"]
    return str(row["id"])


def sign(browse: Browse, login: str, outcome: str = "approve") -> None:
    answer = browse(login).post(
        f"{API}/work-items/{the_item(browse, login)}/complete", json={"version": 1, "outcome": outcome}
    )
    assert answer.status_code == 200, answer.text


@ON_SQLITE
def test_the_page_shows_who_has_signed_and_who_has_not(world: World, browse: Browse) -> None:
    begin(world, "all")
    sign(browse, "ling")
    shown = browse("lu").get(f"/tasks/{the_item(browse, 'lu')}").text
    assert "会签：已签 1 / 3 人" in shown
    assert "有人不同意，就不通过。" in shown
    assert "张玲" in shown
    assert "（您这一份）" in shown
    assert shown.count(">未签<") == 2
    assert "提交后等待其他人签署（还有 1 人）" in shown


@ON_SQLITE
def test_in_turn_the_page_says_whose_turn_comes_next(world: World, browse: Browse) -> None:
    begin(world, "turn", reject="stay")
    shown = browse("ling").get(f"/tasks/{the_item(browse, 'ling')}").text
    assert "提交后轮到：" in shown
    assert "还没有轮到" in shown
    assert "意见写进办理过程，任务仍在您名下，同意以后才算签署" in shown


@ON_SQLITE
def test_after_a_rejection_that_does_not_count_the_task_is_still_there_and_says_so(
    world: World, browse: Browse
) -> None:
    begin(world, "all", reject="stay")
    item = the_item(browse, "lu")
    page = browse("lu")
    said = page.post(
        f"{API}/work-items/{item}/complete", json={"version": 1, "outcome": "return", "opinion": "缺附件"}
    )
    assert said.json()["ended"] is False
    shown = page.get(f"/tasks/{item}?said=done").text
    assert "意见已经记下；同意以后才算签署" in shown
    assert "退回（未签署）" in shown


def test_programs_read_the_signers_and_what_each_outcome_leads_to(world: World, browse: Browse) -> None:
    begin(world, "ratio:2/3")
    sign(browse, "ling", "return")
    task = browse("tou").get(f"{API}/work-items/{the_item(browse, 'tou')}").json()
    signing = task["signing"]
    assert (signing["vote"], signing["ratio"], signing["reject"]) == ("ratio", "2/3", "count")
    assert (signing["approvals"], signing["rejections"]) == (0, 1)
    assert signing["leads_to"] == {"approve": "waits", "return": "fails"}
    assert [(one["person"], one["state"], one["mine"]) for one in signing["signers"]] == [
        ("张玲", "signed", False),
        ("", "open", False),
        ("", "open", True),
    ]


@ON_SQLITE
def test_an_ordinary_task_has_no_signers(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    world.start()
    task = browse("ling").get(f"{API}/work-items/{the_item(browse, 'ling')}").json()
    assert (task["signing"], task["apart"]) == (None, "")


@ON_SQLITE
@pytest.mark.parametrize("verb", ["claim", "complete"])
def test_who_did_the_first_part_is_told_why_not_the_second(world: World, browse: Browse, verb: str) -> None:
    group = '= [post(assessor, "office.staff")]'
    world.deploy(
        planning=in_a_row(
            user("enter", "assessor.office.staff"),
            user("check", "assessor.office.staff", name="复核", groups=group, distinct="enter"),
        )
    )
    world.start()
    world.complete("ban1", "enter")
    first = browse("ban1")
    assert first.get(f"{API}/work-items", params={"tab": "claimable"}).json()["items"] == []
    (row,) = browse("ban2").get(f"{API}/work-items", params={"tab": "claimable"}).json()["items"]
    refused = first.post(f"{API}/work-items/{row['id']}/{verb}", json={"version": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "双人复核" in refused.text
    assert "双人复核" in first.get(f"/tasks/{row['id']}").text


@ON_SQLITE
def test_a_stranger_learns_nobodys_name(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("sign", "unit.head", outcomes=OUTCOMES, vote="all", signers=TRIO)))
    world.start()
    item = the_item(browse, "ling")
    for address in (f"/tasks/{item}", f"{API}/work-items/{item}"):
        answer = browse("ling2").get(address)
        assert answer.status_code == 404
        assert "张玲" not in answer.text


BOTH = "add_signer,remove_signer"


def change(browse: Browse, login: str, verb: str, *, sure: str = "yes", **said: object) -> str:
    """Post the form of 加签 or 减签 of somebody's task; the page that follows."""
    item, page = the_item(browse, login), browse(login)
    said = {"version": 1, "reason": "涉及其职责", "sure": sure, **said}
    return str(page.post(f"/tasks/{item}/verbs/{verb}", data=said, follow_redirects=True).text)


@ON_SQLITE
def test_a_signer_is_added_by_name_and_taken_out_by_choice(world: World, browse: Browse) -> None:
    begin(world, "all", verbs=BOTH)
    foreseen = change(browse, "ling", "add_signer", sure="", who="钱考")
    assert "交钱考办理。" in foreseen and world.inbox("kao") == [], "looking changes nothing"
    shown = change(browse, "ling", "add_signer", who="钱考")
    assert "已加签。" in shown
    assert "会签：已签 0 / 4 人" in shown
    signers = browse("ling").get(f"{API}/work-items/{the_item(browse, 'ling')}").json()["signing"]["signers"]
    (added,) = [one["id"] for one in signers if one["person"] == "钱考"]
    form = browse("ling").get(f"/tasks/{the_item(browse, 'ling')}/verbs/remove_signer").text
    assert f'<option value="{added}">' in form
    assert "由系统关闭。" in change(browse, "ling", "remove_signer", sure="", target=added)
    assert "会签：已签 0 / 3 人" in change(browse, "ling", "remove_signer", target=added)
    assert browse("kao").get(f"{API}/work-items").json()["items"] == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("没有这人", "没有找到“没有这人”"),
        ("陆副", "已是本环节的签署人"),
        ("", "请写姓名"),
        ("钱考、孙财", "加签一次加一人"),
    ],
)
def test_whom_nobody_knows_or_who_signs_anyway_is_refused_on_the_page(
    world: World, browse: Browse, who: str, said: str
) -> None:
    begin(world, "all", verbs=BOTH)
    assert said in change(browse, "ling", "add_signer", who=who)
    assert "会签：已签 0 / 3 人" in browse("ling").get(f"/tasks/{the_item(browse, 'ling')}").text


@ON_SQLITE
def test_without_the_verbs_the_page_offers_neither(world: World, browse: Browse) -> None:
    begin(world, "all")
    shown = browse("ling").get(f"/tasks/{the_item(browse, 'ling')}").text
    assert "/add_signer" not in shown
    assert "/remove_signer" not in shown
