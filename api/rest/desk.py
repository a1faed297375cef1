"""Beside a task: who comes next, comments on an instance, phrases, signatures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, UploadFile

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.forms_of_tasks import files_of_item
from api.inbox.instance_pages import seen_instance
from api.inbox.phrase_pages import scope_of
from api.inbox.several import Intention, sign_all
from api.inbox.signature_pages import keep_signature
from api.rest import desk_shapes, shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.verbs.others import commenting
from engine.verbs.showing.foreseeing import Stop
from engine.verbs.showing.route import Intended, routes
from engine.work import comments, phrases
from engine.work.history import may_see
from engine.work.phrases import EVERYBODY, RefusedPhrase
from engine.work.signature_images import MOST_BYTES, RefusedSignature, images_of, retire

router: APIRouter = group("办理 at the desk")


@router.post("/work-items/{item_id}/route", summary="流转预览： 各种办理结果之后由谁接着办")
def foresee(
    item_id: str,
    sent: desk_shapes.Intended,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[desk_shapes.Route]:
    """Worked out on a copy, nothing is written; what depends on others or on programs is `open`."""
    with house.database.read() as connection:
        files = files_of_item(connection, person, item_id)
    intended = Intended(sent.fields, files, sent.next_handlers)
    return shapes.Listed[desk_shapes.Route](
        items=[
            desk_shapes.Route(outcome=one.outcome, label=one.label, stops=[_stop(stop) for stop in one.stops])
            for one in routes(house.engine, person, item_id, intended)
        ]
    )


def _stop(stop: Stop) -> desk_shapes.Stop:
    return desk_shapes.Stop(
        kind=stop.kind,
        element=stop.element_id,
        name=stop.name,
        who=list(stop.who),
        assumed=stop.assumed,
        then=[_stop(one) for one in stop.then],
    )


@router.post("/work-items/sign", summary="一次签署几项任务，每项一个结果")
def sign_several(
    sent: desk_shapes.SeveralSigned,
    idempotency_key: Annotated[str, Header(max_length=150, description="重发时给同样的键")] = "",
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[desk_shapes.Signed]:
    """Each by itself: what is refused hinders no other. A step with a form to fill in is refused."""
    intended = [Intention(one.id, one.version, one.opinion) for one in sent.items]
    done = sign_all(house, person, intended, signature=sent.signature, key=idempotency_key)
    return shapes.Listed[desk_shapes.Signed](
        items=[
            desk_shapes.Signed(id=one.item_id, done=one.done, code=one.code, message=one.message)
            for one in done
        ]
    )


@router.get("/instances/{instance_id}/comments", summary="对一个流程的评论")
def list_comments(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[desk_shapes.Comment]:
    """Everything that was said, oldest first."""
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        found = comments.comments_of(connection, instance_id)
    return shapes.Listed[desk_shapes.Comment](
        items=[
            desk_shapes.Comment(
                id=one.id,
                person=one.person_name,
                written_at=one.written_at,
                text=one.text,
                mentioned=list(one.mentioned),
                wordings=one.wordings,
                edited_at=one.edited_at,
                erased_by=one.erased_by,
            )
            for one in found
        ]
    )


@router.post("/instances/{instance_id}/comments", summary="评论一个流程，@ 到的人收到通知", status_code=201)
def say(
    instance_id: str,
    sent: desk_shapes.Words,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> desk_shapes.Made:
    """No verb and no token moves. 422 when an `@` names nobody who may see the instance."""
    return desk_shapes.Made(id=commenting.comment(house.engine, person, instance_id, sent.text))


@router.get("/comments/{comment_id}", summary="一条评论的每一次措辞")
def show_wordings(
    comment_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[desk_shapes.Wording]:
    """Every wording, the first one first; null where it was erased."""
    with house.database.read() as connection:
        about = comments.read_comment(connection, comment_id)
        if about is None or not may_see(connection, person, about["instance_id"]):
            raise Trouble(404, "not_found")
        found = comments.wordings_of(connection, comment_id)
    return shapes.Listed[desk_shapes.Wording](items=[desk_shapes.Wording(**one.__dict__) for one in found])


@router.put("/comments/{comment_id}", summary="修改自己的评论；原来写的留着")
def reword(
    comment_id: str,
    sent: desk_shapes.Words,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> desk_shapes.Made:
    """Who is named for the first time gets a notice."""
    commenting.reword(house.engine, person, comment_id, sent.text)
    return desk_shapes.Made(id=comment_id)


@router.delete("/comments/{comment_id}", summary="清除一条评论的内容", status_code=204)
def erase(comment_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> None:
    """By who wrote it, or by the office: the words of every wording are gone, that it was there stays."""
    commenting.erase_comment(house.engine, person, comment_id)


@router.get("/phrases", summary="常用意见")
def list_phrases(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[desk_shapes.Phrase]:
    """One's own first, then those of one's units, then everybody's."""
    with house.database.read() as connection:
        found = phrases.phrases_for(connection, person)
    return shapes.Listed[desk_shapes.Phrase](
        items=[
            desk_shapes.Phrase(
                id=one.id,
                scope=one.scope,
                unit=one.unit_name,
                use=one.use,
                content=one.content,
                may_change=bool(one.id) and phrases.may_keep(person, one.owner_id),
            )
            for one in found
        ]
    )


