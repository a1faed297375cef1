"""What a verb would lead to, before it is done: the same door as the verb itself, undone again."""

from fastapi import APIRouter, Depends

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.forms_of_tasks import files_of_item
from api.rest import work_shapes
from api.rest.addresses import group
from api.rest.effect_shapes import Effect, effect_shape
from api.security.session import caller
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.visit import Request as VerbRequest

router: APIRouter = group("待办 work items")


@router.post(
    "/work-items/{item_id}/{verb}/preview", summary="先看结果： 谁的待办关闭、谁收到什么、流程到哪里"
)
def preview(
    item_id: str,
    verb: str,
    sent: work_shapes.Verb,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> Effect:
    """What the same call without `preview` would do; nothing changes, and a reason may still be missing."""
    if verb not in door.VERBS:
        raise Trouble(404, "unknown_verb", f"没有“{verb}”这个办理方式。")
    with house.database.read() as connection:
        files = files_of_item(connection, person, item_id)
    asked = VerbRequest(files=files, **sent.as_request())
    return effect_shape(door.preview(house.engine, person, item_id, verb, asked))
