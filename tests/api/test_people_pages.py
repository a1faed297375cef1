"""Administering people, units, posts and the calendar: by whom, and what comes of it."""

import re
from datetime import date
from io import BytesIO

import xlsxwriter
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from engine.people.kinds import KIND_NAMES, TIER_NAMES
from engine.people.memberships import appoint, end_membership, memberships_of
from engine.people.posts import Grant, PostSpec, define_posts
from engine.verbs.door import act
from engine.verbs.visit import Request as VerbRequest
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@ON_SQLITE
def test_a_liaison_may_not_open_the_pages_of_people(world: World, browse: Browse) -> None:
    client = browse("ling")
    for path in ("/people", "/people/new", "/people/import", "/posts", f"/people/{world.people['tou']}"):
        assert client.get(path).status_code == 403, path
    assert client.post("/people/new", data={"login": "x"}).status_code == 403
    assert client.post(f"/people/{world.people['tou']}/reset").status_code == 403
    assert 'href="/people"' not in client.get("/inbox").text


def test_people_are_found_by_pinyin_name_and_unit(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    for text in ("zl", "张玲", "zhangling", "旅游"):
        assert "张玲" in admin.get("/people", params={"search": text}).text, text
    assert "张玲" not in admin.get("/people", params={"search": "王局"}).text
    assert "没有找到人员" in admin.get("/people", params={"search": "%"}).text


@ON_SQLITE
def test_a_new_person_logs_in_with_a_password_shown_once(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    data = {"name": "新同志", "login": "xin", "unit_id": world.units["U1"], "post_key": "liaison"}
    made = admin.post("/people/new", data=data)
    secret = _secret(made.text)
    person = re.search(r'action="/people/([0-9a-f-]{36})"', made.text)
    assert person is not None
    assert secret not in admin.get(f"/people/{person[1]}").text
    entered = browse("").post("/login", data={"login": "xin", "password": secret})
    assert entered.headers["location"] == "/password"
    again = admin.post("/people/new", data=data)
    assert again.status_code == 422
    assert "已被使用" in again.text
    assert 'value="新同志"' in again.text


@ON_SQLITE
def test_a_reset_logs_the_person_out_and_gives_a_new_password(world: World, browse: Browse) -> None:
    admin, liaison = _administrator(world, browse), browse("ling")
    secret = _secret(admin.post(f"/people/{world.people['ling']}/reset").text)
    assert liaison.get("/inbox").status_code == 303
    entered = browse("").post("/login", data={"login": "ling", "password": secret})
    assert entered.headers["location"] == "/password"


@ON_SQLITE
def test_an_account_is_shut_but_never_ones_own(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    liaison = browse("ling")
    shut = admin.post(f"/people/{world.people['ling']}/active", data={"active": "no", "sure": "yes"})
    assert shut.status_code == 303
    assert liaison.get("/inbox").status_code == 303
    own = admin.post(f"/people/{world.people['mi']}/active", data={"active": "no", "sure": "yes"})
    assert own.status_code == 422
    assert "不能停用或重置自己的帐号" in own.text
    assert admin.post(f"/people/{world.people['mi']}/reset").status_code == 422


def test_shutting_an_account_gives_back_what_the_person_claimed(world: World, browse: Browse) -> None:
    groups = '= [post(unit, "liaison")]'
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups=groups)))
    world.start()
    item_id = world.scalar("select id from work_item")
    act(world.engine, world.person("ling"), item_id, "claim", VerbRequest(version=1))
    admin = _administrator(world, browse)
    admin.post(f"/people/{world.people['ling']}/active", data={"active": "no", "sure": "yes"})
    assert world.scalar("select count(*) from work_item where assignee_id is null") == 1


@ON_SQLITE
def test_the_system_administrator_cannot_become_or_shut_out_another_one(world: World, browse: Browse) -> None:
    system, security = _administrator(world, browse), _security_administrator(world, browse)
    guard, leader = world.people["kao"], world.people["mi"]
    assert system.post(f"/people/{guard}/reset").status_code == 403
    assert system.post(f"/people/{guard}/active", data={"active": "no", "sure": "yes"}).status_code == 403
    assert f"/people/{guard}/reset" not in system.get(f"/people/{guard}").text
    assert security.get("/inbox").status_code == 200
    assert security.post(f"/people/{world.people['ling']}/reset").status_code == 403
    page = security.get(f"/people/{leader}").text
    assert f"/people/{leader}/active" in page
    assert f"/people/{leader}/reset" not in page
    refused = security.post(f"/people/{leader}/reset")
    assert refused.status_code == 403
    assert "bihuan reset-password" in refused.text
    assert system.get("/inbox").status_code == 200


