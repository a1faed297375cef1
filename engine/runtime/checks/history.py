"""The history against the chain: each row is what an entry covers, with its words, and none is missing."""

from collections.abc import Iterator, Mapping

from engine.audit.chain import digest
from engine.audit.covering import covered, digest_of_words, named_by
from engine.runtime.checks.faults import Fault
from engine.runtime.checks.kept import Kept
from engine.store import Row


def history_faults(kept: Kept) -> Iterator[Fault]:
    """Rows of the history, words, forms and what was told that are not what they were when written."""
    left = {row["id"]: row for row in kept.parts["events"]}
    texts = {row["id"]: row for row in kept.parts["texts"]}
    words = {identity: digest_of_words(row) for identity, row in texts.items()}
    for entry in kept.parts["entries"]:
        named = entry["events_text"].split("\n") if entry["events_text"] else []
        gone = [one for one in named if one not in left]
        for one in gone:
            yield kept.fault(
                "history", f"work_event.id={one}", f"第 {entry['seq']} 条审计记录所记的一条办理历史没有了"
            )
        events = [left.pop(one) for one in named if one in left]
        told = entry["told_text"] or ""
        for one in sorted(named_by(events) - words.keys()):
            yield kept.fault("history", f"work_text.id={one}", "办理历史所记的一段意见或表单没有了")
        now = digest(covered(events, words, told), algorithm=entry["algorithm"])
        if not gone and now != entry["digest"]:
            yield _changed(kept, entry, events, texts)
    yield from _uncovered(kept, left)


def _changed(kept: Kept, entry: Row, events: list[Row], texts: Mapping[str, Row]) -> Fault:
    """Which of them was changed a digest does not say; where they are, it does."""
    ids = [f"work_event.id={row['id']}" for row in events]
    ids += [f"work_text.id={one}" for one in sorted(named_by(events) & texts.keys())]
    place = "、".join([*ids, f"audit_entry.seq={entry['seq']}"])
    return kept.fault(
        "history", place, f"第 {entry['seq']} 条审计记录所涵盖的办理历史、意见、表单或收到的内容被改动"
    )


def _uncovered(kept: Kept, events: Mapping[str, Row]) -> Iterator[Fault]:
    for row in events.values():
        text = f"环节“{row['element_id']}”有一条办理历史不在审计链上"
        yield kept.fault("history", f"work_event.id={row['id']}", text)
