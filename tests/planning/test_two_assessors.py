"""Two assessors in one installation: every page of people, office and designer is walked by the other one's
administrators, office, supervision, designer and head. Nothing of the neighbour shows, nothing changes.

A new page that is not in the table fails the test: say what the neighbour may send, and what must come of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import pytest
import xlsxwriter
from fastapi.routing import APIRoute

from api.routes import ROUTERS
from engine.ids import new_id
from tests.planning.city import City, log_in
from tests.planning.neighbours import WALKERS, Neighbour, fingerprint, found_neighbour

ROOMS = ("api.people.", "api.office.", "api.designer.")
NEXT_DOOR = ("杭州市", "市旅委", "市旅游委员会", "u20.", "U20")
"""What must stand on no page that the neighbour sees."""


@dataclass(frozen=True)
class Sent:
    """What the walk sends to a route: query or form with `{unit_id}` … of the neighbour's, a file, JSON.

    `shared`: a page of the installation as a whole, which may be answered.
    """

    form: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    workbook: bool = False
    json: bool = False
    shared: bool = False


NOT_YET = (
    "datum_id", "bulletin_id", "notice_id", "item_id", "snapshot_id", "survey_id", "turn_id",
    "seat_id", "issue_id", "case_id", "order_id",
)  # fmt: skip
"""Things that the small city has none of while it plans: their ids are only guessed."""
IN_THEIR_CYCLE = Sent(query={"cycle": "{cycle_id}"})
WALK: Mapping[str, Sent] = {
    "GET /office": IN_THEIR_CYCLE,
    "POST /office/remind": Sent(form={"cycle": "{cycle_id}", "all_late": "yes"}),
    "GET /office/leaving": Sent(query={"search": "u20"}),
    "GET /office/leaving/{user_id}": Sent(),
    "POST /office/leaving/{user_id}": Sent(form={"who.0": "u20.head", "reason": "试试", "sure": "yes"}),
    "GET /office/leaving/orders/{order_id}": Sent(),
    "GET /office/incidents": IN_THEIR_CYCLE,
    "GET /office/incidents/{incident_id}": Sent(),
    "GET /office/incidents/{incident_id}/same": Sent(),
    "POST /office/incidents/{incident_id}/same": Sent(),
    "POST /office/incidents/{incident_id}/{act}": Sent(form={"version": "1", "reason": "试试"}),
    "POST /office/cycles/{cycle_id}/plan": Sent(),
    "POST /office/cycles": Sent(form={"year": "2019", "assessor": "{assessor_id}"}),
    "GET /plans": IN_THEIR_CYCLE,
    "GET /units/{unit_id}/targets": Sent(),
    "GET /units/{unit_id}/decomposition": Sent(),
    "GET /office/decomposition": IN_THEIR_CYCLE,
    "GET /duties": Sent(),
    "GET /targets": IN_THEIR_CYCLE,
    "GET /targets/{target_id}/assign": Sent(),
    "POST /targets/{target_id}/assign": Sent(form={"document": "甬发〔2018〕1号"}),
    "GET /people": Sent(query={"search": "u20"}),
    "GET /people/new": Sent(),
    "POST /people/new": Sent(
        form={"login": "spy", "name": "探子", "unit_id": "{unit_id}", "post_key": "head"}
    ),
    "GET /people/import": Sent(),
    "GET /people/import/template.xlsx": Sent(shared=True),
    "POST /people/import": Sent(workbook=True),
    "GET /people/{user_id}": Sent(),
    "POST /people/{user_id}": Sent(form={"name": "改名", "phone": "", "email": ""}),
    "POST /people/{user_id}/reset": Sent(),
    "POST /people/{user_id}/active": Sent(form={"active": "no", "sure": "yes"}),
    "POST /people/{user_id}/posts": Sent(form={"unit_id": "{own_unit_id}", "post_key": "head"}),
    "POST /people/{user_id}/posts/{membership_id}/end": Sent(form={"sure": "yes"}),
    "GET /units": Sent(query={"search": "旅"}),
    "GET /units/new": Sent(),
    "POST /units/new": Sent(
        form={"code": "S1", "name": "插入单位", "kind": "municipal", "tier": "city", "parent_id": "{unit_id}"}
    ),
    "GET /units/{unit_id}": Sent(),
    "POST /units/{unit_id}": Sent(form={"name": "改名局", "short_name": "", "alias": "别名"}),
    "GET /units/{unit_id}/divisions": Sent(),
    "POST /units/{unit_id}/divisions": Sent(form={"name": "新处"}),
    "POST /units/{unit_id}/divisions/{division_id}": Sent(form={"name": "改处"}),
    "POST /units/{unit_id}/divisions/{division_id}/end": Sent(form={"sure": "yes"}),
    "POST /units/{unit_id}/divisions/{division_id}/people": Sent(form={"user_id": "{user_id}"}),
    "POST /units/{unit_id}/divisions/{division_id}/people/{membership_id}/end": Sent(form={"sure": "yes"}),
    "GET /posts": Sent(),
    "GET /audit": Sent(),
    "GET /stand-in": Sent(),
    "POST /stand-in": Sent(
        form={"stand_in_id": "{user_id}", "from_on": "2018-03-01", "until_on": "2018-12-01", "post": ""}
    ),
    "POST /stand-in/{rule_id}/end": Sent(),
    "GET /calendar": Sent(),
    "POST /calendar/days": Sent(form={"day": "2018-03-05", "kind": "holiday", "assessor": "{assessor_id}"}),
    "POST /calendar/years": Sent(form={"year": "2030", "act": "confirm", "assessor": "{assessor_id}"}),
    "GET /monitoring": Sent(),
    "POST /monitoring": Sent(form={"cycle": "{cycle_id}", "period": "2018-03"}),
    "GET /units/{unit_id}/progress": Sent(),
    "GET /data/{datum_id}/correct": Sent(),
    "POST /data/{datum_id}/correct": Sent(form={"value": "1", "reason": "试试"}),
    "GET /bulletins/{bulletin_id}": Sent(),
    "GET /public/bulletins/{bulletin_id}": Sent(),
    "GET /improvements/{notice_id}": Sent(),
    "GET /data": Sent(),
    "GET /office/data": Sent(),
    "POST /office/data": Sent(form={"cycle": "{cycle_id}", "process": "data_collection"}),
    "GET /data/{cycle_id}/{supplier_id}": Sent(),
    "POST /data/{cycle_id}/{supplier_id}/correct": Sent(form={"source": "self"}),
    "GET /data/items/{item_id}/template.xlsx": Sent(),
    "POST /data/items/{item_id}/import": Sent(workbook=True),
    "GET /office/grading": Sent(),
    "GET /office/grading/{cycle_id}/template.csv": Sent(),
    "GET /office/grading/{cycle_id}/trial": Sent(),
    "POST /office/grading/{cycle_id}/marks": Sent(workbook=True),
    "POST /office/grading/{cycle_id}/start": Sent(),
    "POST /office/grading/{cycle_id}/feedback": Sent(),
    "GET /snapshots/{snapshot_id}": Sent(),
    "POST /snapshots/{snapshot_id}/verification": Sent(),
    "GET /units/{unit_id}/score": Sent(),
    "GET /surveys": Sent(),
    "POST /surveys/start": Sent(form={"cycle": "{cycle_id}", "process": "survey"}),
    "GET /surveys/{survey_id}": Sent(),
    "POST /surveys/{survey_id}/codes": Sent(form={"layer": "1", "many": "5"}),
    "GET /ballots/{turn_id}": Sent(),
    "POST /ballots/{turn_id}": Sent(),
    "GET /innovation": Sent(),
    "POST /innovation/cycles/{cycle_id}/start": Sent(),
    "GET /innovation/cycles/{cycle_id}/experts": Sent(),
    "POST /innovation/cycles/{cycle_id}/experts/{user_id}": Sent(form={"fields": "经济建设"}),
    "GET /innovation/seats/{seat_id}": Sent(),
    "GET /innovation/seats/{seat_id}/files/{number}": Sent(),
    "POST /innovation/objections": Sent(form={"cycle": "{cycle_id}", "text": "有异议"}),
    "GET /rectification": Sent(),
    "GET /rectification/{issue_id}": Sent(),
    "POST /rectification/cycles/{cycle_id}/start": Sent(),
    "GET /accountability": Sent(),
    "GET /accountability/{case_id}": Sent(),
    "POST /accountability/cycles/{cycle_id}/start": Sent(),
    "GET /changes": IN_THEIR_CYCLE,
    "GET /changes/{case_id}": Sent(),
    "POST /changes/cycles/{cycle_id}/selection": Sent(),
    "POST /changes/{case_id}/withdraw": Sent(form={"reason": "不办了"}),
    "POST /targets/{target_id}/adjust": Sent(form={"kind": "objective"}),
    "POST /targets/{target_id}/challenge": Sent(),
    "GET /office/year": IN_THEIR_CYCLE,
    "POST /office/year/{cycle_id}/begin": Sent(),
    "POST /office/year/{cycle_id}/freeze": Sent(form={"reason": "年度提前结束", "sure": "yes"}),
    "POST /office/year/{cycle_id}/scheme": Sent(form={"reason": "权重调整"}),
    "GET /processes": Sent(),
    "GET /processes/{key}": Sent(shared=True),
    "GET /processes/{key}/versions/{number}": Sent(shared=True),
    "GET /processes/{key}/migrations": Sent(),
    "POST /processes/{key}/migrations": Sent(form={"from": "1", "to": "1", "sure": "yes"}),
    "POST /processes/{key}/migrations/check": Sent(form={"from": "1", "to": "1"}),
    "GET /processes/{key}/migrations/{order_id}": Sent(),
    "POST /processes/{key}/migrations/{order_id}/undo": Sent(form={"sure": "yes"}),
    "GET /processes/{key}/replays": Sent(),
    "POST /processes/{key}/replays": Sent(form={"to": "1"}),
    "GET /processes/{key}/replays/{order_id}": Sent(),
    "GET /definitions/{version_id}": Sent(shared=True),
    "GET /definitions/{version_id}/diagram": Sent(shared=True),
    "GET /designer/{key}": Sent(),
    "POST /designer/lint": Sent(json=True),
    "POST /designer/deploy": Sent(json=True),
    "POST /designer/{key}/replay": Sent(json=True),
}
OWN = frozenset({"POST /calendar/days", "POST /calendar/years"})
"""What names no thing of the neighbour's: it is done to one's own calendar, and to no other."""


def routes() -> set[str]:
    return {
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.endpoint.__module__.startswith(ROOMS)
        for method in route.methods or ()
    }


def test_the_walk_knows_every_page() -> None:
    assert sorted(WALK) == sorted(routes())


@pytest.fixture
def neighbour(small_city: City) -> Neighbour:
    return found_neighbour(small_city)


def test_nothing_of_the_neighbour_shows_and_nothing_changes(small_city: City, neighbour: Neighbour) -> None:
    newest = "select max(v.id) from definition_version v join definition d on d.id = v.definition_id"
    version = str(small_city.scalar(f"{newest} where d.key = 'plan_setting' and d.kind = 'process'"))
    ids = {
        **neighbour.theirs, "key": "plan_setting", "number": "1", "version_id": version, "act": "retry",
        "own_unit_id": neighbour.unit_id, "assessor_id": small_city.unit_id("杭州市"),
        **dict.fromkeys(NOT_YET, new_id()), "supplier_id": neighbour.theirs["unit_id"],
    }  # fmt: skip
    names = "select name from user_account where login like 'u20.%'"
    secret = (*NEXT_DOOR, *(str(row["name"]) for row in small_city.rows(names)))
    for login in WALKERS:
        headers = log_in(small_city.client, login) | {"accept": "text/html"}
        before = list(fingerprint(small_city))
        for route, sent in WALK.items():
            status, body = walk(small_city, headers, route, sent, ids)
            where = f"{login} {route}: {status}"
            if sent.shared:
                assert status in (200, 403), where
            elif route in OWN:
                assert status in (303, 403), where
            elif route.startswith("GET") and "{" not in route and sent is not IN_THEIR_CYCLE:
                assert status in (200, 403), where
            elif route in REFUSED_AS_INPUT:
                assert status in (403, 404, 422), where
            else:
                assert status in (403, 404), where
            if not sent.shared:
                said = str(sent.form)  # a page that refuses shows again what was typed
                assert [word for word in secret if word in body and word not in said] == [], where
            if route in OWN:
                theirs = small_city.rows(
                    "select * from calendar_day where assessor_id = :a and day_on = '2018-03-05'",
                    a=ids["assessor_id"],
                )
                assert theirs == [], where
                before = list(fingerprint(small_city))
            elif route.startswith("POST"):
                assert list(fingerprint(small_city)) == before, where


REFUSED_AS_INPUT = frozenset({"POST /people/new", "POST /people/import", "POST /units/new", "POST /stand-in"})
"""Forms that name a thing of the neighbour's: told as if it did not exist."""


