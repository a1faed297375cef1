"""The words of a letter to a person: the sentences of the page, with where each leads."""

from collections.abc import Sequence

from sqlalchemy import Connection

from api.inbox.notice_lines import notice_line
from api.naming import Naming
from engine.runtime.definitions.versions import Definitions
from engine.runtime.notices.rules import Occasion, TodoWords, Told, Wording, Words
from engine.store import Row

SETTINGS_PAGE = "/account/notices"
LONGEST_SUBJECT = 90
MOST = 40
"""Lines of one letter; of more the rest is counted."""


def wording(public_url: str) -> Wording:
    """Words whose links lead to `public_url`; without one there are none."""
    base = public_url.rstrip("/")

    def words(connection: Connection, told: Sequence[Told], occasion: Occasion) -> Words:
        naming = Naming(occasion.definitions, connection)
        lines = [notice_line(_row(one), naming, home=occasion.home) for one in told]
        if len(lines) == 1 and not occasion.digest:
            subject = _one_line(lines[0].sentence)
        else:
            kind = "每日汇总" if occasion.digest else "新通知"
            subject = f"闭环绩效{kind}：{len(lines)} 条"
        text = []
        for number, line in enumerate(lines[:MOST], start=1):
            text.append(f"{number}. {line.sentence}" if len(lines) > 1 else line.sentence)
            if base and line.href:
                text.append(f"   {base}{line.href}")
        if len(lines) > MOST:
            text.append(f"另有 {len(lines) - MOST} 条，请登录查看。")
        text += ["", "——", "闭环绩效。通知的方式可以在“我的帐户 → 通知设置”里改。"]
        if base:
            text.append(f"{base}{SETTINGS_PAGE}")
        return Words(subject, "\n".join(text))

    return words


def todo_words(public_url: str) -> TodoWords:
    """How an outside to-do centre shows an item: as the lists of work do."""
    base = public_url.rstrip("/")

    def words(connection: Connection, definitions: Definitions, item: Row) -> dict[str, object]:
        naming, version = Naming(definitions, connection), item["definition_version_id"]
        title = naming.title(version, year=item["year"], subject=item["subject_name"], matter=item["matter"])
        return {
            "title": title,
            "step": naming.step(version, item["element_id"]),
            "url": f"{base}/tasks/{item['id']}",
        }

    return words


def _row(told: Told) -> dict[str, object]:
    return {
        "kind": told.kind,
        "params_json": told.params,
        "item_id": told.item_id,
        "instance_id": told.instance_id,
        "created_at": told.created_at,
        "read_at": None,
    }


def _one_line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SUBJECT else plain[: LONGEST_SUBJECT - 1] + "…"
