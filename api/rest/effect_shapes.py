"""What a verb leads to, as REST calls receive it."""

from pydantic import BaseModel

from engine.verbs import effects


class Work(BaseModel):
    """A task that is closed, opened or passed on, and whose it is."""

    id: str
    instance_id: str
    element: str
    step: str
    who: str
    assignee_id: str | None
    unit_id: str | None
    post: str | None


class Passed(BaseModel):
    """A task that goes from one to another."""

    before: Work
    after: Work


class Superseded(BaseModel):
    """An opinion that will no longer count; it stays in the history."""

    element: str
    step: str
    person: str


class Place(BaseModel):
    """Where a token stands: `kind` is user, job, children or message."""

    element: str
    name: str
    kind: str


class Effect(BaseModel):
    """What a verb leads to; `sentences` say it in Chinese, `status` is the instance's afterwards.

    `children`: tasks of called instances that end with it.
    """

    verb: str
    name: str
    closed: list[Work]
    opened: list[Work]
    passed: list[Passed]
    superseded: list[Superseded]
    leaves: list[Place]
    arrives: list[Place]
    children: list[Work]
    status: str
    sentences: list[str]


def effect_shape(effect: effects.Effect) -> Effect:
    """An effect as JSON."""
    return Effect(
        verb=effect.verb,
        name=effect.name,
        closed=[_work(one) for one in effect.closed],
        opened=[_work(one) for one in effect.opened],
        passed=[Passed(before=_work(one.before), after=_work(one.after)) for one in effect.passed],
        superseded=[
            Superseded(element=one.element_id, step=one.step, person=one.person) for one in effect.superseded
        ],
        leaves=[_place(one) for one in effect.leaves],
        arrives=[_place(one) for one in effect.arrives],
        children=[_work(one) for one in effect.children],
        status=effect.status,
        sentences=list(effect.sentences),
    )


def _work(work: effects.Work) -> Work:
    return Work(
        id=work.item_id,
        instance_id=work.instance_id,
        element=work.element_id,
        step=work.step,
        who=work.who,
        assignee_id=work.assignee_id,
        unit_id=work.unit_id,
        post=work.post_key,
    )


def _place(place: effects.Place) -> Place:
    return Place(element=place.element_id, name=place.name, kind=place.kind)
