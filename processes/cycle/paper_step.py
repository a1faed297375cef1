"""登记年中评估, 上报年度报告: a paper of the year with its number, as the office issued it."""

from datetime import date

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.documents import number_taken, put_document
from processes.cycle.reading import cycle_of


class YearPaper:
    """One paper of the year. The diagram says which: inputs `paper` (its kind) and `paperTitle`."""

    def read(self, step: StepContext) -> FormData:
        return {
            "title": str(step.variables.get("paperTitle") or ""),
            "number": "",
            "issued_on": step.today.isoformat(),
            "body": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        number = str(data["number"]).strip()
        if number_taken(step.connection, step.cycle_id, number):
            return [FieldError("number", "taken", f"文号 {number} 已经用过，请核对")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        paper_id = put_document(
            step.connection,
            cycle_of(step.connection, step.cycle_id),
            kind=str(step.variables["paper"]),
            number=str(data["number"]).strip(),
            title=str(data["title"]).strip(),
            issued_on=date.fromisoformat(str(data["issued_on"])),
            body=str(data.get("body") or ""),
            instance_id=step.instance_id,
        )
        return {"paperId": paper_id}
