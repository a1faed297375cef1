"""手写签名: asked for where the diagram says so, one's own, and bound to what was signed."""

import struct
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.verbs.refusals import Invalid
from engine.work.signature_images import RefusedSignature, keep_image, media_type_of, retire
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

BOTH = "approve:同意,return:退回"


def begun(world: World, rule: str = "required:approve") -> str:
    world.deploy(
        planning=in_a_row(
            user("sign", "unit.head", outcomes=BOTH, signature=rule), user("after", "unit.liaison")
        )
    )
    return world.start()


def kept(world: World, login: str, digest: str = "d" * 64) -> str:
    with world.engine.database.write() as connection:
        return keep_image(
            connection,
            world.people[login],
            digest=digest,
            media_type="image/png",
            size=10,
            made="drawn",
            at=world.clock.now(),
        )


def test_the_picture_is_bound_to_what_was_signed_for_good(world: World) -> None:
    instance = begun(world)
    world.complete("tou", "sign", outcome="approve", signature=kept(world, "tou"))
    (done,) = [one for one in world.events(instance) if one.verb == "complete"]
    assert done.signature_digest == "d" * 64
    with pytest.raises(DBAPIError, match="never"), world.engine.database.write() as connection:
        connection.execute(text("update work_event set signature_digest = 'x'"))


@ON_SQLITE
def test_what_asks_for_a_signature_is_not_done_without_one(world: World) -> None:
    instance = begun(world)
    with pytest.raises(Invalid, match="手写签名") as refused:
        world.complete("tou", "sign", outcome="approve")
    assert [error.field for error in refused.value.errors] == ["signature"]
    assert world.said(instance) == []
    world.complete("tou", "sign", outcome="return")
    assert world.said(instance) == [("complete", "sign", 1)]


@ON_SQLITE
def test_anothers_signature_or_a_retired_one_is_refused(world: World) -> None:
    begun(world)
    others, mine = kept(world, "lu"), kept(world, "tou")
    with world.engine.database.write() as connection:
        assert not retire(connection, world.people["lu"], mine, at=world.clock.now())
        assert retire(connection, world.people["tou"], mine, at=world.clock.now())
    for image in (others, mine, "nothing"):
        with pytest.raises(Invalid, match="不是您的，或已停用"):
            world.complete("tou", "sign", outcome="approve", signature=image)


@ON_SQLITE
def test_where_none_is_wanted_none_is_taken(world: World) -> None:
    begun(world, rule="none")
    with pytest.raises(Invalid, match="不用手写签名"):
        world.complete("tou", "sign", outcome="approve", signature=kept(world, "tou"))


@ON_SQLITE
def test_a_person_keeps_a_handful(world: World) -> None:
    for number in range(5):
        kept(world, "tou", f"{number}" * 64)
    with pytest.raises(RefusedSignature, match="最多保存 5 个"):
        kept(world, "tou")


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"0" * 400_000, b"\xff\xd8\xff"]
)
def test_only_pictures_are_signatures(content: bytes) -> None:
    with pytest.raises(RefusedSignature):
        media_type_of(content)


def png(width: int, height: int) -> bytes:
    head = struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + head + b"\0" * 8 + b"IEND\xaeB`\x82"


def jpeg(width: int, height: int) -> bytes:
    frame = struct.pack(">HHBHHB", 0xFFC2, 11, 8, height, width, 1)
    return b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff" + frame + b"\0" * 3 + b"\xff\xd9"


@pytest.mark.parametrize("made", [png, jpeg])
def test_a_picture_that_would_fill_the_memory_is_no_signature(made: Callable[[int, int], bytes]) -> None:
    """312 bytes that claim 60,000 × 60,000 pixels: whoever printed what was signed ended the server."""
    assert media_type_of(made(4000, 3000)).startswith("image/")
    with pytest.raises(RefusedSignature, match="最多 1200 万像素，这一张是 60000×60000"):
        media_type_of(made(60_000, 60_000))
    with pytest.raises(RefusedSignature, match="须是 PNG 或 JPEG"):
        media_type_of(made(0, 5))
