"""What a unit's people and the office do with its targets, each in a word."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.planning.city import City, Desk, Said

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""The smallest scan of minutes that is taken for one."""
Change = Callable[[Said], Said]


def same(data: Said) -> Said:
    """The form as it is shown."""
    return data


def shared(data: Said) -> Said:
    """A responsible person and measures for every assigned target, milestones where there is a figure."""
    targets = [
        {**row, "responsible": f"{row['code']}负责人", "measures": "分季度推进，每月调度"}
        for row in data["targets"]
    ]
    measures = [
        {**row, "month_12": row["value"]} if row["value"] is not None else row for row in data["measures"]
    ]
    return {**data, "targets": targets, "measures": measures}


def with_functions(*given: tuple[str, str]) -> Change:
    """The same, with function indicators (title, weight)."""

    def change(data: Said) -> Said:
        return {**shared(data), "functions": [function(title, weight) for title, weight in given]}

    return change


def with_some_target(data: Said) -> Said:
    """The same; a unit that nobody gave a target names its own first."""
    if data["targets"] or data["functions"]:
        return shared(data)
    return with_functions(("履行主要职能", "100"))(data)


def function(title: str, weight: str) -> Said:
    """One function indicator with a figure."""
    return {
        "title": title,
        "text": f"{title}按计划完成",
        "weight": weight,
        "value": "12",
        "unit": "项",
        "month_6": "6",
        "month_12": "12",
        "responsible": "综合处负责人",
        "measures": "分季度推进",
    }


def objecting(objections: Mapping[str, str]) -> Change:
    """The same, with an objection to the targets of these codes."""

    def change(data: Said) -> Said:
        filled = shared(data)
        rows = [{**row, "objection": objections.get(row["code"], "")} for row in filled["targets"]]
        return {**filled, "targets": rows}

    return change


def assign(city: City, code: str) -> None:
    """分办: the liaison leaves every target with the division that is proposed."""
    city.desk(f"{code}.liaison").complete("assign_divisions", change=same)


def fill(city: City, code: str) -> None:
    """填报: the division writes who does it and how, if it has any targets."""
    division = city.desk(f"{code}.division")
    if division.waiting():
        division.complete("fill_targets", change=shared)


def collate(city: City, code: str, change: Change = with_some_target) -> Said:
    """汇总."""
    return city.desk(f"{code}.liaison").complete("collate_targets", change=change)


def lead(city: City, code: str) -> None:
    """审核 and 签发."""
    city.desk(f"{code}.deputy").complete("deputy_review", outcome="approve", opinion="同意上报。")
    city.desk(f"{code}.head").complete("head_signs", outcome="approve")


def report(city: City, code: str, change: Change = with_some_target) -> None:
    """A unit's whole way from 分办 to the head's signature."""
    assign(city, code)
    city.settle()
    fill(city, code)
    city.settle()
    collate(city, code, change)
    lead(city, code)


def review(city: City, *, returned: Mapping[str, str] | None = None) -> list[str]:
    """考评办审核: claim and decide everything that waits; the names of the units, in order."""
    reviewer, reasons = city.desk("office.reviewer"), returned or {}
    free = [row for row in reviewer.items("claimable") if row["element"] == "office_review"]
    for row in free:
        reviewer.act("claim", row)
        reason = reasons.get(row["subject"])
        said: dict[str, Any] = {"outcome": "return", "opinion": reason} if reason else {"outcome": "approve"}
        reviewer.complete("office_review", subject=row["subject"], **said)
    return [row["subject"] for row in free]


def overall_of(results: list[Said]) -> str:
    """The meeting's answer in one word."""
    return "some_refused" if any(row["result"] == "refused" for row in results) else "all_passed"


def upload_minutes(secretary: Desk, element: str) -> str:
    """会议纪要扫描件 for the registration that waits; the file's id."""
    path = f"/api/v1/work-items/{secretary.item(element)['id']}/files"
    answer = secretary.city.client.post(
        path,
        files={"file": ("会议纪要.pdf", PDF, "application/pdf")},
        data={"field": "minutes"},
        headers=secretary.headers,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def register(
    city: City, element: str, *, meeting: str, refused: Mapping[str, str] | None = None
) -> list[str]:
    """代录: what a body decided about each unit it was asked about; their names."""
    reasons, day = refused or {}, city.clock.now().date().isoformat()

    def change(data: Said) -> Said:
        results = [
            {**row, "result": "refused", "remark": reasons[row["name"]]} if row["name"] in reasons else row
            for row in data["results"]
        ]
        held = {"meeting": meeting, "decided_on": day, "document_number": f"{meeting}纪要", "minutes": [scan]}
        return {**held, "overall": overall_of(results), "results": results}

    secretary = city.desk("committee.secretary")
    scan = upload_minutes(secretary, element)
    asked = [row["name"] for row in secretary.task(element)["form"]["data"]["results"]]
    secretary.complete(element, verb="register_for", change=change)
    city.settle()
    return asked
