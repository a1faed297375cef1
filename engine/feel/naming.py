"""How names are read: which words make one name, and which names are known where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.feel import syntax
from engine.feel.errors import Position
from engine.feel.lexer import Token
from engine.feel.names import KEYWORDS, NameTable, fixed_table, join
from engine.feel.stream import TokenStream


@dataclass(slots=True)
class Binding:
    """The names that an open construct binds, and those of them that were unknown before."""

    all: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


class NameReader(TokenStream):
    """A token stream that knows the names in scope."""

    def __init__(
        self, text: str, *, names: Collection[str], members: Collection[str], functions: Collection[str]
    ) -> None:
        super().__init__(text)
        self.names = NameTable(names)
        self.members = NameTable(members)
        self.functions = fixed_table(frozenset(functions))
        self.locals: Counter[str] = Counter()
        self.filters = 0

    def known_long_name(self) -> syntax.Node | None:
        found = self.names.match(self.tokens, self.index)
        if found is None or found[1] < 2:
            return None
        called = self._function_name()
        return None if called is not None and called[1] > found[1] else self.name()

    def _function_name(self) -> tuple[str, int] | None:
        for name, length in self.functions.matches(self.tokens, self.index):
            after = self.tokens[self.index + length]
            if after.text == "(" and after.kind == "symbol":
                return name, length
        return None

    def name(self) -> syntax.Name:
        """A variable's or function's name: the longest known one, else all words that stand together."""
        position = self.position
        known = self.names.match(self.tokens, self.index)
        called = self._function_name()
        part = self.members.match(self.tokens, self.index) if self.filters else None
        best = max((known, called, part), key=lambda found: found[1] if found else 0)
        if best is not None:
            following = self.tokens[self.index + best[1]]
            is_word = following.kind == "word" and following.text not in KEYWORDS
            if not is_word or not self.filters:
                self.index += best[1]
                return self._named(position, best[0])
        return self._named(position, self.joined_name())

    def _named(self, position: Position, name: str) -> syntax.Name:
        return syntax.Name(position, name, self.locals[name] > 0, self.filters > 0)

    def joined_name(self) -> str:
        """All words and numbers from here to the next sign or keyword, as one name."""
        words = [self.advance()]
        while self.token.kind in ("word", "number") and self.token.text not in KEYWORDS:
            words.append(self.advance())
        return join(words)

    def member(self) -> str:
        """The name after a dot."""
        if self.token.kind != "word":
            raise self.error(f"“.”后面应当是名称，这里是{self.found()}")
        tables = (self.members, self.names)
        found = [table.match(self.tokens, self.index) for table in tables]
        best = max(found, key=lambda match: match[1] if match else 0)
        if best is not None:
            following = self.tokens[self.index + best[1]]
            if following.kind != "word" or following.text in KEYWORDS:
                self.index += best[1]
                return best[0]
        return self.joined_name()

    def words_until(self, *ends: str) -> str:
        """A new name (of a parameter, key or iterator): every token up to one of these."""
        words: list[Token] = []
        while not self.at(*ends) and self.token.kind not in ("end", "string"):
            words.append(self.advance())
        if not words or words[0].kind != "word":
            raise self.error(f"这里应当是名称，却是{self.found()}" if not words else "这不是名称")
        return join(words)

    @contextmanager
    def binding(self, names: list[str]) -> Iterator[Binding]:
        """Names known inside a construct; more may come while it is open."""
        bound = Binding()
        for name in names:
            self.bind(name, bound)
        yield bound
        self.locals.subtract(bound.all)
        for name in bound.new:
            self.names.remove(name)

    def bind(self, name: str, bound: Binding) -> None:
        """Make one more name known inside an open `binding`."""
        if self.names.add(name):
            bound.new.append(name)
        bound.all.append(name)
        self.locals[name] += 1
