"""Every page there is, as somebody who may see it finds it when a year is over: sound, on desk and phone.

On SQLite: pages ask the same of both homes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from api.routes import ROUTERS
from tests.browser.axe import grave_faults
from tests.browser.planning.people import People
from tests.browser.together.plays import PLAYS
from tests.browser.together.reading import sound
from tests.browser.together.town import DESK
from tests.browser.together.year import one, year_over
from tests.databases import Templates

BROWSER = Path(__file__).parents[1]
IDS = {
    "unit": "select id from unit where code = 'U01'",
    "cycle": "select id from cycle where year = 2018",
    "instance": "select i.id from instance i join unit u on u.id = i.subject_unit_id "
    "where u.code = 'U01' and i.process_key = 'unit_targets' order by i.id limit 1",
    "user": "select id from user_account where login = 'u01.liaison'",
    "datum": "select min(d.id) from datum d join unit u on u.id = d.unit_id where u.code = 'U01'",
    "waiting": "select min(id) from target where pending = 1",
    "bulletin": "select min(id) from bulletin where stage = 'published'",
    "open": "select id from bulletin where public = 1",
    "notice": "select id from improvement_notice",
    "supplier": "select min(supplier_id) from data_order",
    "version": "select definition_version_id from instance where process_key = 'unit_targets' limit 1",
    "change": "select id from change_case",
    "case": "select id from accountability_case",
    "snapshot": "select max(id) from snapshot",
    "result": "select id from result_notice",
    "consultation": "select min(id) from consultation",
    "survey": "select id from survey",
    "turn": "select v.instance_id from instance i join variable v on v.instance_id = i.id "
    "where i.process_key = 'leader_ballot' and v.name = 'leader' order by i.id limit 1",
    "seat": "select min(s.id) from expert_seat s join user_account u on u.id = s.user_id "
    "where u.login = 'expert1'",
    "issue": "select min(id) from rectification_issue where public = 1",
    "file": "select min(id) from file",
}


@dataclass(frozen=True)
class Seen:
    """Who looks at a page ("" is a citizen), with the ids that its address names; whom it is refused to."""

    who: str
    ids: Mapping[str, str] = field(default_factory=dict)
    not_for: str = ""


def seen(who: str, not_for: str = "", **ids: str) -> Seen:
    """A page of `who`; each id of its address by its name in `IDS`, or as it is."""
    return Seen(who, ids, not_for)


OWN, OTHER, OFFICE, SYSTEM = "u01.liaison", "u02.liaison", "office.head", "admin.system"
DESIGN, AUDIT, LEADER = "designer", "admin.audit", "city.leader"
PAGES: Mapping[str, Seen] = {
    "/login": seen(""), "/password": seen(OWN), "/account": seen(OWN), "/account/notices": seen(OWN),
    "/account/signatures": seen(OWN), "/stand-in": seen(OWN), "/phrases": seen(OWN),
    "/": seen(OWN), "/inbox": seen(OWN), "/inbox/keys": seen(OWN), "/inbox/filters": seen(OWN),
    "/signing": seen(OWN), "/notifications": seen(OWN),
    "/instances/{instance_id}": seen(OWN, "expert1", instance_id="instance"),
    "/files/{file_id}/preview": seen("office.staff", "expert1", file_id="file"),
    "/office": seen(OFFICE, OWN), "/office/incidents": seen(OFFICE, OWN),
    "/office/leaving": seen(OFFICE, OWN), "/office/leaving/{user_id}": seen(OFFICE, OWN, user_id="user"),
    "/office/year": seen(OFFICE), "/plans": seen(OFFICE, OWN),
    "/units/{unit_id}/targets": seen(OWN, OTHER, unit_id="unit"), "/targets": seen("office.staff", OWN),
    "/targets/{target_id}/assign": seen("office.staff", OWN, target_id="waiting"),
    "/changes": seen(OFFICE), "/changes/{case_id}": seen(OFFICE, "expert1", case_id="change"),
    "/units/{unit_id}/decomposition": seen(OWN, OTHER, unit_id="unit"), "/duties": seen(OWN),
    "/office/decomposition": seen(OFFICE, OWN), "/monitoring": seen(OFFICE),
    "/units/{unit_id}/progress": seen(OWN, OTHER, unit_id="unit"),
    "/data/{datum_id}/correct": seen(OWN, OTHER, datum_id="datum"),
    "/bulletins/{bulletin_id}": seen(OWN, bulletin_id="bulletin"),
    "/public/bulletins/{bulletin_id}": seen("", bulletin_id="open"),
    "/improvements/{notice_id}": seen(OFFICE, OWN, notice_id="notice"),
    "/data": seen("data.statistics"),
    "/data/{cycle_id}/{supplier_id}": seen(OFFICE, "expert1", cycle_id="cycle", supplier_id="supplier"),
    "/office/data": seen(OFFICE, OWN), "/people/notices": seen(SYSTEM, OWN),
    "/people/import": seen(SYSTEM, OWN), "/people/channels": seen(SYSTEM, OWN),
    "/people": seen(SYSTEM, OWN), "/people/new": seen(SYSTEM, OWN),
    "/people/{user_id}": seen(SYSTEM, OWN, user_id="user"), "/units": seen(SYSTEM, OWN),
    "/units/new": seen(SYSTEM, OWN), "/units/{unit_id}": seen(SYSTEM, OWN, unit_id="unit"),
    "/posts": seen(SYSTEM, OWN), "/units/{unit_id}/divisions": seen(OWN, OTHER, unit_id="unit"),
    "/audit": seen(AUDIT, OWN), "/calendar": seen(OWN), "/processes": seen(DESIGN, OWN),
    "/processes/{key}": seen(DESIGN, OWN, key="unit_targets"),
    "/processes/{key}/versions/{number}": seen(DESIGN, OWN, key="unit_targets", number="1"),
    "/definitions/{version_id}": seen(OWN, version_id="version"),
    "/processes/{key}/migrations": seen(DESIGN, OWN, key="unit_targets"),
    "/processes/{key}/replays": seen(DESIGN, OWN, key="unit_targets"),
    "/designer/{key}": seen(DESIGN, OWN, key="unit_targets"),
    "/public": seen(""), "/public/consultations": seen(""),
    "/public/consultations/{consultation_id}": seen("", consultation_id="consultation"),
    "/office/grading": seen(OFFICE, OWN),
    "/snapshots/{snapshot_id}": seen(OFFICE, OWN, snapshot_id="snapshot"),
    "/units/{unit_id}/score": seen(OWN, OTHER, unit_id="unit"),
    "/office/grading/{cycle_id}/trial": seen(OFFICE, OWN, cycle_id="cycle"),
    "/public/results": seen(""), "/public/results/{notice_id}": seen("", notice_id="result"),
    "/public/innovation": seen(""), "/public/survey": seen(""), "/surveys": seen(OFFICE, OWN),
    "/surveys/{survey_id}": seen(OFFICE, OWN, survey_id="survey"),
    "/ballots/{turn_id}": seen(LEADER, OWN, turn_id="turn"),
    "/innovation": seen(OFFICE),
    "/innovation/cycles/{cycle_id}/experts": seen(OFFICE, OWN, cycle_id="cycle"),
    "/innovation/seats/{seat_id}": seen("expert1", OFFICE, seat_id="seat"),
    "/rectification": seen(OFFICE), "/rectification/{issue_id}": seen(OFFICE, "expert1", issue_id="issue"),
    "/accountability": seen(OFFICE), "/accountability/{case_id}": seen(OFFICE, OTHER, case_id="case"),
    "/public/say": seen(""), "/public/follow": seen(""), "/public/promises": seen(""),
    "/public/promises/{issue_id}": seen("", issue_id="issue"),
}  # fmt: skip
NO_PAGES = {
    *("/livez", "/readyz", "/healthz", "/inbox.xlsx", "/tasks/{item_id}/pdf", "/notifications/stream"),
    *("/account/signatures/{image_id}", "/events/{event_id}/signature", "/files/{file_id}"),
    *(
        "/data/items/{item_id}/template.xlsx",
        "/people/import/template.xlsx",
        "/definitions/{version_id}/diagram",
    ),
    *("/office/grading/{cycle_id}/template.csv", "/innovation/seats/{seat_id}/files/{number}"),
    *("/tasks/{item_id}/next", "/tasks/{item_id}/previous"),
}
"""Answers for programs, files and pictures; and two that only lead to another page."""
ELSEWHERE = {
    "/tasks/{item_id}/verbs": "together/test_pages_of_work.py",
    "/tasks/{item_id}/print": "together/test_pages_of_work.py",
    "/comments/{comment_id}": "together/test_pages_of_work.py",
    "/office/incidents/{incident_id}": "together/test_pages_of_work.py",
    "/office/incidents/{incident_id}/same": "together/test_pages_of_work.py",
    "/office/leaving/orders/{order_id}": "together/test_pages_of_work.py",
    "/processes/{key}/migrations/{order_id}": "pages/test_migrating.py",
    "/processes/{key}/replays/{order_id}": "pages/test_replaying.py",
}
"""Pages of work that is under way are visited where that work is done."""
OF_PLAYS = {play.path.partition("/verbs/")[0].replace("{item}", "{item_id}") for play in PLAYS.values()}


def routes() -> set[str]:
    return {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and not route.path.startswith("/api/")
    }


def test_every_page_is_visited_in_a_browser() -> None:
    verbs = {
        f"/{kind}/{{{one}_id}}/verbs/{{verb}}" for kind, one in (("tasks", "item"), ("instances", "instance"))
    }
    tasks = {"/tasks/{item_id}", "/tasks/{item_id}/return_to"}
    assert tasks <= OF_PLAYS
    assert routes() - set(PAGES) - NO_PAGES - set(ELSEWHERE) - verbs - tasks == set()
    assert (set(PAGES) | NO_PAGES | set(ELSEWHERE)) - routes() == set(), "a page that is no more"
    assert all((BROWSER / file).exists() for file in ELSEWHERE.values())


@pytest.fixture(scope="module")
def people(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[People]:
    """The city at the end of its year, and its people."""
    with year_over(templates, tmp_path_factory.mktemp("year"), chromium) as everybody:
        yield everybody


def reader(people: People, login: str) -> Page:
    """The desk of somebody, or of a citizen."""
    if login:
        return people[login].page
    if "citizen" not in people.known:
        people.known["citizen"] = people.somebody({"viewport": {"width": DESK, "height": 844}})
    return people.known["citizen"].page


def address(people: People, path: str, ids: Mapping[str, str]) -> str:
    known = {name: one(people, IDS[value]) if value in IDS else value for name, value in ids.items()}
    return people.site.url + path.format(**known)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_for_who_may_see_it_and_refused_to_others(people: People, path: str) -> None:
    look = PAGES[path]
    page, url = reader(people, look.who), address(people, path, look.ids)
    page.set_viewport_size({"width": DESK, "height": 844})
    answer = page.goto(url)
    assert answer is not None and answer.status == 200, f"{look.who} {path}: {answer and answer.status}"
    if path == "/designer/{key}":  # is worked with on a desk
        assert grave_faults(page) == []
    else:
        sound(page)
    header = page.locator("header.navbar")
    assert header.count() == 0 or header.evaluate("(one) => one.offsetHeight") < 64, "one row"
    if look.not_for:
        refused = people[look.not_for].context.request.get(url)
        assert refused.status in (403, 404), f"{look.not_for} {path}: {refused.status}"
        assert not path.startswith(("/tasks", "/instances")) or "没有改动任何数据" in refused.text()
    troubles = [said for person in people.known.values() for said in person.troubles]
    assert troubles == []
