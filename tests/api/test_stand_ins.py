"""代理: one names one's own stand-in, on the page or by REST; the stand-in sees for whom."""

from datetime import timedelta

from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

DAYS = {"from_on": "2018-03-01", "until_on": "2018-03-07"}


def test_the_page_names_a_colleague_who_then_sees_the_work_marked(world: World, browse: Browse) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报目标")))
    instance = world.start()
    ling, lu = browse("ling"), browse("lu")
    shown = ling.get("/stand-in").text
    assert "陆副" in shown and "李联" not in shown, "colleagues of one's own unit are offered"
    sent = {"stand_in_id": world.people["lu"], "post": f"{world.units['U1']}#liaison", **DAYS}
    said = ling.post("/stand-in", data=sent)
    assert said.status_code == 303
    assert "2018-03-07" in ling.get("/stand-in").text
    assert "我正在代理" in lu.get("/stand-in").text
    inbox = lu.get("/inbox").text
    assert "填报目标" in inbox and "代张玲" in inbox
    [item] = lu.get("/api/v1/work-items").json()["items"]
    assert item["standing_for"] == "张玲"
    assert "代张玲" in lu.get(f"/tasks/{item['id']}").text
    done = lu.post(f"/api/v1/work-items/{item['id']}/complete", json={"version": item["version"]})
    assert done.status_code == 200
    [event] = ling.get(f"/api/v1/instances/{instance}/history").json()["items"]
    assert (event["person"], event["standing_for"]) == ("陆副", "张玲")
    assert "代张玲" in ling.get(f"/instances/{instance}").text


@ON_SQLITE
def test_work_comes_to_a_stand_in_with_the_first_day_of_the_rule(world: World, browse: Browse) -> None:
    """It was said to have come on the day on which it had come to who is away."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", name="填报目标")))
    world.start()
    sent = {"stand_in_id": world.people["lu"], "post": "", "from_on": "2018-03-02", "until_on": "2018-03-07"}
    assert browse("ling").post("/stand-in", data=sent).status_code == 303
    world.clock.advance(timedelta(days=1))
    shown = browse("lu").get("/inbox?columns=step,from,received").text
    shown = shown[shown.index("填报目标") :]
    assert "2018-03-02" in shown and "2018-03-01" not in shown
    assert "2018-03-01" in browse("ling").get("/inbox?columns=step,from,received").text


@ON_SQLITE
def test_a_wrong_wish_comes_back_with_its_sentence_and_everything_kept(world: World, browse: Browse) -> None:
    ling = browse("ling")
    wrong = {"stand_in_id": world.people["lu"], "from_on": "2018-03-05", "until_on": "2018-03-02", "post": ""}
    said = ling.post("/stand-in", data=wrong)
    assert said.status_code == 422
    assert "截止日期早于起始日期" in said.text and "2018-03-05" in said.text
    assert ling.post("/stand-in", data={**wrong, "from_on": "下周"}).status_code == 422
    assert ling.post("/stand-in", data={**wrong, **DAYS, "stand_in_id": "niemand"}).status_code == 422


def test_only_the_work_of_chosen_processes_is_given_away(world: World, browse: Browse) -> None:
    """The rules could always say it; nobody could choose it, neither on the page nor by REST."""
    for key, name in (("planning", "目标制定"), ("report", "月度报送")):
        world.deploy(**{key: in_a_row(user("fill", "unit.liaison"), process=f'id="{key}" name="{name}"')})
        world.start(key)
    ling, lu = browse("ling"), browse("lu")
    sent = {"stand_in_id": world.people["lu"], "post": "", "processes": ["report"], **DAYS}
    assert "月度报送" in ling.get("/stand-in").text
    unknown = ling.post("/stand-in", data={**sent, "processes": ["report", "none"]})
    assert unknown.status_code == 422 and "没有“none”这个流程" in unknown.text
    assert 'value="report" checked' in unknown.text
    assert ling.post("/stand-in", data=sent).status_code == 303
    [item] = lu.get("/api/v1/work-items").json()["items"]
    assert (item["process"], item["standing_for"]) == ("report", "张玲")
    [rule] = ling.get("/api/v1/me/stand-ins").json()["items"]
    assert rule["processes"] == ["report"]
    assert "月度报送</td>" in ling.get("/stand-in").text
    ling.post(f"/api/v1/me/stand-ins/{rule['id']}/end")
    again = ling.post("/api/v1/me/stand-ins", json=sent)
    assert (again.status_code, again.json()["processes"]) == (201, ["report"])


@ON_SQLITE
def test_the_work_of_a_unit_goes_to_its_own_people_alone(world: World, browse: Browse) -> None:
    """The list offered colleagues only, but whoever wrote the request by hand could name anybody."""
    ling = browse("ling")
    stranger = {"stand_in_id": world.people["ling2"], **DAYS}
    said = ling.post("/stand-in", data={**stranger, "post": ""})
    assert said.status_code == 422 and "本单位的同事" in said.text
    refused = ling.post("/api/v1/me/stand-ins", json=stranger)
    assert refused.status_code == 422 and refused.json()["code"] == "stand_in_elsewhere"


def test_rest_names_lists_and_ends_and_nobody_ends_anothers(world: World, browse: Browse) -> None:
    ling, lu = browse("ling"), browse("lu")
    made = ling.post("/api/v1/me/stand-ins", json={"stand_in_id": world.people["lu"], **DAYS})
    assert made.status_code == 201
    [rule] = ling.get("/api/v1/me/stand-ins").json()["items"]
    assert (rule["stand_in_name"], rule["posts"]) == ("陆副", [])
    again = ling.post("/api/v1/me/stand-ins", json={"stand_in_id": world.people["lu"], **DAYS})
    assert again.status_code == 422
    assert lu.post(f"/api/v1/me/stand-ins/{rule['id']}/end").status_code == 404
    assert lu.get("/api/v1/me/stand-ins").json()["items"] == []
    assert ling.post(f"/api/v1/me/stand-ins/{rule['id']}/end").status_code == 204
    assert ling.get("/api/v1/me/stand-ins").json()["items"] == []
    assert lu.get("/api/v1/work-items").json()["items"] == []


@ON_SQLITE
def test_a_token_gives_nobodys_work_away(world: World, browse: Browse) -> None:
    ling = browse("ling")
    token = ling.post("/api/v1/tokens", json={"name": "日报", "days": 1}).json()["token"]
    ling.cookies.clear()
    said = ling.post(
        "/api/v1/me/stand-ins",
        json={"stand_in_id": world.people["lu"], **DAYS},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert said.status_code == 403
