"""Import from Excel: all or nothing, every error with its line and column, hostile files refused."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import Connection, text

from engine.people import memberships, units, users
from engine.people.divisions import divisions_of, staff_of
from engine.people.imports import Imported, import_workbook
from engine.people.refusals import NameUnknown
from engine.people.sheets import DIVISIONS, PEOPLE, UNITS, write_template
from engine.people.workbook import ImportRefused, WorkbookLimits, read_workbook
from tests.engine.people.conftest import CHEAP, DAY, City

Lines = list[dict[str, str]]

NEW_UNITS: Lines = [
    {
        "代码": "U5",
        "名称": "市文广新闻出版局(市版权局)",
        "简称": "市文广局",
        "类别": "市直单位",
        "上级": "U6",
    },
    {"代码": "U6", "名称": "市政府", "类别": "市直单位", "别名": "市人民政府、政府", "参加考评": "是"},
]
NEW_PEOPLE: Lines = [
    {"登录名": "qian", "姓名": "钱一", "单位": "市文广新闻出版局（市版权局）", "岗位": "联络员、责任处室"},
    {"登录名": "qian", "姓名": "钱一", "单位": "U1", "岗位": "liaison", "手机": "13800000000"},
    {"登录名": "sun", "姓名": "孙二", "单位": "市财政局", "岗位": "财政联审", "起始日期": "2018年3月5日"},
]


def run(city: City, people: Lines | None = None, unit_lines: Lines | None = None) -> Imported:
    return import_bytes(city, write_template(units=unit_lines or [], people=people or []))


def import_bytes(city: City, data: bytes, **limits: int) -> Imported:
    return import_workbook(
        city.connection,
        data,
        assessor_id=city.ids["C0"],
        on=DAY,
        passwords=CHEAP,
        limits=WorkbookLimits(**limits),
    )


def refused(action: Callable[[], object]) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        action()
    return caught.value


def places(refusal: ImportRefused) -> list[tuple[str, int, str]]:
    return [(error.sheet, error.line, error.column) for error in refusal.errors]


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_units_and_people_come_in_with_tree_aliases_and_posts(city: City, connection: Connection) -> None:
    done = run(city, NEW_PEOPLE, NEW_UNITS)
    assert done.units_added == ["U5", "U6"]
    assert [new.login for new in done.people_added] == ["qian", "sun"]
    assert done.people_changed == [] and done.appointments == 4
    culture = units.resolve(connection, "市文广局")
    assert culture.parent_id == units.resolve(connection, "政府").id
    assert units.resolve(connection, "市人民政府").assessed
    (liaison,) = memberships.holders(connection, culture.id, "liaison", on=DAY)
    assert liaison.name == "钱一"
    qian = users.find_user(connection, "qian")
    assert qian is not None and qian.phone == "13800000000" and qian.must_change_password
    assert CHEAP.matches(done.people_added[0].one_time_password, qian.password_hash)
    # A post seated at the assessor belongs to it wherever its holder sits; and only from its first day.
    assert memberships.holders(connection, city.ids["C0"], "review.finance", on=date(2018, 3, 4)) == ()
    (reviewer,) = memberships.holders(connection, city.ids["C0"], "review.finance", on=date(2018, 3, 5))
    assert reviewer.name == "孙二"


def test_the_same_file_again_doubles_nothing(city: City, connection: Connection) -> None:
    run(city, NEW_PEOPLE, NEW_UNITS)
    before = [count(connection, table) for table in ("unit", "unit_alias", "user_account", "membership")]
    again = run(city, NEW_PEOPLE, NEW_UNITS)
    assert again.people_added == [] and again.units_added == [] and again.appointments == 0
    assert again.units_changed == ["U5", "U6"] and again.people_changed == ["qian", "sun"]
    after = [count(connection, table) for table in ("unit", "unit_alias", "user_account", "membership")]
    assert after == before


def test_known_code_with_a_new_name_renames_and_keeps_the_old_name(
    city: City, connection: Connection
) -> None:
    run(city, unit_lines=[{"代码": "U1", "名称": "市文化广电旅游局", "类别": "municipal", "分组": "甲组"}])
    unit = units.resolve(connection, "市旅游委员会")
    assert (unit.name, unit.unit_group, unit.assessed) == ("市文化广电旅游局", "甲组", True)


def test_blank_cells_leave_a_known_person_as_they_are(city: City, connection: Connection) -> None:
    run(city, NEW_PEOPLE, NEW_UNITS)
    run(
        city,
        [{"登录名": "QIAN", "姓名": "钱一", "单位": "市旅委", "岗位": "联络员", "邮箱": "q@example.org"}],
    )
    qian = users.find_user(connection, "qian")
    assert qian is not None and (qian.phone, qian.email) == ("13800000000", "q@example.org")


def test_every_error_is_told_with_line_and_column_and_nothing_is_written(
    city: City, connection: Connection
) -> None:
    before = [count(connection, table) for table in ("unit", "user_account", "membership")]
    refusal = refused(
        lambda: run(
            city,
            [
                {"登录名": "good", "姓名": "好人", "单位": "U1", "岗位": "联络员"},
                {"登录名": "坏", "姓名": "某人", "单位": "U1", "岗位": "联络员"},
                {"登录名": "zhao", "姓名": "赵一", "单位": "市不存在局", "岗位": "联络员"},
                {"登录名": "li", "姓名": "李四", "单位": "U1", "岗位": "国王"},
                {"登录名": "good", "姓名": "别人", "单位": "U1", "岗位": "联络员"},
                {"登录名": "wu", "姓名": "", "单位": "U1", "岗位": "联络员"},
                {"登录名": "zheng", "姓名": "郑", "单位": "U1", "岗位": "联络员", "起始日期": "明天"},
                {"登录名": "feng", "姓名": "冯", "单位": "OF", "岗位": "系统管理员、安全管理员"},
                {"登录名": "chen", "姓名": "陈", "单位": "U1", "岗位": "联络员", "手机": "打电话给我"},
            ],
            [
                {"代码": "U7", "名称": "市七局", "类别": "星球"},
                {"代码": "U8", "名称": "市旅委", "类别": "市直单位"},
                {"代码": "U9", "名称": "市九局", "类别": "市直单位", "参加考评": "也许"},
                {"代码": "D1", "名称": "桐庐县", "类别": "district", "上级": "D1A"},
            ],
        )
    )
    assert places(refusal) == [
        (UNITS, 2, "类别"),
        (UNITS, 3, "名称"),
        (UNITS, 4, "参加考评"),
        (UNITS, 5, "上级"),
        (PEOPLE, 3, "登录名"),
        (PEOPLE, 4, "单位"),
        (PEOPLE, 5, "岗位"),
        (PEOPLE, 6, "姓名"),
        (PEOPLE, 7, "姓名"),
        (PEOPLE, 8, "起始日期"),
        (PEOPLE, 9, "岗位"),
        (PEOPLE, 10, "手机"),
    ]
    assert all(error.message.endswith("。") for error in refusal.errors)
    assert "市不存在局" in refusal.errors[5].message and refusal.errors[5].hint
    assert "三员分立" in refusal.errors[10].message
    assert [count(connection, table) for table in ("unit", "user_account", "membership")] == before
    with pytest.raises(NameUnknown):
        units.resolve(connection, "市七局")


def test_somebody_elses_login_is_never_taken_over(city: City, connection: Connection) -> None:
    city.add_person("wang", "U1 liaison", name="王五")
    refusal = refused(lambda: run(city, [{"登录名": "wang", "姓名": "王六", "单位": "U2", "岗位": "联络员"}]))
    assert places(refusal) == [(PEOPLE, 2, "姓名")]
    assert "王五" in refusal.errors[0].message


def test_same_code_twice_is_refused(city: City) -> None:
    lines = [{"代码": "U7", "名称": name, "类别": "市直单位"} for name in ("市七局", "市八局")]
    assert places(refused(lambda: run(city, unit_lines=lines))) == [(UNITS, 3, "代码")]


def book(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as made:
        fill(made)
    return target.getvalue()


def test_other_columns_and_missing_ones_are_named(city: City) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet(PEOPLE)
        sheet.write_row(0, 0, ["登录名", "姓名", "单位", "单位", "工资"])
        sheet.write_row(1, 0, ["li", "李四", "U1", "U1", 5000])

    refusal = refused(lambda: import_bytes(city, book(fill)))
    assert {error.column for error in refusal.errors} == {"岗位", "工资", "单位"}


def test_formulas_are_refused_with_their_cells(city: City) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("说明")
        sheet = made.add_worksheet(PEOPLE)
        sheet.write_row(0, 0, ["登录名", "姓名", "单位", "岗位"])
        sheet.write_formula("B3", '=HYPERLINK("http://example.org")', value="李四")

    refusal = refused(lambda: import_bytes(city, book(fill)))
    assert places(refusal) == [(PEOPLE, 3, "B")]
    assert "公式" in refusal.errors[0].message


def test_text_that_looks_like_a_formula_is_refused(city: City) -> None:
    refusal = refused(
        lambda: run(city, [{"登录名": "li", "姓名": '=cmd|"/c calc"!A1', "单位": "U1", "岗位": "联络员"}])
    )
    assert places(refusal) == [(PEOPLE, 2, "B")]


def test_a_cell_at_the_end_of_the_world_is_refused_before_a_grid_is_made(city: City) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet(PEOPLE).write_string(1_048_575, 16_383, "x")

    assert "太大" in refused(lambda: import_bytes(city, book(fill))).message


def test_numbers_and_dates_in_cells_are_read_as_people_see_them(city: City, connection: Connection) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet(PEOPLE)
        sheet.write_row(0, 0, ["登录名", "姓名", "单位", "岗位", "手机", "起始日期"])
        sheet.write_row(1, 0, ["li", "李四", "U1", "联络员", 13800000000])
        sheet.write_datetime(1, 5, date(2018, 5, 1), made.add_format({"num_format": "yyyy-mm-dd"}))

    import_bytes(city, book(fill))
    person = users.find_user(connection, "li")
    assert person is not None and person.phone == "13800000000"
    assert memberships.memberships_of(connection, person.id)[0].from_on == date(2018, 5, 1)


def test_files_beyond_the_limits_are_refused(city: City) -> None:
    data = write_template(people=NEW_PEOPLE)
    for limits in ({"sent": 1000}, {"unpacked": 3000}, {"lines": 2}, {"columns": 3}, {"letters": 3}):
        refused(lambda limits=limits: import_bytes(city, data, **limits))  # type: ignore[misc]


def test_empty_template_imports_nothing_and_says_so(city: City) -> None:
    assert "没有内容" in refused(lambda: run(city)).message


def test_template_explains_every_column() -> None:
    sheets = read_workbook(write_template())
    assert set(sheets) == {UNITS, DIVISIONS, PEOPLE, "说明"}
    assert sheets[PEOPLE].columns[:5] == ("登录名", "姓名", "单位", "处室", "岗位")
    explained = [len(sheets[name].columns) for name in (UNITS, DIVISIONS, PEOPLE)]
    assert len(sheets["说明"].lines) == sum(explained)


WATER: Lines = [{"单位": "U1", "处室": "水处"}, {"单位": "U1", "处室": "大气处"}]
OF_WATER: Lines = [{"登录名": "zhou", "姓名": "周三", "单位": "U1", "处室": "水处", "岗位": "责任处室"}]


def test_divisions_come_in_with_their_own_people(city: City, connection: Connection) -> None:
    data = write_template(divisions=WATER, people=OF_WATER)
    done = import_bytes(city, data)
    assert (len(done.divisions_added), done.appointments) == (2, 1)
    found = {one.short_name: one for one in divisions_of(connection, city.ids["U1"])}
    staff = staff_of(connection, [one.id for one in found.values()], on=DAY)
    assert [seat.name for seat in staff[found["水处"].id]] == ["周三"]
    assert staff[found["大气处"].id] == []
    again = import_bytes(city, data)
    assert (again.divisions_added, again.appointments) == ([], 0)


def test_a_division_that_the_unit_does_not_have_stops_the_import(city: City, connection: Connection) -> None:
    elsewhere: Lines = [{**OF_WATER[0], "单位": "U2"}]
    refusal = refused(lambda: import_bytes(city, write_template(divisions=WATER, people=elsewhere)))
    assert places(refusal) == [(PEOPLE, 2, "处室")]
    assert divisions_of(connection, city.ids["U1"]) == []
