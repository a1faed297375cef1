"""代录: where and when a decision was made that is entered for a body outside, and in which document.

A form's fields `meeting`, `decided_on`, `document_number` and `minutes` say it, and results for each unit
where it has them; a program may say it beside the form. Nothing is entered without: whoever reads it must
find the decision again.
"""

from datetime import date

from engine.verbs.refusals import Invalid
from engine.verbs.visit import Visit
from engine.work.bindings import FieldError, FormData

NAMES = {
    "meeting": "会议名称",
    "decided_on": "决定日期",
    "document_number": "文号",
    "minutes": "会议纪要扫描件",
}


def registration_of(visit: Visit, data: FormData) -> str:
    """The sentence that stands in the history before the opinion. Raises `Invalid` for what is missing."""
    asked = visit.request
    said = {
        "meeting": asked.meeting.strip() or _text(data.get("meeting")),
        "decided_on": asked.decided_on or _day(data.get("decided_on")),
        "document_number": asked.document.strip() or _text(data.get("document_number")),
    }
    errors = [_missing(key) for key, value in said.items() if not value]
    if "minutes" in data and not data["minutes"]:
        errors.append(_missing("minutes"))
    decided_on = said["decided_on"]
    if isinstance(decided_on, date) and decided_on > visit.step.today:
        errors.append(FieldError("decided_on", "in_future", "决定日期不能晚于今天。"))
    if errors:
        raise Invalid("代录要写明是哪次会议、哪天、什么文号的决定。", errors=tuple(errors))
    return f"{said['meeting']}，{decided_on}，{said['document_number']}"


def _missing(key: str) -> FieldError:
    return FieldError(
        key, "required", f"请填写{NAMES[key]}。" if key != "minutes" else "请上传会议纪要扫描件。"
    )


def _text(value: object) -> str:
    return str(value).strip() if value is not None else ""


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
