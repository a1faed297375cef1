"""回放, for whoever may deploy: what was recorded, played on another version."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.designer import replaying
from api.errors import Trouble, problem
from api.house import House, house_of
from api.language import gettext as _
from api.rest import replay_shapes as shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.bpmn.findings import Refused, to_json
from engine.people.persons import Person

router: APIRouter = group("回放 replays")


@router.post(
    "/processes/{key}/replays",
    summary="回放：把记录放到另一版上重走，什么也不改变",
    status_code=202,
    response_model=shapes.Order,
)
def order(
    key: str, sent: shapes.Replay, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Order | Response:
    """Order a replay on a deployed version or on files; ask `/replays/{id}` how far it is."""
    if (sent.to is None) == (not sent.files):
        raise Trouble(422, "malformed", _("请给出第几版，或者文件，只给一种。"))
    try:
        if sent.to is not None:
            order_id = replaying.replay_version(
                house, person, key, sent.to, mapping=sent.mapping, cycle_id=sent.cycle_id
            )
        else:
            order_id = replaying.replay_files(
                house, person, key, sent.files, mapping=sent.mapping, cycle_id=sent.cycle_id
            )
    except Refused as refused:
        said = _("检查没有通过，不能回放。")
        return problem(status=422, code="refused", message=said, more={**to_json(refused.findings)})
    return _told(house, person, order_id)


@router.get("/replays/{order_id}", summary="一次回放：走到了哪里，有什么不同")
def show(order_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Order:
    """How many instances go the same way, and what differs for the others."""
    return _told(house, person, order_id)


def _told(house: House, person: Person, order_id: str) -> shapes.Order:
    found = replaying.outcome(house, person, order_id)
    return shapes.Order(
        id=found.order.id,
        process=found.order.process_key,
        label=found.order.label,
        mapping=found.order.mapping,
        ordered_by=found.order.ordered_by_name,
        ordered_at=found.order.ordered_at,
        counts=found.counts,
        reasons=[
            shapes.Reason(
                state=row["state"], reason=row["reason_text"], count=row["count"], example=row["example"]
            )
            for row in found.reasons
        ],
        changes=[
            shapes.Change(**{**row, "old": row["old_text"], "new": row["new_text"]}) for row in found.changes
        ],
        items=[shapes.Parted.model_validate(one, from_attributes=True) for one in found.parted],
    )
