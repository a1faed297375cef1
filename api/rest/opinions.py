"""说一说, 查进展, 承诺与结果: open to everybody, without a token; nothing about the caller is kept."""

from fastapi import APIRouter, Depends, Request

from api.errors import Trouble
from api.house import House, house_of
from api.portal import opinions
from api.rest import opinion_shapes, shapes
from api.rest.addresses import open_group
from processes.rectification.following import Followed
from processes.rectification.saying import Said, SayingRefused, listening
from processes.rectification.showing import Round, Story, promise, promises

router: APIRouter = open_group("意见 public")


@router.get("/public/opinions/listeners", summary="现在向谁可以提意见")
def list_listeners(house: House = Depends(house_of)) -> shapes.Listed[opinion_shapes.Listener]:
    """The cycles that take opinions now."""
    with house.database.read() as connection:
        found = listening(connection, house.today)
    rows = [opinion_shapes.Listener.model_validate(row) for row in found]
    return shapes.Listed[opinion_shapes.Listener](items=rows)


@router.post("/public/opinions", summary="说一说，或投诉考评工作本身", status_code=201)
def say(
    request: Request, sent: opinion_shapes.NewOpinion, house: House = Depends(house_of)
) -> opinion_shapes.TakenOpinion:
    """The answer holds the code, this once. 429 after too many from one address within an hour."""
    try:
        if sent.kind == "complaint":
            taken = opinions.take_complaint(request, house, sent.cycle_id, sent.text)
        else:
            said = Said(sent.text, sent.unit_id, sent.name, sent.contact)
            taken = opinions.take(request, house, sent.cycle_id, said)
    except SayingRefused as refused:
        raise _refused(refused) from None
    return opinion_shapes.TakenOpinion(code=taken.code)


@router.post("/public/opinions/follow", summary="凭查询码查进展")
def follow(
    request: Request, sent: opinion_shapes.Code, house: House = Depends(house_of)
) -> opinion_shapes.FollowedOpinion:
    """404 for a wrong code, whatever is wrong with it; 429 after too many wrong ones from one address."""
    return _followed(opinions.look_up(request, house, sent.code))


@router.post("/public/opinions/verdict", summary="凭查询码评价是否解决")
def judge(
    request: Request, sent: opinion_shapes.Verdict, house: House = Depends(house_of)
) -> opinion_shapes.FollowedOpinion:
    """Once for each answer; 409 while there is none, or after the verdict."""
    opinions.judge(request, house, sent.code, solved=sent.solved, text=sent.text)
    return _followed(opinions.look_up(request, house, sent.code))


@router.get("/public/promises", summary="公示的整改承诺和满意率")
def list_promises(house: House = Depends(house_of)) -> shapes.Listed[opinion_shapes.Promise]:
    """Every public issue, the newest year first."""
    with house.database.read() as connection:
        found = promises(connection)
    rows = [opinion_shapes.Promise.model_validate({**row, "state": row["state_text"]}) for row in found]
    return shapes.Listed[opinion_shapes.Promise](items=rows)


@router.get("/public/promises/{issue_id}", summary="一项承诺：计划、进展、结果、每轮满意率和算式")
def show_promise(issue_id: str, house: House = Depends(house_of)) -> opinion_shapes.PromiseStory:
    """One public issue."""
    with house.database.read() as connection:
        found = promise(connection, issue_id)
    if found is None:
        raise Trouble(404, "not_found")
    return told(found)


@router.post("/public/promises/{issue_id}/comments", summary="对一项承诺提意见", status_code=201)
def comment(
    request: Request,
    issue_id: str,
    sent: opinion_shapes.NewPromiseComment,
    house: House = Depends(house_of),
) -> opinion_shapes.TakenPromiseComment:
    """It shows once the office has released it."""
    try:
        taken = opinions.comment(request, house, issue_id, sent.text)
    except SayingRefused as refused:
        raise _refused(refused) from None
    return opinion_shapes.TakenPromiseComment(id=taken)


def told(story: Story) -> opinion_shapes.PromiseStory:
    """A story as programs read it."""
    issue = story.issue
    return opinion_shapes.PromiseStory(
        id=issue["id"],
        year=issue["year"],
        title=issue["title"],
        text=issue["text"],
        unit_name=issue["unit_name"] or "",
        state=story.state,
        said=list(story.said),
        rounds=[_round(one) for one in story.rounds],
        comments=[
            opinion_shapes.ReleasedComment(text=row["text"], answer=row["answer"])
            for row in story.comments
            if row["released"]
        ],
    )


def _round(one: Round) -> opinion_shapes.Round:
    votes = one.satisfaction
    return opinion_shapes.Round(
        number=one.number,
        plan=opinion_shapes.Plan.model_validate(one.plan) if one.plan else None,
        progress=[opinion_shapes.Report.model_validate(row) for row in one.progress],
        result=opinion_shapes.Report.model_validate(one.result) if one.result else None,
        satisfaction=opinion_shapes.Satisfaction(**{**votes, "formula": one.formula}) if votes else None,
    )


def _followed(found: Followed) -> opinion_shapes.FollowedOpinion:
    return opinion_shapes.FollowedOpinion.model_validate(found, from_attributes=True)


def _refused(refused: SayingRefused) -> Trouble:
    error = {"field": refused.field, "code": "refused", "message": f"{refused}。"}
    return Trouble(422, "refused", f"{refused}。", errors=[error] if refused.field else [])
