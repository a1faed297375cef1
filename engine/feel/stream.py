"""A cursor over tokens."""

from __future__ import annotations

from engine.feel.errors import FeelSyntaxError, Position
from engine.feel.lexer import Source, Token, tokenize


class TokenStream:
    """Reads tokens one by one. Every method that reads raises FeelSyntaxError."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        self.tokens = tokenize(self.source)
        self.index = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    @property
    def position(self) -> Position:
        """Where the next token stands."""
        return self.source.position(self.token.offset)

    def ahead(self, distance: int = 1) -> Token:
        """A later token; the last one for ever."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def at(self, *words: str) -> bool:
        """Whether the next token is one of these words or signs."""
        return self.token.text in words and self.token.kind != "string"

    def advance(self) -> Token:
        """Read a token."""
        token = self.token
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def accept(self, word: str) -> bool:
        """Read a word or sign if it is next."""
        if not self.at(word):
            return False
        self.advance()
        return True

    def expect(self, word: str) -> Token:
        """Read a word or sign that must be next."""
        if not self.at(word):
            raise self.error(f"这里应当是“{word}”，却是{self.found()}")
        return self.advance()

    def found(self) -> str:
        """The next token, for a message."""
        return "结尾" if self.token.kind == "end" else f"“{self.token.text[:40]}”"

    def error(self, message: str) -> FeelSyntaxError:
        """An error at the next token."""
        return self.source.error(message, self.token.offset)