@router.post("/phrases", summary="加一条常用意见", status_code=201)
def keep_phrase(
    sent: desk_shapes.NewPhrase, person: Person = Depends(caller), house: House = Depends(house_of)
) -> desk_shapes.Made:
    """For oneself; for a unit or everybody by who keeps theirs (403 else, 404 for units not one's own)."""
    owner_id = {"": person.id, "all": EVERYBODY}.get(sent.owner, sent.owner)
    _may_keep(person, owner_id)
    try:
        with house.database.write() as connection:
            made = phrases.add_phrase(
                connection,
                person,
                scope=scope_of(person, owner_id),
                owner_id=owner_id,
                use=sent.use,
                content=sent.content,
                at=house.engine.clock.now(),
            )
    except RefusedPhrase as refused:
        raise Trouble(422, "invalid", str(refused)) from None
    return desk_shapes.Made(id=made)


@router.patch("/phrases/{phrase_id}", summary="改一条常用意见，或上移一位")
def change_phrase(
    phrase_id: str,
    sent: desk_shapes.PhraseChange,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> desk_shapes.Made:
    """What is not sent stays. 422 for no words, or too many."""
    try:
        with house.database.write() as connection:
            kept = phrases.read_phrase(connection, phrase_id)
            if kept is None:
                raise Trouble(404, "not_found")
            _may_keep(person, kept.owner_id)
            if sent.content is not None:
                phrases.reword_phrase(connection, kept, sent.content)
            if sent.up:
                phrases.raise_phrase(connection, kept, phrases.phrases_for(connection, person))
    except RefusedPhrase as refused:
        raise Trouble(422, "invalid", str(refused)) from None
    return desk_shapes.Made(id=phrase_id)


@router.delete("/phrases/{phrase_id}", summary="删去一条常用意见", status_code=204)
def remove_phrase(phrase_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> None:
    """Opinions that were written with it stay as they are."""
    with house.database.write() as connection:
        kept = phrases.read_phrase(connection, phrase_id)
        if kept is None:
            raise Trouble(404, "not_found")
        _may_keep(person, kept.owner_id)
        phrases.remove_phrase(connection, kept)


def _may_keep(person: Person, owner_id: str) -> None:
    if owner_id not in phrases.owners_of(person):
        raise Trouble(404, "not_found")
    if not phrases.may_keep(person, owner_id):
        raise Trouble(403, "not_allowed")


@router.get("/signatures", summary="我的手写签名")
def list_signatures(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[desk_shapes.Signature]:
    """What one may sign with, the newest first; the id goes into `signature` of a verb."""
    with house.database.read() as connection:
        found = images_of(connection, person.id)
    return shapes.Listed[desk_shapes.Signature](
        items=[
            desk_shapes.Signature(
                id=one.id,
                made="drawn" if one.made == "drawn" else "uploaded",
                media_type=one.media_type,
                size=one.size,
                created_at=one.created_at,
                address=f"/account/signatures/{one.id}",
            )
            for one in found
        ]
    )


@router.post("/signatures", summary="上传一个手写签名", status_code=201)
def add_signature(
    file: UploadFile, person: Person = Depends(caller), house: House = Depends(house_of)
) -> desk_shapes.Made:
    """A PNG or JPEG of one's own signature. 422 for anything else."""
    try:
        return desk_shapes.Made(
            id=keep_signature(house, person, file.file.read(MOST_BYTES + 1), made="uploaded")
        )
    except RefusedSignature as refused:
        raise Trouble(422, "invalid", str(refused)) from None


@router.delete("/signatures/{image_id}", summary="停用一个手写签名", status_code=204)
def retire_signature(
    image_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> None:
    """It can be chosen no more; what was signed with it keeps it."""
    with house.database.write() as connection:
        if not retire(connection, person.id, image_id, at=house.engine.clock.now()):
            raise Trouble(404, "not_found")
