"""月度通报: drafted from the units' cards, reviewed by the office, signed, published; each state is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.cycle.documents import DOCUMENTS, number_taken, proposed_number, put_document
from processes.cycle.reading import cycle_of, scheme_of
from processes.cycle.records import Publication
from processes.monitoring.figures import lights_of, newest
from processes.monitoring.month_services import CARDS
from processes.monitoring.month_steps import period_of
from processes.monitoring.records import Bulletin
from processes.planning.entry import text_of
from processes.planning.reading import TARGETS
from processes.planning.steps import UNITS
from processes.planning.telling import tell
from processes.planning.unit_steps import Unchecked
from processes.tables import table_of

BULLETINS = table_of(Bulletin)
PUBLICATIONS = table_of(Publication)
KIND = "bulletin"


def newest_bulletin(connection: Connection, *, cycle_id: str, period: str) -> Mapping[str, Any] | None:
    """The last state of a month's bulletin."""
    query = (
        select(BULLETINS)
        .where(BULLETINS.c.cycle_id == cycle_id, BULLETINS.c.period == period)
        .order_by(BULLETINS.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row is not None else None


def card_rows(connection: Connection, *, cycle_id: str, period: str) -> list[dict[str, Any]]:
    """The units' cards that count in a month, by unit code, as the bulletin shows them."""
    names = {
        row.id: (row.code, row.name)
        for row in connection.execute(select(UNITS.c.id, UNITS.c.code, UNITS.c.name))
    }
    cards = newest(connection, CARDS, CARDS.c.cycle_id == cycle_id, CARDS.c.period == period)
    return [
        {
            "unit": names[card["unit_id"]][1],
            "green": str(card["green"]),
            "yellow": str(card["yellow"]),
            "red": str(card["red"]),
            "blank": str(card["blank"]),
            "late": reported_how(card),
        }
        for card in sorted(cards, key=lambda card: names[card["unit_id"]][0])
    ]


def reported_how(card: Mapping[str, Any]) -> str:
    """`按时`, `迟报 2 个工作日，黄牌`, `未报，红牌`."""
    if not card["reported"]:
        how = "未报"
    elif card["late_days"]:
        how = f"迟报 {card['late_days']} 个工作日"
    else:
        how = "按时"
    return f"{how}，{card['card']}" if card["card"] else how


def draft_bulletin(call: ServiceCall) -> dict[str, Value]:
    """起草月度通报: what the cards and lights say, in words that the office then amends."""
    period = str(call.inputs["period"])
    rows = card_rows(call.connection, cycle_id=call.cycle_id, period=period)
    add_state(
        call.connection,
        cycle_id=call.cycle_id,
        period=period,
        instance_id=call.instance_id,
        at=call.at,
        stage="draft",
        title=_title(call, period),
        body=_words(call, period, rows),
        rows=rows,
    )
    return {}


def _title(step: StepContext, period: str) -> str:
    year, _mark, month = period.partition("-")
    label = scheme_of(step.connection, step.cycle_id)["documents"][KIND]["label"]
    return f"{year}年{int(month)}月绩效目标进度{label}"


def _words(step: StepContext, period: str, rows: Sequence[Mapping[str, Any]]) -> str:
    sums = {name: sum(int(row[name]) for row in rows) for name in ("green", "yellow", "red", "blank")}
    late = [f"{row['unit']}（{row['late']}）" for row in rows if row["late"] != "按时"]
    behind = _behind(step, period)
    parts = [
        f"本月 {len(rows)} 家单位报送进度，绿灯 {sums['green']} 项，黄灯 {sums['yellow']} 项，"
        f"红灯 {sums['red']} 项，暂不亮灯 {sums['blank']} 项。",
        "迟报、未报的单位：" + "、".join(late) + "。" if late else "各单位均按时报送。",
        "进度滞后的目标：\n" + "\n".join(f"- {line}" for line in behind)
        if behind
        else "没有进度滞后的目标。",
    ]
    return "\n\n".join(parts)


def _behind(step: StepContext, period: str) -> list[str]:
    lights = lights_of(step.connection, cycle_id=step.cycle_id, period=period)
    names = {row.id: row.name for row in step.connection.execute(select(UNITS.c.id, UNITS.c.name))}
    query = select(TARGETS.c.id, TARGETS.c.title).where(TARGETS.c.cycle_id == step.cycle_id)
    titles = {row.id: row.title for row in step.connection.execute(query)}
    behind = [light for light in lights if light["light"] in ("红", "黄")]
    behind.sort(key=lambda light: (light["light"] != "红", light["deviation"] or 0))
    return [
        f"{light['light']}灯 {names[light['unit_id']]} {titles[light['target_id']]}：{light['reason']}"
        for light in behind
        if light["target_id"] in titles
    ]


def add_state(
    connection: Connection,
    *,
    cycle_id: str,
    period: str,
    instance_id: str,
    at: datetime,
    stage: str,
    title: str,
    body: str,
    rows: Sequence[Mapping[str, Any]],
    **more: Any,
) -> str:
    """Add the next state of a month's bulletin; its id."""
    before = newest_bulletin(connection, cycle_id=cycle_id, period=period)
    bulletin_id = new_id()
    insert_row(
        connection,
        BULLETINS,
        id=bulletin_id,
        cycle_id=cycle_id,
        period=period,
        number=int(before["number"]) + 1 if before else 1,
        stage=stage,
        title=title,
        body=body,
        rows=[dict(row) for row in rows],
        made_at=at,
        instance_id=instance_id,
        **{"public": False, **more},
    )
    return bulletin_id


class BulletinReview(Unchecked):
    """审核月度通报: the office amends title and text; the cards stand as they are now."""

    def read(self, step: StepContext) -> FormData:
        found = _of(step)
        return {
            "title": found["title"],
            "body": found["body"],
            "rows": card_rows(step.connection, cycle_id=step.cycle_id, period=period_of(step)),
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        add_state(
            step.connection,
            cycle_id=step.cycle_id,
            period=period_of(step),
            instance_id=step.instance_id,
            at=step.at,
            stage="reviewed",
            title=text_of(data.get("title")),
            body=text_of(data.get("body")),
            rows=card_rows(step.connection, cycle_id=step.cycle_id, period=period_of(step)),
            by_person=step.person_id,
        )
        return {}


class BulletinSignature:
    """签发月度通报: with the signature the bulletin is a paper with a number."""

    def read(self, step: StepContext) -> FormData:
        found = _of(step)
        return {
            "title": found["title"],
            "body": found["body"],
            "rows": found["rows"],
            "number": proposed_number(step.connection, cycle_of(step.connection, step.cycle_id), kind=KIND),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if number_taken(step.connection, step.cycle_id, text_of(data.get("number"))):
            return [FieldError("number", "taken", "这个文号已经用过，请换一个。")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        found = _of(step)
        document_id = put_document(
            step.connection,
            cycle_of(step.connection, step.cycle_id),
            kind=KIND,
            number=text_of(data.get("number")),
            title=found["title"],
            issued_on=step.today,
            body=found["body"],
            instance_id=step.instance_id,
        )
        add_state(
            step.connection,
            cycle_id=step.cycle_id,
            period=period_of(step),
            instance_id=step.instance_id,
            at=step.at,
            stage="signed",
            title=found["title"],
            body=found["body"],
            rows=found["rows"],
            by_person=step.person_id,
            document_id=document_id,
        )
        return {}


def _of(step: StepContext) -> Mapping[str, Any]:
    found = newest_bulletin(step.connection, cycle_id=step.cycle_id, period=period_of(step))
    assert found is not None, "the draft comes before anybody looks at it"
    return found


def publish_bulletin(call: ServiceCall) -> dict[str, Value]:
    """发布通报: for everybody inside; for the public too where the input `public` says so. Posts are told."""
    period, public = str(call.inputs["period"]), bool(call.inputs["public"])
    found = newest_bulletin(call.connection, cycle_id=call.cycle_id, period=period)
    assert found is not None
    add_state(
        call.connection,
        cycle_id=call.cycle_id,
        period=period,
        instance_id=call.instance_id,
        at=call.at,
        stage="published",
        title=found["title"],
        body=found["body"],
        rows=found["rows"],
        document_id=found["document_id"],
        public=public,
    )
    if public:
        insert_row(
            call.connection,
            PUBLICATIONS,
            id=new_id(),
            cycle_id=call.cycle_id,
            kind=KIND,
            title=found["title"],
            body=found["body"],
            document_id=found["document_id"],
            instance_id=call.instance_id,
            published_at=call.at,
        )
    number = call.connection.execute(
        select(DOCUMENTS.c.number).where(DOCUMENTS.c.id == found["document_id"])
    ).scalar_one()
    tell(call, number=str(number))
    return {}
