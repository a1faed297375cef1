"""意见整改: a year's issues, one issue, and taking opinions in."""

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.rectification import read_issue, read_issues, take_opinions
from api.rest import opinion_shapes, shapes
from api.rest.addresses import group
from api.rest.opinions import told
from api.security.session import caller
from engine.people.persons import Person

router: APIRouter = group("意见整改 rectification")


@router.get("/cycles/{cycle_id}/issues", summary="一年的整改事项")
def list_issues(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[opinion_shapes.Issue]:
    """All issues for the office, a unit's own for its people."""
    with house.database.read() as connection:
        found = read_issues(connection, person, cycle_id)
    rows = [opinion_shapes.Issue.model_validate(row) for row in found.rows]
    return shapes.Listed[opinion_shapes.Issue](items=rows)


@router.get("/issues/{issue_id}", summary="一个整改事项")
def show_issue(
    issue_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> opinion_shapes.PromiseStory:
    """One issue with its rounds, as far as the caller may see it."""
    with house.database.read() as connection:
        story, _contacts = read_issue(connection, person, issue_id)
    return told(story)


@router.post("/cycles/{cycle_id}/opinions", summary="导入意见", status_code=201)
def import_opinions(
    cycle_id: str,
    sent: opinion_shapes.OpinionsOfBatch,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> opinion_shapes.TakenOpinions:
    """With `batch` they wait for the year's merging, without it each is handled by itself; all or none."""
    texts = [{"text": one.text, "unit_id": one.unit_id} for one in sent.opinions]
    taken = take_opinions(house, person, cycle_id, texts, source=sent.source, batch=sent.batch)
    return opinion_shapes.TakenOpinions(taken=len(taken))
