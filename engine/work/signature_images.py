"""手写签名: a person's pictures of their signature, made once and chosen at signing.

A picture is never changed; one that is retired can be chosen no more and stays with what was signed. The
bytes lie under their digest, where the caller keeps files.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from engine.ids import new_id
from engine.store import Queries
from engine.work.picture_sizes import pixels_of

QUERIES = Queries(Path(__file__).with_name("signature_images.sql"))
MOST_BYTES = 300_000
MOST_PIXELS = 12_000_000
"""As many as a telephone's camera takes; drawn, they take four bytes each."""
MOST_KEPT = 5
"""So many pictures a person may choose from."""
Made = Literal["drawn", "uploaded"]


class RefusedSignature(Exception):
    """A picture that cannot be a signature; the sentence says why."""


@dataclass(frozen=True)
class SignatureImage:
    """One picture of a signature; its bytes lie under `digest` (SHA-256, hexadecimal)."""

    id: str
    person_id: str
    digest: str
    media_type: str
    size: int
    made: str
    created_at: datetime


def media_type_of(content: bytes) -> str:
    """PNG or JPEG, told by the bytes. Raises RefusedSignature for anything else or too large."""
    if not content:
        raise RefusedSignature("没有收到签名：请手写，或选择一张图片。")
    if len(content) > MOST_BYTES:
        raise RefusedSignature(f"签名图片最大 {MOST_BYTES // 1000} KB；请裁小以后再上传。")
    pixels = pixels_of(content)
    if pixels is None or 0 in pixels:
        raise RefusedSignature("签名图片须是 PNG 或 JPEG。")
    if pixels[0] * pixels[1] > MOST_PIXELS:
        most, this = f"{MOST_PIXELS // 10_000} 万像素", f"{pixels[0]}×{pixels[1]}"
        raise RefusedSignature(f"签名图片最多 {most}，这一张是 {this}；请裁小以后再上传。")
    if content.startswith(b"\x89PNG") and b"IEND" in content[-16:]:
        return "image/png"
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "image/jpeg"
    raise RefusedSignature("签名图片须是 PNG 或 JPEG。")


def keep_image(
    connection: Connection,
    person_id: str,
    *,
    digest: str,
    media_type: str,
    size: int,
    made: Made,
    at: datetime,
) -> str:
    """Keep a picture whose bytes have been stored; its id. Raises RefusedSignature for one too many."""
    if len(images_of(connection, person_id)) >= MOST_KEPT:
        raise RefusedSignature(f"最多保存 {MOST_KEPT} 个签名；请先停用一个。")
    image_id = new_id()
    QUERIES.run(
        connection,
        "insert_image",
        id=image_id,
        person_id=person_id,
        digest=digest,
        media_type=media_type,
        size=size,
        made=made,
        created_at=at,
    )
    return image_id


def images_of(connection: Connection, person_id: str) -> list[SignatureImage]:
    """What a person may choose from, the newest first."""
    return [SignatureImage(**row) for row in QUERIES.rows(connection, "images_of", person_id=person_id)]


def retire(connection: Connection, person_id: str, image_id: str, *, at: datetime) -> bool:
    """停用: a picture of one's own can be chosen no more; False when there is none."""
    return QUERIES.run(connection, "retire", id=image_id, person_id=person_id, at=at) == 1


def usable(connection: Connection, person_id: str, image_id: str) -> SignatureImage | None:
    """The picture, if it is this person's and not retired."""
    return next((one for one in images_of(connection, person_id) if one.id == image_id), None)
