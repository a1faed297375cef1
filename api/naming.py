"""How work is called on pages: names of processes and steps, in the reader's language, from the diagrams."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.language import current_language
from api.language import gettext as _
from engine.runtime.definitions.versions import Definitions
from engine.verbs.rules import outcomes

_EN = "bihuan:name.en"


@dataclass(frozen=True)
class Naming:
    """Names read from definitions in memory; a version is read from the database once a process lifetime."""

    definitions: Definitions
    connection: Connection

    def process(self, version_id: str) -> str:
        """`单位年度目标`."""
        drawn = self.definitions.process(self.connection, version_id).drawn
        return _chosen(drawn.name or drawn.id, drawn.properties.get(_EN))

    def step(self, version_id: str, element_id: str) -> str:
        """`汇总年度目标`; the id itself when the diagram does not know it."""
        element = self.definitions.process(self.connection, version_id).drawn.elements.get(element_id)
        if element is None:
            return element_id
        return _chosen(element.name or element.id, element.properties.get(_EN))

    def outcome(self, version_id: str, element_id: str, key: str) -> str:
        """The words of the button that was pressed: `同意` for `approve`."""
        element = self.definitions.process(self.connection, version_id).drawn.elements.get(element_id)
        offered = outcomes(element) if element else []
        return next((one.label for one in offered if one.key == key), key)

    def title(self, version_id: str, *, year: int | None, subject: str, matter: str = "") -> str:
        """What a row of work is about: `2018 年度目标制定 · 市旅委`, with its matter (事由) if any."""
        name = self.process(version_id)
        if year:
            plain = "年度" in name or current_language() == "en"
            name = f"{year} {name}" if plain else _("{year} 年度{name}").format(year=year, name=name)
        return " · ".join(part for part in (name, subject, matter) if part)


def _chosen(chinese: str, english: str | None) -> str:
    return english if english and current_language() == "en" else chinese
