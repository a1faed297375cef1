"""Data collection: who has delivered, a body's figures, filling an entry form from Excel, corrections."""

from fastapi import APIRouter, Depends, UploadFile

from api.house import House, house_of
from api.office.collecting import ask_correction, delivery, followed, import_figures
from api.rest import collection_shapes as of
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person

router: APIRouter = group("数据采集 data collection")


@router.get("/cycles/{cycle_id}/data", summary="谁没有报：各数据采集单位报到哪一步")
def list_deliveries(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.Delivery]:
    """Every supplying body of a year, those who have not delivered first."""
    with house.database.read() as connection:
        rows = followed(connection, person, cycle_id)[2]
    states = ("reported", "verified", "locked", "withdrawn")
    return shapes.Listed[of.Delivery](
        items=[
            of.Delivery(
                supplier_id=row.supplier_id,
                name=row.name,
                asked=row.asked,
                missing=row.missing,
                **{state: row.in_state(state) for state in states},
            )
            for row in rows
        ]
    )


@router.get("/cycles/{cycle_id}/data/{supplier_id}", summary="一个单位提供的数据")
def list_figures(
    cycle_id: str, supplier_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.Figure]:
    """A body's figures of a year with where each stands; 404 for who does not see the body's matters."""
    with house.database.read() as connection:
        orders = delivery(connection, person, cycle_id, supplier_id)[1]
    return shapes.Listed[of.Figure](
        items=[
            of.Figure.model_validate({**order.as_row(), "source": order.row["source"]}) for order in orders
        ]
    )


@router.post("/cycles/{cycle_id}/data/{supplier_id}/correct", summary="申请更正已认定的数据", status_code=202)
def correct(
    cycle_id: str,
    supplier_id: str,
    sent: of.Correction,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> of.Asked:
    """The figures come back to the body's desk; 409 once they are locked, or before they are recognised."""
    ask_correction(house, person, cycle_id, supplier_id, sent.source)
    return of.Asked(supplier_id=supplier_id, source=sent.source)


@router.post("/work-items/{item_id}/figures", summary="从 Excel 填入一张采集单")
def fill(
    item_id: str, file: UploadFile, person: Person = Depends(caller), house: House = Depends(house_of)
) -> of.Filled:
    """All of it or nothing: 422 names every wrong cell as `工作表.行.列`. The form keeps it as a draft."""
    return of.Filled(item_id=item_id, lines=import_figures(house, person, item_id, file))
