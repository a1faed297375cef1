"""A person's own address on a channel: it counts once the code that was sent there has come back.

Times are the machine's own: a code is a matter of security.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from engine.runtime.notices.rules import MAIL, Channel
from engine.runtime.outbox import Letter, put
from engine.runtime.setup import Setup
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("addresses.sql"))
LASTS = timedelta(minutes=30)
EVERY = timedelta(minutes=1)
"""So often one person may let a code be sent on one channel."""
MOST_WRONG = 5
_MAIL = re.compile(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,180}")
_KEY = re.compile(r"[A-Za-z0-9_.@+-]{3,200}")


class AddressRefused(ValueError):
    """An address or a code that is not taken; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class OwnAddress:
    """What a page shows of one's own address; keys of bots are secrets and shown in part only."""

    channel: str
    shown: str
    verified: bool
    wanted: str


def own_addresses(connection: Connection, person_id: str) -> dict[str, OwnAddress]:
    """A person's own addresses by channel."""
    rows = QUERIES.rows(connection, "addresses_of", person_id=person_id)
    now = datetime.now(UTC)
    return {
        row["channel"]: OwnAddress(
            row["channel"],
            shown(row["address"], row["channel"]),
            row["verified_at"] is not None,
            shown(row["wanted"], row["channel"])
            if row["code_until_at"] and row["code_until_at"] > now
            else "",
        )
        for row in rows
    }


def shown(address: str, channel: str) -> str:
    """A mail address whole, of a key only its end."""
    return address if channel == MAIL or not address else f"…{address[-4:]}"


def want_address(
    setup: Setup, connection: Connection, person_id: str, channel: Channel, address: str
) -> None:
    """Let a code be sent to `address`; whoever reads it there may confirm it. Raises AddressRefused."""
    address, now = address.strip(), datetime.now(UTC)
    if not channel.own:
        raise AddressRefused("address_fixed", f"“{channel.name}”的地址取自帐号，由系统管理员维护。")
    if not (_MAIL if channel.key == MAIL else _KEY).fullmatch(address):
        raise AddressRefused("address_malformed", "这个地址不合规，请核对后重填。")
    known = QUERIES.row(connection, "address", person_id=person_id, channel=channel.key)
    if known and known["asked_at"] and known["asked_at"] > now - EVERY:
        raise AddressRefused("too_often", "验证码刚刚发过，请等一分钟再试。")
    code = f"{secrets.randbelow(1_000_000):06}"
    QUERIES.send(
        connection,
        "want",
        person_id=person_id,
        channel=channel.key,
        wanted=address,
        code_digest=_digest(person_id, channel.key, code),
        until=now + LASTS,
        now=now,
    )
    minutes = int(LASTS.total_seconds() // 60)
    text = f"您的验证码是 {code}，{minutes} 分钟内有效。不是您本人在“通知设置”里填写的，请不要理会。"
    letter = Letter(channel.letter, address, text, subject="闭环绩效验证码", channel=channel.key)
    put(setup, connection, [letter], attempts=3)


def confirm_address(connection: Connection, person_id: str, channel: str, code: str) -> bool:
    """The code has come back: the address counts from now on. False when it was wrong or too late."""
    now = datetime.now(UTC)
    digest = _digest(person_id, channel, code.strip())
    place = {"person_id": person_id, "channel": channel}
    if digest and QUERIES.run(
        connection, "verify", **place, code_digest=digest, now=now, now2=now, most=MOST_WRONG
    ):
        return True
    QUERIES.send(connection, "wrong", **place)
    return False


def forget_address(connection: Connection, person_id: str, channel: str) -> None:
    """Take one's own address back; mail goes to the account's again."""
    QUERIES.send(connection, "forget", person_id=person_id, channel=channel)


def _digest(person_id: str, channel: str, code: str) -> str:
    return hashlib.sha256(f"{person_id} {channel} {code}".encode()).hexdigest()