def walk(
    city: City, headers: dict[str, str], route: str, sent: Sent, ids: Mapping[str, str]
) -> tuple[int, str]:
    method, path = route.split()
    url = path.format(**ids)
    if method == "GET":
        query = {key: value.format(**ids) for key, value in (sent.query or {}).items()}
        answer = city.client.get(url, params=query, headers=headers)
        # What was searched for stands in the search field; it is not the neighbour's word.
        text = answer.text
        for value in query.values():
            text = text.replace(f'value="{value}"', "")
        return answer.status_code, text
    if sent.workbook:
        answer = city.client.post(url, files={"file": ("p.xlsx", workbook())}, headers=headers)
        lines = [f'<td>人员</td><td class="number" data-label="行">{line}</td>' for line in (3, 4, 5)]
        assert answer.status_code in (403, 404) or all(line in answer.text for line in lines), answer.text
        # The importer's own words come back with what is wrong about them, and no more than that.
        return answer.status_code, answer.text.replace("“u20.liaison”", "").replace("“U20”", "")
    if sent.json:
        answer = city.client.post(url, json={"files": {"x.bpmn": "<a/>"}}, headers=headers)
    else:
        form = {key: value.format(**ids) for key, value in (sent.form or {}).items()}
        headers = headers | {"content-type": "application/x-www-form-urlencoded"}
        answer = city.client.post(url, data=form, headers=headers)
    return answer.status_code, answer.text


def workbook() -> bytes:
    """One line of one's own, and one for each thing that is the neighbour's."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("人员")
        sheet.write_row(0, 0, ["登录名", "姓名", "单位", "岗位"])
        sheet.write_row(1, 0, ["nb.new", "甬新人", "NB1", "liaison"])
        sheet.write_row(2, 0, ["nb.new2", "甬新人", "U20", "liaison"])
        sheet.write_row(3, 0, ["u20.liaison", "甬新人", "NB1", "liaison"])
        sheet.write_row(4, 0, ["nb.new3", "甬新人", "NB1", "admin.security"])
    return target.getvalue()
