"""The inbox: what waits for a person, and what the person did, started, was sent or follows.

Rows from indexed tables, never engine state: a page costs the same number of statements whatever waits in the
system. Every list follows the indexes of its person; nothing here writes.
"""

from engine.work.inbox.branches import Tab
from engine.work.inbox.open_work import MOST_COUNTED, InboxRow, claimable, counts, mine, with_ids
from engine.work.inbox.page import BadCursor, Page
from engine.work.inbox.past_work import PastRow, copied, done, followed, started, steps_now
from engine.work.inbox.subjects import Subject, subjects_of_open, subjects_of_past
from engine.work.inbox.wanted import DUE_WINDOWS, SORTS, Wanted

__all__ = [
    "DUE_WINDOWS",
    "MOST_COUNTED",
    "SORTS",
    "BadCursor",
    "InboxRow",
    "Page",
    "PastRow",
    "Subject",
    "Tab",
    "Wanted",
    "claimable",
    "copied",
    "counts",
    "done",
    "followed",
    "mine",
    "started",
    "steps_now",
    "subjects_of_open",
    "subjects_of_past",
    "with_ids",
]
