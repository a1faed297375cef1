"""Codes, sheets and keys: what is random here, and what can be computed from what.

A code lives on paper, a sheet's secret in the browser that shows the sheet; the database has neither. The
claim and the ballots' keys are keyed hashes under the sheet's secret: without it nobody can say that the
two belong together.
"""

import hmac
import secrets
from hashlib import sha256
from uuid import UUID, uuid4

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No sign that is mistaken for another on paper."""
SIGNS = 16
"""Seventy-nine bits: beyond guessing, online and from the digests."""
SHORTEST_SHEET = 22


def new_salt() -> str:
    """Random text of a box."""
    return secrets.token_hex(16)


def new_code() -> str:
    """A code as it is printed: `K7MW-2HTP-9QXA-RD4C`."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    return "-".join(signs[start : start + 4] for start in range(0, SIGNS, 4))


def plain_code(text: str) -> str:
    """A code as people type it, in capitals without what stands between the groups."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def digest_of(proof: str, *, salt: str) -> str:
    """What the database keeps of a code (or of a leader's turn): SHA-256 under the box's salt."""
    return sha256(f"{salt}|{proof}".encode()).hexdigest()


def new_sheet() -> str:
    """The secret of one sheet, for the browser that fills it in."""
    return secrets.token_urlsafe(24)


def claim_of(sheet: str, *, digest: str) -> str:
    """What a spent code keeps so that the same sheet may be sent again."""
    return _keyed(sheet, f"claim|{digest}").hex()


def key_of(sheet: str, *, digest: str, about: str) -> str:
    """The key of a sheet's answer about one subject: the same whenever the sheet is sent."""
    return str(UUID(bytes=_keyed(sheet, f"ballot|{digest}|{about}")[:16], version=4))


def fresh_key() -> str:
    """A random key that nothing leads to."""
    return str(uuid4())


def _keyed(sheet: str, text: str) -> bytes:
    return hmac.new(sheet.encode(), text.encode(), sha256).digest()
