"""What a list's search box looks through: the words themselves and their pinyin initials."""

from functools import lru_cache

from engine.people.names import fold, spelling


@lru_cache(maxsize=5_000)
def search_text(*parts: str) -> str:
    """The text that is searched: each part folded, and the initials by which it is typed."""
    words = [part for part in parts if part]
    return " ".join(dict.fromkeys([*(fold(part) for part in words), *(spelling(part) for part in words)]))


def search_pattern(typed: str) -> str:
    """A LIKE pattern (escape character `\\`) for what a person typed; every item matches an empty one."""
    folded = fold(typed)
    for special in ("\\", "%", "_"):
        folded = folded.replace(special, "\\" + special)
    return f"%{folded}%"
