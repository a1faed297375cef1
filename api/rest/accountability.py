"""问责: a year's cases and flags, and one case. It is started as every process of a year is."""

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.accountability import case_to_see, read_year
from api.rest import accountability_shapes as shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person

router: APIRouter = group("问责 accountability")


@router.get("/cycles/{cycle_id}/accountability", summary="一年的问责：有关单位和问责线索")
def show_year(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Year:
    """For who may see every unit's result."""
    with house.database.read() as connection:
        found = read_year(connection, person, cycle_id)
    return shapes.Year(
        cycle_id=found.cycle["id"],
        cases=[shapes.CaseRow.model_validate(dict(row)) for row in found.cases],
        flags=[shapes.Flag.model_validate(dict(row)) for row in found.flags],
        started=found.started,
        may_start=found.may_start,
    )


@router.get("/accountability/{case_id}", summary="一个单位的问责")
def show_case(
    case_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Case:
    """All of it for who sees every unit's result; a unit its own, once it was told."""
    with house.database.read() as connection:
        found, _sees_all = case_to_see(connection, person, case_id)
    return shapes.Case(
        **{
            name: found.row[name]
            for name in ("id", "unit_id", "unit_name", "year", "deadline_on", "failures")
        },
        why=found.why,
        state=found.state,
        order=found.order,
        measures=[shapes.Measure.model_validate(one) for one in found.measures],
        acts=[shapes.Act.model_validate(one) for one in found.acts],
    )
