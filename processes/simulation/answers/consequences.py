"""问责与限期整改: what follows from grades, vetoes and fraud; an order carried out, a letter answered."""

from processes.simulation.answers.book import Answers
from processes.simulation.answers.fallback import fill_anything, with_values
from processes.simulation.answers.words import careless
from processes.simulation.tasks import Reply, Task

STATES_ITS_CASE = "vetoed"
"""The role that does not accept what is proposed."""


def keep_all(task: Task) -> Reply:
    """核定, 研究: what the decision proposes is kept."""
    filled = fill_anything(task)
    rows = [{**row, "decision": "keep"} for row in filled.fields.get("measures") or []]
    said = {"opinion_text": "陈述已经研究，事实清楚，维持拟作处理。"}
    return Reply({**filled.fields, **said, "measures": rows}, filled.outcome)


def state_case(task: Task) -> Reply:
    """陈述申辩."""
    body = task.subject or task.body
    if body is not None and body.character.role == STATES_ITS_CASE:
        words = "事故发生后已采取措施，请在处理时予以考虑。"
        return Reply({**task.data, "statement": words, "evidence": [task.paper("evidence")]}, "state")
    return Reply(task.data, "accept")


def check(task: Task) -> Reply:
    """验收整改: careless work fails once."""
    failed = careless(task)
    fields = {
        **task.data,
        "method": "材料" if failed else "现场",
        "findings": "佐证不全，整改没有到位。" if failed else "现场核查，整改到位。",
    }
    return Reply(fields, "fail" if failed else "pass")


def find_fraud(task: Task) -> Reply:
    """认定弄虚作假: it is so."""
    fields = {**task.data, "violation": "serious", "person": True, "text": "底单系补造，数据不实，认定成立。"}
    return Reply(fields, "confirm")


ANSWERS: Answers = {
    ("", "accountability_proposals"): keep_all,
    ("", "accountability_weighing"): keep_all,
    ("", "accountability_statement"): state_case,
    ("", "accountability_filing"): with_values(remark="已备案。"),
    ("", "fraud_finding"): find_fraud,
    ("", "rectification_order"): fill_anything,
    ("", "rectification_order_sign"): fill_anything,
    ("", "rectification_plan"): fill_anything,
    ("", "rectification_plan_check"): fill_anything,
    ("", "rectification_report"): fill_anything,
    ("", "rectification_report_sign"): fill_anything,
    ("", "rectification_check"): check,
    ("", "sanction_letter"): fill_anything,
    ("", "sanction_letter_sign"): fill_anything,
    ("", "sanction_answer"): fill_anything,
}
