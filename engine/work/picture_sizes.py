"""How large a picture would be when somebody draws it: told by its first bytes, without unfolding it.

A few hundred bytes can claim more pixels than a server has memory; who draws them (for a PDF) dies of it.
"""

import struct

_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of JPEG that begin a frame and say how large it is."""


def pixels_of(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or a JPEG in pixels; None where they cannot be read."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _of_png(content)
    if content.startswith(b"\xff\xd8"):
        return _of_jpeg(content)
    return None


def _of_png(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _NO_LENGTH:
            place += 2
        elif marker in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None
