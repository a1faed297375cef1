"""归并事项: what asks for a notice comes together in one draft a unit; the facts that D04 is asked about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import NoResultFound

from engine.ids import new_id
from engine.store.prepared import Prepared
from engine.work.bindings import ServiceCall, Value
from processes.monitoring.notice_records import ImprovementNotice, NoticeAct, NoticeIssue
from processes.monitoring.scheme import limits, settings
from processes.planning.steps import UNITS, unit_of
from processes.tables import table_of

NOTICES = table_of(ImprovementNotice)
ISSUES = table_of(NoticeIssue)
ACTS = table_of(NoticeAct)
NOTICE = Prepared(select(NOTICES).where(NOTICES.c.id == bindparam("notice_id")))
ISSUES_OF = Prepared(select(ISSUES).where(ISSUES.c.notice_id == bindparam("notice_id")).order_by(ISSUES.c.id))
ISSUES_ABOUT = Prepared(
    select(ISSUES).where(ISSUES.c.cycle_id == bindparam("cycle_id"), ISSUES.c.unit_id == bindparam("unit_id"))
)
ACTS_OF = Prepared(select(ACTS).where(ACTS.c.notice_id == bindparam("notice_id")).order_by(ACTS.c.id))
SETTINGS = {
    "confirmDays": "confirmWorkingDays",
    "receiptDays": "receiptWorkingDays",
    "measuresDays": "measuresWorkingDays",
    "checkDays": "checkWorkingDays",
}
POSTS = ("noticeSigner", "letterSigner", "talkBy", "talkWith")


def gather_issues(call: ServiceCall) -> dict[str, Value]:
    """归并: into the unit's open draft if there is one (`merged`), else a draft is opened (`noticeId`).

    Inputs: `issues`, a list of {kind, sourceId, subject, about, text, serious, reporter}: `subject` is what
    comes up again, `about` its name for people where that is not the same. One draft a unit, however many
    messages come at once: the unit's row is locked.
    """
    unit_id = str(unit_of(call)["id"])
    call.connection.execute(select(UNITS.c.id).where(UNITS.c.id == unit_id).with_for_update())
    draft = call.connection.execute(
        select(NOTICES.c.id).where(
            NOTICES.c.cycle_id == call.cycle_id, NOTICES.c.unit_id == unit_id, NOTICES.c.state == "draft"
        )
    ).scalar()
    notice_id = str(draft) if draft else _open(call, unit_id)
    _add_issues(call, unit_id, notice_id)
    given = settings(call.connection, call.cycle_id)
    return {
        "merged": draft is not None,
        "noticeId": notice_id,
        "issue": facts(call.connection, notice_id, at=call.at, failures=0),
        "scheme": limits(call.connection, call.cycle_id, "notices"),
        **{name: Decimal(given[key]) for name, key in SETTINGS.items()},
        **{name: given[name] for name in POSTS},
    }


def _open(call: ServiceCall, unit_id: str) -> str:
    notice_id = new_id()
    call.connection.execute(
        insert(NOTICES).values(
            id=notice_id,
            cycle_id=call.cycle_id,
            unit_id=unit_id,
            state="draft",
            instance_id=call.instance_id,
            opened_at=call.at,
        )
    )
    return notice_id


def _add_issues(call: ServiceCall, unit_id: str, notice_id: str) -> None:
    given = call.inputs["issues"] if isinstance(call.inputs["issues"], list) else []
    rows = [
        {
            "id": new_id(),
            "cycle_id": call.cycle_id,
            "unit_id": unit_id,
            "notice_id": notice_id,
            "kind": str(one["kind"]),
            "source_id": str(one["sourceId"]),
            "subject": str(one.get("subject") or one["sourceId"]),
            "text": str(one["text"]),
            "serious": bool(one.get("serious")),
            "reporter": str(one.get("reporter") or ""),
            "raised_at": call.at,
            "instance_id": call.instance_id,
        }
        for one in given
    ]
    if rows:
        call.connection.execute(insert(ISSUES), rows)


def facts(connection: Connection, notice_id: str, *, at: datetime, failures: int) -> dict[str, Value]:
    """What D04 is asked about a notice: {count, reporters, repeats, serious, failures, light}.

    `count` and `reporters` are what people have said about the unit within the profile's window, `repeats`
    how often the same subject has come up in the year.
    """
    notice = notice_of(connection, notice_id)
    rows = ISSUES_ABOUT.rows(connection, cycle_id=notice["cycle_id"], unit_id=notice["unit_id"])
    mine = [row for row in rows if row["notice_id"] == notice_id]
    window = limits(connection, notice["cycle_id"], "notices")["notices"]
    days = int(window["windowDays"]) if isinstance(window, Mapping) else 0
    said = [row for row in rows if row["reporter"] and row["raised_at"] > at - timedelta(days=days)]
    subjects = Counter(row["subject"] for row in rows)
    return {
        "count": Decimal(len(said)),
        "reporters": Decimal(len({row["reporter"] for row in said})),
        "repeats": Decimal(max((subjects[row["subject"]] for row in mine), default=0)),
        "serious": any(row["serious"] for row in mine),
        "failures": Decimal(failures),
        "light": "红" if any(row["kind"] == "light" for row in mine) else None,
    }


def notice_of(connection: Connection, notice_id: str) -> Mapping[str, Any]:
    """A notice's row."""
    row = NOTICE.row(connection, notice_id=notice_id)
    if row is None:
        raise NoResultFound(f"no notice {notice_id}")
    return row


SOURCES = {"light": "月度进度", "opinion": "群众意见", "inspection": "督查"}


def issue_rows(connection: Connection, notice_id: str) -> list[dict[str, Any]]:
    """What a notice gathers, as forms and pages show it."""
    return [
        {
            "id": row["id"],
            "locked": True,
            "text": row["text"],
            "source": SOURCES.get(row["kind"], row["kind"]),
            "raised": row["raised_at"].date().isoformat(),
        }
        for row in ISSUES_OF.rows(connection, notice_id=notice_id)
    ]


def acts_of(connection: Connection, notice_id: str, *kinds: str) -> Sequence[Mapping[str, Any]]:
    """What was done about a notice, in order; only of these kinds when some are named."""
    rows = ACTS_OF.rows(connection, notice_id=notice_id)
    return [row for row in rows if not kinds or row["kind"] in kinds]
