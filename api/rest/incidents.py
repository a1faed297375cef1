"""异常: what has stopped, one of them with its data, and mending it; the same as on the office's pages."""

from collections.abc import Iterable

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.following import chosen_cycle
from api.office.incidents import lines_of, mended_cycles, read_values, story_of
from api.rest import incident_shapes as told
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.verbs.tokens.mending import Mending, mend, retry_same

router: APIRouter = group("异常 incidents")
NOTHING_SAID = told.MendIncident()
"""A retry may be asked for without a word."""


@router.get("/cycles/{cycle_id}/incidents", summary="停住的流程")
def list_incidents(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[told.Incident]:
    """What has stopped because a diagram, a service or a job failed, the newest first; at most 200."""
    with house.database.read() as connection:
        chosen = chosen_cycle(mended_cycles(connection, person), cycle_id)
        lines = lines_of(house, connection, chosen["id"])
    return shapes.Listed[told.Incident](
        items=[
            told.Incident(
                id=line.row["id"],
                instance_id=line.row["instance_id"],
                element=line.row["element_id"],
                step=line.step,
                subject=line.row["subject_name"] or "",
                kind=line.row["kind"],
                code=line.row["code"],
                sentence=line.sentence,
                message=line.row["message"],
                attempts=line.row["attempts"],
                same=line.row["same"],
                raised_at=line.row["raised_at"],
            )
            for line in lines
        ]
    )


@router.get("/incidents/{incident_id}", summary="一件异常：停在哪里，为什么，各种处理会怎样")
def show_incident(
    incident_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> told.IncidentStory:
    """One open incident for the office that mends it; 404 for a stranger, and when it is closed."""
    story = story_of(house, person, incident_id)
    seen, row = story.seen, story.seen.incident
    return told.IncidentStory(
        id=row["id"],
        version=seen.version,
        instance_id=row["instance_id"],
        element=row["element_id"],
        step=story.step,
        kind=row["kind"],
        code=row["code"],
        sentence=story.sentence,
        message=row["message"],
        detail=row["detail_text"],
        attempts=row["attempts"],
        raised_at=row["raised_at"],
        variables=[
            told.SeenVariable(name=one.name, kind=one.kind, value=one.text, locked=one.locked)
            for one in seen.variables
        ],
        withheld=seen.withheld,
        retry=story.retry,
        skip=story.skip,
        outputs=list(seen.outputs),
        ways=[
            told.Way(flow=one.flow, name=one.name, condition=one.condition, target=one.target)
            for one in seen.ways
        ],
        places=[
            told.Place(target=one.element_id, name=one.name, forward=one.forward, effect=one.told)
            for one in story.places
        ],
        same=[incident for incident, _title in story.same],
    )


@router.post("/incidents/{incident_id}/retry-same", summary="重试同一原因的全部异常")
def retry_alike(
    incident_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> told.MendedTogether:
    """Each by itself: one that fails again stops no other. `same` of the incident lists them beforehand."""
    on, stopped = retry_same(house.engine, person, incident_id)
    return told.MendedTogether(gone_on=on, stopped=stopped)


@router.post("/incidents/{incident_id}/{act}", summary="重试、改正数据、跳过或移动令牌")
def mend_incident(
    incident_id: str,
    act: str,
    sent: told.MendIncident = NOTHING_SAID,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> told.MendedIncident:
    """`retry`, `correct`, `skip` or `jump`; 409 when it has changed since, 404 when it is closed."""
    mended = mend(
        house.engine,
        person,
        incident_id,
        act,
        Mending(
            version=sent.version,
            reason=sent.reason,
            changes=read_values(_typed(sent.changes)),
            outputs=read_values(_typed(sent.outputs)),
            flow=sent.flow,
            target=sent.target,
            then_retry=sent.then_retry,
        ),
    )
    return told.MendedIncident(
        id=mended.incident_id,
        instance_id=mended.instance_id,
        open=mended.open,
        message=mended.message,
        opened=mended.opened,
        ended=mended.ended,
    )


def _typed(values: Iterable[told.TypedValue]) -> list[tuple[str, str, str]]:
    return [(one.name, one.kind, one.value) for one in values]
