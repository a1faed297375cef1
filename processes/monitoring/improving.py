"""Records of a unit's improvement: 签收, 整改措施, 落实, 核查, 约谈, 反馈办结."""

from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from engine.people.tables import Membership, UserAccount
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.monitoring.figures import Word, add_evidence, evidence_of
from processes.monitoring.gathering import acts_of, issue_rows, notice_of
from processes.monitoring.notice_steps import move, note, notice_id_of, number_of_document
from processes.planning.entry import text_of
from processes.planning.steps import unit_of
from processes.planning.unit_steps import Unchecked
from processes.tables import table_of

USERS = table_of(UserAccount)
MEMBERSHIPS = table_of(Membership)
OWNER = "notice_act"


class Receipt(Unchecked):
    """签收通知: the unit has read it; whoever does the later steps sees the same head."""

    def read(self, step: StepContext) -> FormData:
        notice = notice_of(step.connection, notice_id_of(step))
        return {
            "title": notice["title"],
            "number": number_of_document(step, notice),
            "body": notice["body"],
            "issues": issue_rows(step.connection, notice_id_of(step)),
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note(step, "received")
        move(step, state="working")
        return {}


class Measures(Receipt):
    """制定整改措施: what the unit will do, who, by when; after a failed check it sees why."""

    def read(self, step: StepContext) -> FormData:
        checks = acts_of(step.connection, notice_id_of(step), "checked")
        failed = [act for act in checks if not act["passed"]]
        told = f"上次核查不合格：{failed[-1]['text']}" if failed else ""
        shown = super().read(step)
        return {**shown, "failed": told, "measures": "", "responsible": "", "promised_on": None}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        promised = date.fromisoformat(str(data.get("promised_on")))
        note(
            step,
            "measures",
            text=text_of(data.get("measures")),
            responsible=text_of(data.get("responsible")),
            promised_on=promised.isoformat(),
        )
        move(step, state="working", due_on=promised)
        return {"promisedOn": promised}


class CarriedOut(Receipt):
    """落实并上传佐证: what was done, with the papers that prove it."""

    def read(self, step: StepContext) -> FormData:
        return {**super().read(step), "measures": _last(step, "measures"), "result": "", "evidence": []}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        act_id = note(step, "carried_out", text=text_of(data.get("result")))
        word = Word(
            cycle_id=step.cycle_id,
            unit_id=str(unit_of(step)["id"]),
            period="",
            at=step.at,
            by=step.person_id,
            instance_id=step.instance_id,
        )
        files = [str(one) for one in data.get("evidence") or []]
        add_evidence(step.connection, word, owner_kind=OWNER, owner_id=act_id, files=files)
        return {}


class Check(Receipt):
    """核查整改: passed or not, how it was checked and what was found; the failures are counted."""

    def read(self, step: StepContext) -> FormData:
        done = acts_of(step.connection, notice_id_of(step), "carried_out")[-1]
        papers = evidence_of(step.connection, OWNER, [str(done["id"])]).get(str(done["id"]), [])
        return {
            **super().read(step),
            "measures": _last(step, "measures"),
            "result": done["text"],
            "papers": Decimal(len(papers)),
            "method": None,
            "findings": "",
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        passed = outcome == "approve"
        notice = notice_of(step.connection, notice_id_of(step))
        failures = int(notice["failures"]) + (0 if passed else 1)
        note(
            step,
            "checked",
            text=text_of(data.get("findings")),
            passed=passed,
            method=text_of(data.get("method")),
        )
        move(step, failures=failures, state="working" if passed else "failed")
        return {"failures": Decimal(failures)}


class Talk(Receipt):
    """约谈: the leader talks to the unit's; after failed checks the notice is flagged for the evaluation."""

    def read(self, step: StepContext) -> FormData:
        post = str(step.variables["withPost"])
        unit = unit_of(step)
        names = step.connection.execute(
            select(USERS.c.name)
            .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
            .where(
                MEMBERSHIPS.c.unit_id == unit["id"],
                MEMBERSHIPS.c.post_key == post,
                MEMBERSHIPS.c.from_on <= step.today,
                or_(MEMBERSHIPS.c.until_on.is_(None), MEMBERSHIPS.c.until_on >= step.today),
            )
        ).scalars()
        return {
            **super().read(step),
            "with_whom": f"{unit['name']} {'、'.join(names)}".strip(),
            "talked_on": None,
            "minutes": "",
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        failures = int(notice_of(step.connection, notice_id_of(step))["failures"])
        note(step, "talked", text=text_of(data.get("minutes")), talked_on=str(data.get("talked_on")))
        move(step, talked=True, flagged=failures > 0)
        return {}


class Closing(Receipt):
    """反馈办结: the office says how it ended, to the unit and to whoever brought the matter up."""

    def read(self, step: StepContext) -> FormData:
        return {**super().read(step), "story": story_of(step), "feedback": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note(step, "closed", text=text_of(data.get("feedback")))
        move(step, state="closed", closed_at=step.at)
        return {}


KINDS = {
    "confirmed": "考评办确认",
    "dropped": "不发通知",
    "signed": "签发",
    "issued": "下发",
    "received": "签收",
    "measures": "整改措施",
    "carried_out": "落实情况",
    "checked": "核查",
    "talked": "约谈",
    "closed": "反馈",
}


def story_of(step: StepContext) -> str:
    """What was done about the notice, one line each."""
    lines = []
    for act in acts_of(step.connection, notice_id_of(step)):
        result = {True: "（合格）", False: "（不合格）", None: ""}[act["passed"]]
        lines.append(f"- {KINDS[act['kind']]}{result} {act['text']}".rstrip())
    return "\n".join(lines)


def _last(step: StepContext, kind: str) -> str:
    acts = acts_of(step.connection, notice_id_of(step), kind)
    return str(acts[-1]["text"]) if acts else ""
