"""Whether the server is well: for monitors and start scripts."""

from fastapi import APIRouter, Depends
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from api.house import House, house_of

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def health(house: House = Depends(house_of)) -> Response:
    """200 when the database answers."""
    with house.database.read() as connection:
        connection.execute(text("select 1"))
    return JSONResponse({"status": "ok"})
