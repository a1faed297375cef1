"""The sheets by which units, divisions and people come in: their columns, and a template to fill in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from engine.people.kinds import KIND_NAMES, TIER_NAMES

UNITS = "单位"
DIVISIONS = "处室"
PEOPLE = "人员"
SEPARATORS = "、,，;；\n"
"""Between several names in one cell."""


@dataclass(frozen=True)
class Column:
    """A column: its title, whether each line needs it, and what to write there."""

    title: str
    required: bool
    note: str


UNIT_COLUMNS = (
    Column("代码", True, "本考评主体内唯一；已有的代码表示更新该单位"),
    Column("名称", True, "全称；改名后旧名称自动成为别名"),
    Column("简称", False, ""),
    Column("类别", True, "；".join(KIND_NAMES.values())),
    Column("层级", False, "；".join(TIER_NAMES.values()) + "；空白为市级"),
    Column("分组", False, "考评分组"),
    Column("服务类别", False, "社会服务多、少或党群"),
    Column("上级", False, "上级单位的代码、名称或别名；空白为考评主体"),
    Column("别名", False, "多个别名用顿号分开"),
    Column("参加考评", False, "是或否；空白为否"),
)
DIVISION_COLUMNS = (
    Column("单位", True, "单位的代码、名称或别名"),
    Column("处室", True, "处室自己的名称，如“规划发展处”；已有的不变，已撤销的重新启用"),
)
PEOPLE_COLUMNS = (
    Column("登录名", True, "小写英文字母、数字；已有的登录名表示更新此人"),
    Column("姓名", True, ""),
    Column("单位", True, "单位的代码、名称或别名"),
    Column("处室", False, "处室人员填写：单位的处室，岗位写“责任处室”；其他人空白"),
    Column("岗位", True, "岗位名称或标识，多个用顿号分开；任多个单位的岗位请分行写"),
    Column("手机", False, ""),
    Column("邮箱", False, ""),
    Column("起始日期", False, "如 2018-01-01；空白为导入当天"),
    Column("截止日期", False, "空白为长期"),
)
SHEETS: Mapping[str, tuple[Column, ...]] = {
    UNITS: UNIT_COLUMNS,
    DIVISIONS: DIVISION_COLUMNS,
    PEOPLE: PEOPLE_COLUMNS,
}
"""The sheets in the order in which they are read, with their columns."""


def write_template(
    *,
    units: Iterable[Mapping[str, str]] = (),
    divisions: Iterable[Mapping[str, str]] = (),
    people: Iterable[Mapping[str, str]] = (),
) -> bytes:
    """An .xlsx to fill in, with a sheet of explanations; what is given are lines already there."""
    lines_of = {UNITS: units, DIVISIONS: divisions, PEOPLE: people}
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        needed = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        free = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column.title, needed if column.required else free)
                sheet.set_column(place, place, 18)
            for number, line in enumerate(lines_of[name], start=1):
                for place, column in enumerate(columns):
                    sheet.write_string(number, place, line.get(column.title, ""))
        _explain(book.add_worksheet("说明"), needed)
    return target.getvalue()


def _explain(sheet: xlsxwriter.worksheet.Worksheet, bold: xlsxwriter.format.Format) -> None:
    for place, title in enumerate(("工作表", "列", "必填", "说明")):
        sheet.write_string(0, place, title, bold)
    rows = [(name, column) for name, columns in SHEETS.items() for column in columns]
    for number, (name, column) in enumerate(rows, start=1):
        for place, text in enumerate((name, column.title, "是" if column.required else "", column.note)):
            sheet.write_string(number, place, text)
    sheet.set_column(3, 3, 70)
