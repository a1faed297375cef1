"""The main navigation needs one row: few places stand side by side, many are gathered in menus."""

from api.shell import FLAT, Entry, menus_of


def places(*menus: str) -> list[Entry]:
    return [Entry(f"/{number}", "flag", f"处{number}", menu) for number, menu in enumerate(menus)]


def test_few_places_stand_side_by_side() -> None:
    shown = menus_of(places("", *["目标"] * (FLAT - 1)))
    assert [menu.label for menu in shown] == [f"处{number}" for number in range(FLAT)]


def test_many_places_are_gathered_and_a_single_one_stands_by_itself() -> None:
    shown = menus_of(places("", "", *["目标"] * 4, "过程", *["管理"] * 6))
    assert [(menu.label, len(menu.entries)) for menu in shown] == [
        ("处0", 1),
        ("处1", 1),
        ("目标", 4),
        ("处6", 1),
        ("管理", 6),
    ]


def test_a_menu_is_marked_where_one_of_its_places_is() -> None:
    entries = places(*["目标"] * 5, *["管理"] * 5)
    entries[7] = Entry("/7", "flag", "处7", "管理", active=True)
    assert [menu.active for menu in menus_of(entries)] == [False, True]
