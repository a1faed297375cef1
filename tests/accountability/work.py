"""What people do when something follows from a grade, in a word each."""

from datetime import timedelta
from typing import Any

from engine.clock import today
from tests.evaluation.grading.work import meeting, start
from tests.feedback.appealing import upload
from tests.planning.city import City

YEAR = 2010
PLAN = {"content": "补齐审批时限", "steps": "4 月清理；5 月整改", "leader": "李分管", "division": "法规处"}


def begin(city: City, *, drop: dict[str, str] | None = None) -> str:
    """The office starts accountability and its head confirms what is proposed; the instance."""
    instance = start(city, YEAR, "accountability")
    head = city.desk("office.head")
    rows = head.task("confirm_cases")["form"]["data"]["measures"]
    said = [
        {**row, "decision": "drop", "reason": (drop or {})[row["measure"]]}
        if row["measure"] in (drop or {})
        else row
        for row in rows
    ]
    head.complete("confirm_cases", outcome="approve", fields={"measures": said})
    city.settle()
    return instance


def accept(city: City, code: str = "a1") -> None:
    """The unit has nothing to state."""
    city.desk(f"{code}.head").complete("state_case", outcome="accept")
    city.settle()


def order(city: City) -> None:
    """The order is drafted, signed and sent."""
    staff = city.desk("office.staff")
    drafted = staff.task("draft_order")["form"]["data"]
    fields = {name: drafted[name] for name in ("title", "body", "deadline")}
    staff.complete("draft_order", fields=fields)
    city.settle()
    leader = city.desk("city.leader")
    leader.complete("sign_order", outcome="approve", fields=number_of(city, "city.leader", "sign_order"))
    city.settle()


def number_of(city: City, login: str, element: str) -> dict[str, Any]:
    """The number that the series proposes."""
    return {"number": city.desk(login).task(element)["form"]["data"]["number"]}


def rectify(city: City, code: str = "a1", *, outcome: str) -> None:
    """A whole round: plan, signature, review, report with evidence, signature, check."""
    liaison, head, reviewer = (
        city.desk(one) for one in (f"{code}.liaison", f"{code}.head", "office.reviewer")
    )
    liaison.complete("plan_rectification", fields=PLAN)
    city.settle()
    head.complete("head_signs_plan", outcome="approve")
    city.settle()
    reviewer.complete("review_plan", outcome="approve")
    city.settle()
    proof = upload(liaison, "report_rectification", field="evidence")
    liaison.complete("report_rectification", fields={"report": "已全部整改", "evidence": [proof]})
    city.settle()
    head.complete("head_signs_report", outcome="approve")
    city.settle()
    fields = {"method": "现场", "findings": "抽查 20 件"}
    reviewer.complete("check_rectification", outcome=outcome, fields=fields)
    city.settle()


def answer(city: City, *, decision: str = "adopted", remark: str = "") -> str:
    """One recommendation is drafted, signed, sent, and the body's decision registered; what it was."""
    staff = city.desk("office.staff")
    item = next(row for row in staff.items() if row["element"] == "draft_letter")
    task = staff.read(f"/work-items/{item['id']}")
    data = task["form"]["data"]
    staff.act("complete", task, fields={"title": data["title"], "body": data["body"]})
    city.settle()
    head = city.desk("office.head")
    head.complete("sign_letter", outcome="approve", fields=number_of(city, "office.head", "sign_letter"))
    city.settle()
    secretary = city.desk("committee.secretary")
    said = meeting(city, secretary, "register_answer", decision=decision, remark=remark)
    secretary.complete("register_answer", verb="register_for", fields=said)
    city.settle()
    return str(data["measure"])


def days_later(city: City, days: int) -> None:
    """The clock moves on."""
    city.at(today(city.clock) + timedelta(days=days))