@ON_SQLITE
def test_nobody_appoints_themselves(world: World, browse: Browse) -> None:
    system, security = _administrator(world, browse), _security_administrator(world, browse)
    for client, login, post in ((system, "mi", "designer"), (security, "kao", "admin.security")):
        where = {"unit_id": world.units["OF"], "post_key": post}
        refused = client.post(f"/people/{world.people[login]}/posts", data=where)
        assert refused.status_code == 422, post
        assert "不能任命自己" in refused.text


@ON_SQLITE
def test_an_administrator_is_given_no_other_post(world: World, browse: Browse) -> None:
    system = _administrator(world, browse)
    _security_administrator(world, browse)
    where = {"unit_id": world.units["U1"], "post_key": "liaison"}
    refused = system.post(f"/people/{world.people['kao']}/posts", data=where)
    assert refused.status_code == 422
    assert "三员分立" in refused.text


@ON_SQLITE
def test_the_system_administrator_makes_no_administrators(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    where = {"unit_id": world.units["OF"], "post_key": "admin.security"}
    assert admin.post(f"/people/{world.people['ban1']}/posts", data=where).status_code == 403
    listed = admin.post("/people/import", files={"file": ("p.xlsx", _workbook("安全管理员"), EXCEL)})
    assert listed.status_code == 422
    assert "没有导入任何一行" in listed.text
    assert "是管理员岗位，由安全管理员任免" in listed.text
    assert world.scalar("select count(*) from membership where post_key = 'admin.security'") == 0
    assert world.scalar("select count(*) from user_account where login = 'daoru'") == 0


@ON_SQLITE
def test_each_administrator_is_offered_only_what_will_be_accepted(world: World, browse: Browse) -> None:
    system, security = _administrator(world, browse), _security_administrator(world, browse)
    liaison, guard = world.people["ling"], world.people["kao"]
    page = security.get(f"/people/{liaison}").text
    assert "任命" in page
    assert "免去" not in page
    assert set(_offered_posts(page)) == {"admin.system", "admin.security", "admin.audit"}
    page = system.get(f"/people/{liaison}").text
    assert "免去" in page
    assert {"liaison", "head"} <= set(_offered_posts(page))
    assert not {"admin.system", "admin.security", "admin.audit"} & set(_offered_posts(page))
    assert _offered_posts(system.get("/people/new").text) == _offered_posts(page)
    theirs = world.scalar("select id from membership where post_key = 'admin.security'")
    assert f"/posts/{theirs}/end" not in system.get(f"/people/{guard}").text
    assert f"/posts/{theirs}/end" in security.get(f"/people/{guard}").text


@ON_SQLITE
def test_a_person_gets_a_post_and_loses_it(world: World, browse: Browse) -> None:
    admin, person = _administrator(world, browse), world.people["ban1"]
    where = {"unit_id": world.units["U1"], "post_key": "liaison", "from_on": "2018-03-01"}
    assert admin.post(f"/people/{person}/posts", data=where).status_code == 303
    page = admin.get(f"/people/{person}").text
    membership = re.findall(r"/posts/([0-9a-f-]{36})/end", page)[-1]
    assert admin.post(f"/people/{world.people['ling']}/posts/{membership}/end").status_code == 404
    assert admin.post(f"/people/{person}/posts/{membership}/end").status_code == 303
    wrong = {**where, "from_on": "gestern"}
    assert admin.post(f"/people/{person}/posts", data=wrong).status_code == 400


def test_an_import_adds_all_or_tells_every_wrong_line(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    assert admin.get("/people/import/template.xlsx").content.startswith(b"PK")
    wrong = admin.post("/people/import", files={"file": ("p.xlsx", _workbook("没有的岗位"), EXCEL)})
    assert wrong.status_code == 422
    assert "没有定义岗位" in wrong.text
    done = admin.post("/people/import", files={"file": ("p.xlsx", _workbook("liaison"), EXCEL)})
    assert done.status_code == 200, done.text
    assert "新增人员 1 人" in done.text
    assert "daoru" in done.text
    junk = admin.post("/people/import", files={"file": ("p.xlsx", b"PK\x03\x04 no", EXCEL)})
    assert junk.status_code == 422
    assert admin.post("/people/import", files={"other": ("p.xlsx", b"x", EXCEL)}).status_code == 422


@ON_SQLITE
def test_a_new_unit_is_of_a_kind_that_the_import_knows_too(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    page = admin.get("/units/new").text
    offered = re.findall(
        r'<option value="(\w+)"', page[page.index('id="f-kind"') : page.index('id="f-tier"')]
    )
    assert offered == list(KIND_NAMES)
    assert all(f">{name}</option>" in page for name in (*KIND_NAMES.values(), *TIER_NAMES.values()))
    sent = {"code": "U70", "name": "市七十局", "kind": "municipal", "tier": "city"}
    sent["parent_id"] = world.units["U1"]
    assert admin.post("/units/new", data=sent).status_code == 303
    assert world.scalar("select kind from unit where code = 'U70'") == "municipal"
    wrong = admin.post("/units/new", data={**sent, "code": "U71", "name": "市七十一局", "kind": "department"})
    assert wrong.status_code == 422
    assert "不认识的类别“department”" in wrong.text
    assert 'value="市七十一局"' in wrong.text


@ON_SQLITE
def test_a_unit_keeps_its_old_name_as_an_alias(world: World, browse: Browse) -> None:
    admin, unit = _administrator(world, browse), world.units["U1"]
    name = world.scalar("select name from unit where id = :id", id=unit)
    changed = admin.post(f"/units/{unit}", data={"name": "市文旅局", "short_name": "", "alias": "文旅"})
    assert changed.status_code == 303, changed.text
    page = admin.get(f"/units/{unit}").text
    assert "市文旅局" in page
    assert str(name) in page
    assert "市文旅局" in admin.get("/units", params={"search": "swlj"}).text


def test_the_office_marks_a_day_off_and_deadlines_count_it(world: World, browse: Browse) -> None:
    admin = _administrator(world, browse)
    page = admin.get("/calendar", params={"year": 2018})
    assert "2018 年工作日历" in page.text
    saved = admin.post("/calendar/days", data={"day": "2018-03-05", "kind": "holiday", "name": "停电"})
    assert saved.headers["location"] == "/calendar?year=2018&said=saved"
    assert "停电" in admin.get("/calendar", params={"year": 2018}).text
    assert admin.post("/calendar/days", data={"day": "morgen", "kind": "holiday"}).status_code == 422
    assert admin.get("/calendar", params={"year": 99999}).status_code == 404


def _administrator(world: World, browse: Browse) -> TestClient:
    """何秘 as the system administrator of the small city."""
    specs = [
        PostSpec(
            "admin.system", "系统管理员", seat="assessor", separation="system",
            grants=(Grant("manage_people", "assessor"), Grant("edit_calendar", "assessor")),
        ),
        PostSpec(
            "admin.security", "安全管理员", seat="assessor", separation="security",
            grants=(Grant("manage_rights", "assessor"),),
        ),
    ]  # fmt: skip
    with world.engine.database.write() as connection:
        define_posts(connection, specs)
        _vacate(connection, world.people["mi"])
        appoint(
            connection,
            user_id=world.people["mi"],
            unit_id=world.units["OF"],
            post_key="admin.system",
            from_on=date(2018, 3, 1),
            is_primary=True,
        )
    return browse("mi")


def _security_administrator(world: World, browse: Browse) -> TestClient:
    """钱考 as the security administrator, beside 何秘."""
    with world.engine.database.write() as connection:
        _vacate(connection, world.people["kao"])
        appoint(
            connection,
            user_id=world.people["kao"],
            unit_id=world.units["OF"],
            post_key="admin.security",
            from_on=date(2018, 3, 1),
        )
    return browse("kao")


def _vacate(connection: Connection, user_id: str) -> None:
    for seat in memberships_of(connection, user_id):
        end_membership(connection, seat.id, until_on=date(2018, 2, 28))


def _offered_posts(page: str) -> list[str]:
    choice = page[page.index('id="f-post_key"') :]
    return re.findall(r'<option value="([\w.]+)"', choice[: choice.index("</select>")])


def _secret(page: str) -> str:
    found = re.search(r'<code class="user-select-all fs-2">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def _workbook(post: str) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("人员")
        sheet.write_row(0, 0, ["登录名", "姓名", "单位", "岗位"])
        sheet.write_row(1, 0, ["daoru", "导入人", "U1", post])
    return target.getvalue()


def test_the_auditor_reads_what_administrators_did_and_nobody_else_does(world: World, browse: Browse) -> None:
    system = _administrator(world, browse)
    liaison = world.people["ling"]
    system.post(f"/people/{liaison}/reset")
    system.post(f"/people/{liaison}/active", data={"active": "no", "sure": "yes"})
    system.post("/calendar/days", data={"day": "2018-03-05", "kind": "holiday", "name": "停电"})
    assert system.get("/audit").status_code == 403
    spec = PostSpec("admin.audit", "审计员", separation="audit", grants=(Grant("read_audit", "assessor"),))
    with world.engine.database.write() as connection:
        define_posts(connection, [spec])
        _vacate(connection, world.people["ban2"])
        appoint(
            connection, user_id=world.people["ban2"], unit_id=world.units["C0"], post_key="admin.audit",
            from_on=date(2018, 3, 1),
        )  # fmt: skip
    auditor = browse("ban2")
    page = auditor.get("/audit").text
    assert "审计链完整" in page
    for word in ("重置密码", "停用帐号", "张玲（ling）", "何秘", "修改日历", "停电"):
        assert word in page, word
    assert 'href="/audit"' in auditor.get("/inbox").text
    assert auditor.get("/people").status_code == 403
    assert auditor.get("/audit", params={"before": 2}).text.count("<tr data-row>") == 1
