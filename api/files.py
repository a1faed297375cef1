"""Uploaded files: bytes lie under their digest, a row says what they belong to.

Bytes are written, synced and renamed before the row that names them; a crash leaves at most an orphan.
Two equal uploads share their bytes.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from sqlalchemy import Connection, select

from engine.work.signature_images import QUERIES as SIGNATURES
from engine.work.tables import File
from processes.tables import table_of

FILES = table_of(File)
_CHUNK = 256 * 1024


class FileTooLarge(Exception):
    """An upload has more bytes than the installation allows."""


@dataclass(frozen=True)
class Stored:
    """Bytes in their place: digest (SHA-256, hex) and size."""

    digest: str
    size: int


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes with this digest lie."""
    return folder / digest[:2] / digest


def store(folder: Path, source: BinaryIO, *, max_bytes: int) -> Stored:
    """Put the bytes of `source` into their place. Raises FileTooLarge, leaving nothing behind."""
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with NamedTemporaryFile(dir=incoming, delete=False) as target:
        temporary = Path(target.name)
        try:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise FileTooLarge
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    place = path_of(folder, digest.hexdigest())
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o640)
    temporary.replace(place)
    _sync_folder(place.parent)
    return Stored(digest.hexdigest(), size)


def faults_of(connection: Connection, folder: Path) -> Iterator[tuple[str, str]]:
    """The files and signatures whose bytes are not there, or are not what was uploaded: id and reason."""
    files = connection.execute(select(FILES.c.id, FILES.c.digest).order_by(FILES.c.id))
    signatures = ((one["id"], one["digest"]) for one in SIGNATURES.rows(connection, "all_digests"))
    for row_id, digest in chain(map(tuple, files), signatures):
        place = path_of(folder, digest)
        if not place.is_file():
            yield row_id, "内容不在存放附件的文件夹里"
        elif _digest_of(place) != digest:
            yield row_id, "内容与上传时不同"


def _digest_of(place: Path) -> str:
    with place.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
