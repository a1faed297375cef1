"""The open page's part: a code leads to a questionnaire, a filled-in sheet goes into the box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from engine.store import Database
from processes.cycle.reading import scheme_of as content_of
from processes.evaluation.ballots.boxes import layer_of
from processes.evaluation.ballots.casting import NotCast, Sheet, box_of, cast, is_spent
from processes.evaluation.ballots.proofs import plain_code
from processes.evaluation.survey.reading import SURVEYS, asked_units
from processes.evaluation.survey.tally import UNKNOWN

LONGEST_OPINION = 500
MOST_OPINIONS = 5


@dataclass(frozen=True)
class Level:
    """One answer that can be chosen."""

    mark: str
    label: str


@dataclass(frozen=True)
class Questionnaire:
    """What somebody with a code is asked. It does not say which layer the code belongs to."""

    survey_id: str
    box_id: str
    layer: int
    year_title: str
    introduction: str
    question: str
    closes_on: date
    levels: tuple[Level, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """(name of the class, ((unit id, name), …))"""

    @property
    def units(self) -> dict[str, str]:
        """unit id → name."""
        return {unit: name for _, members in self.groups for unit, name in members}


class SheetRefused(Exception):
    """A code or a sheet that cannot be taken; `field` is `code`, a unit's id, `opinions`, or empty.

    `code` is unknown, early, closed, used, empty, mark, long or broken.
    """

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def questionnaire(connection: Connection, code: str, *, today: date, sent: bool = False) -> Questionnaire:
    """The questionnaire of a code that may answer now. With `sent` a spent code is let through: the same
    sheet may be sent again. Raises SheetRefused."""
    found = _survey_of(connection, code)
    if found is None:
        raise SheetRefused("unknown", "没有这个答题码。请对照卡片再输一次，不分大小写。", field="code")
    survey, layer = found
    if survey["state"] in ("design", "approved") or today < survey["opens_on"]:
        raise SheetRefused("early", f"调查还没有开始，请在 {survey['opens_on']} 以后作答。")
    if survey["state"] != "open" or today > survey["closes_on"]:
        raise SheetRefused("closed", "调查已经截止，不再接收答卷。谢谢您的关注。")
    if not sent and is_spent(connection, box_of(connection, survey["box_id"]), plain_code(code)):
        raise SheetRefused("used", "这个答题码已经用过了，一个码只能用一次。", field="code")
    return _asked(connection, survey, layer)


def hand_in(
    database: Database,
    code: str,
    *,
    secret: str,
    marks: Mapping[str, str],
    opinions: Sequence[tuple[str, str]] = (),
    today: date,
) -> None:
    """Take a sheet: `marks` unit id → level or `unknown` (units left out are not answered), `opinions`
    (unit id or '', words). Sending the same sheet again changes nothing. Raises SheetRefused."""
    with database.read() as connection:
        asked = questionnaire(connection, code, today=today, sent=True)
    given = {unit: mark for unit, mark in marks.items() if mark}
    words = [(unit or None, text.strip()) for unit, text in opinions if text.strip()]
    _require_sense(asked, given, words)
    sheet = Sheet(
        box_id=asked.box_id,
        proof=plain_code(code),
        secret=secret,
        marks=given,
        layer=asked.layer,
        words=words,
    )
    try:
        cast(database, sheet)
    except NotCast as refused:
        raise SheetRefused(refused.code, str(refused)) from None


def _require_sense(
    asked: Questionnaire, given: Mapping[str, str], words: Sequence[tuple[str | None, str]]
) -> None:
    known = {level.mark for level in asked.levels}
    for unit, mark in given.items():
        if unit not in asked.units or mark not in known:
            raise SheetRefused("mark", "这一项的回答不在选项里，请重新选择。", field=unit)
    if not given and not words:
        raise SheetRefused("empty", "还没有作答：请至少评价一个单位，或写一条意见。")
    if len(words) > MOST_OPINIONS or any(len(text) > LONGEST_OPINION for _, text in words):
        raise SheetRefused(
            "long", f"意见最多 {MOST_OPINIONS} 条，每条最多 {LONGEST_OPINION} 字。", field="opinions"
        )
    if any(unit is not None and unit not in asked.units for unit, _ in words):
        raise SheetRefused("mark", "意见所针对的单位不在问卷里，请重新选择。", field="opinions")


def _survey_of(connection: Connection, code: str) -> tuple[Mapping[str, Any], int] | None:
    """The survey and layer of a code; the newest surveys first."""
    if not plain_code(code):
        return None
    query = select(SURVEYS).order_by(SURVEYS.c.created_at.desc(), SURVEYS.c.id)
    for survey in connection.execute(query).mappings().all():
        layer = layer_of(connection, survey["box_id"], code)
        if layer is not None:
            return dict(survey), layer
    return None


def _asked(connection: Connection, survey: Mapping[str, Any], layer: int) -> Questionnaire:
    classes = content_of(connection, survey["cycle_id"])["survey"]["classes"]
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in asked_units(connection, survey["id"]):
        groups.setdefault(unit["class_key"], []).append((unit["unit_id"], unit["name"]))
    return Questionnaire(
        survey_id=survey["id"],
        box_id=survey["box_id"],
        layer=layer,
        year_title=survey["title"],
        introduction=survey["introduction"],
        question=survey["question"],
        closes_on=survey["closes_on"],
        levels=levels_of(survey),
        groups=tuple((str(classes[key]["name"]), tuple(units)) for key, units in groups.items()),
    )


def levels_of(survey: Mapping[str, Any]) -> tuple[Level, ...]:
    """The answers that can be chosen, the last one 不了解."""
    marks = [Level(str(number), name) for number, name in enumerate(survey["levels"], 1)]
    return (*marks, Level(UNKNOWN, str(survey["unknown"])))
