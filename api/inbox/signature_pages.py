"""我的签名: pictures of one's signature, drawn or uploaded once; and those that something was signed with."""

from base64 import b64decode
from binascii import Error as NotBase64
from io import BytesIO

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import FileResponse, RedirectResponse, Response

from api.errors import Trouble
from api.files import path_of, store
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.security.posted import posted, safe_next, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.work.history import may_see
from engine.work.signature_images import (
    MOST_BYTES,
    QUERIES,
    Made,
    RefusedSignature,
    images_of,
    keep_image,
    media_type_of,
    retire,
)

router = APIRouter(include_in_schema=False)

_DRAWN = "data:image/png;base64,"


@router.get("/account/signatures")
def show_signatures(
    request: Request,
    next: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One's own signatures: draw, upload, retire."""
    return _page(request, house, person, back=next)


@router.post("/account/signatures")
def add_signature(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Keep a drawn or an uploaded signature."""
    back = text_of(form, "next")
    try:
        content, made = _sent(form)
        keep_signature(house, person, content, made=made)
    except RefusedSignature as refused:
        return _page(request, house, person, back=back, refusal=str(refused))
    return RedirectResponse(safe_next(back) if back else "/account/signatures", status_code=303)


@router.post("/account/signatures/{image_id}/retire")
def retire_signature(
    image_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """停用: it can be chosen no more; what was signed with it keeps it."""
    with house.database.write() as connection:
        if not retire(connection, person.id, image_id, at=house.engine.clock.now()):
            raise Trouble(404, "not_found")
    return RedirectResponse("/account/signatures", status_code=303)


@router.get("/account/signatures/{image_id}")
def show_own(
    image_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The picture of one of one's own signatures."""
    with house.database.read() as connection:
        row = QUERIES.row(connection, "image", id=image_id)
    if row is None or row["person_id"] != person.id:
        raise Trouble(404, "not_found")
    return picture(house, row["digest"], row["media_type"])


@router.get("/events/{event_id}/signature")
def show_signed(
    event_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The picture with which something was signed, for who may see where."""
    with house.database.read() as connection:
        row = QUERIES.row(connection, "signed", event_id=event_id)
        if row is None or not may_see(connection, person, row["instance_id"]):
            raise Trouble(404, "not_found")
    return picture(house, row["digest"], row["media_type"])


def keep_signature(house: House, person: Person, content: bytes, *, made: Made) -> str:
    """Store a picture and keep it for the person; its id. Raises RefusedSignature."""
    if "act_item" in person.withheld:
        raise RefusedSignature(_("审计员不办理，用不着签名。"))
    media_type = media_type_of(content)
    stored = store(house.settings.files_dir, BytesIO(content), max_bytes=MOST_BYTES)
    with house.database.write() as connection:
        return keep_image(
            connection,
            person.id,
            digest=stored.digest,
            media_type=media_type,
            size=stored.size,
            made=made,
            at=house.engine.clock.now(),
        )


def picture(house: House, digest: str, media_type: str) -> FileResponse:
    """The bytes of a signature as a picture and nothing else."""
    place = path_of(house.settings.files_dir, digest)
    if not place.is_file():
        raise Trouble(404, "not_found", _("签名的图片不在了，请告诉管理员。"))
    headers = {"content-security-policy": "default-src 'none'; sandbox", "content-disposition": "inline"}
    return FileResponse(place, media_type=media_type, headers=headers)


def _sent(form: FormData) -> tuple[bytes, Made]:
    upload, drawn = form.get("file"), form.get("drawn")
    if isinstance(upload, UploadFile) and upload.filename:
        return upload.file.read(MOST_BYTES + 1), "uploaded"
    if not isinstance(drawn, str) or not drawn.startswith(_DRAWN):
        raise RefusedSignature(_("没有收到签名：请手写，或选择一张图片。"))
    try:
        return b64decode(drawn.removeprefix(_DRAWN), validate=True), "drawn"
    except (NotBase64, ValueError):
        raise RefusedSignature(_("签名图片须是 PNG 或 JPEG。")) from None


def _page(request: Request, house: House, person: Person, *, back: str, refusal: str = "") -> Response:
    with house.database.read() as connection:
        images = images_of(connection, person.id)
    return page(
        request,
        "account/signatures.html",
        status=422 if refusal else 200,
        images=images,
        back=safe_next(back) if back else "",
        refusal=refusal,
    )
