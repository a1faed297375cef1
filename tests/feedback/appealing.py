"""An appeal on its way, in a word each."""

from tests.evaluation.grading.work import meeting
from tests.planning.city import City, Desk
from tests.planning.unit_work import PDF


def upload(desk: Desk, element: str, *, field: str) -> str:
    """A paper for a field of the step that waits; the file's id."""
    answer = desk.city.client.post(
        f"/api/v1/work-items/{desk.item(element)['id']}/files",
        files={"file": ("证明.pdf", PDF, "application/pdf")},
        data={"field": field},
        headers=desk.headers,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def file(city: City, code: str = "a1", *, claimed: str = "97.5") -> None:
    """The unit appeals its electronic mark, and its head signs."""
    liaison = city.desk(f"{code}.liaison")
    liaison.complete("read_sheet", outcome="appeal")
    city.settle()
    proof = upload(liaison, "file_appeal", field="evidence")
    fields = {"component": "electronic", "claimed": claimed, "text": "漏计一项", "evidence": [proof]}
    liaison.complete("file_appeal", fields=fields)
    city.settle()
    city.desk(f"{code}.head").complete("sign_appeal", outcome="approve")
    city.settle()


def admit(city: City) -> None:
    city.desk("office.staff").complete("admit", outcome="admit")
    city.settle()


def review(city: City, value: str = "97.5", *, login: str = "appeal.reviewer") -> None:
    """复核 and its confirmation by another person."""
    fields = {"value": value, "finding": "漏计的一项应计入"}
    city.desk(login).complete("review", outcome="uphold", fields=fields)
    city.settle()
    city.desk("appeal.lead").complete("recheck", outcome="approve")
    city.settle()


def rule(city: City, decision: str = "upheld") -> None:
    """裁定."""
    secretary = city.desk("committee.secretary")
    fields = meeting(city, secretary, "rule", decision=decision, reason="复核意见属实")
    secretary.complete("rule", verb="register_for", fields=fields)
    city.settle()
