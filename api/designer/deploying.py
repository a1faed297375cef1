"""Checking and deploying files that a designer sends: the same for the designer page and the REST calls."""

import re
from collections.abc import Mapping

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.people.recording import record_definitions
from engine.bpmn.dialect import Level
from engine.bpmn.findings import Finding
from engine.bpmn.isolated import check_isolated
from engine.bpmn.lint import Catalogue
from engine.people.persons import Person
from engine.people.rights import INSTALLATION, may, require
from engine.runtime.definitions.checking import Checked, Overtaken
from engine.runtime.definitions.deploying import Deployed
from engine.runtime.definitions.shelf import deployed_models
from engine.runtime.definitions.versions import UnknownDefinition

MOST_FILES = 100
MOST_BYTES = 8 * 1024 * 1024
_NAME = re.compile(r"[\w\- .()]+(/[\w\- .()]+)*\.(bpmn|dmn|form)")


def may_for_definitions(person: Person, act: str) -> bool:
    """Whether the person may `design` or `deploy`. Definitions belong to the installation and run for every
    assessor in it, so only a right that reaches everything counts, not one over an assessor."""
    return may(person, act, INSTALLATION)


def require_for_definitions(person: Person, act: str) -> None:
    """Raises NotAllowed unless `may_for_definitions`."""
    require(person, act, INSTALLATION)


def check(
    house: House, person: Person, files: Mapping[str, str], *, level: Level = "dialect"
) -> list[Finding]:
    """What the lint says about `files`, asked in a process of its own. Raises NotAllowed, Trouble(422)."""
    require_for_definitions(person, "design")
    return findings_of(house, content_of(files), level)


def deploy(
    house: House,
    person: Person,
    files: Mapping[str, str],
    *,
    note: str = "",
    based_on: Mapping[str, int] | None = None,
) -> Deployed:
    """Make new versions of `files`, which are checked once, in a process of its own.

    `based_on` says of processes which version was changed. Raises NotAllowed, Trouble(422), Refused, and
    Trouble(409) when another version than that is the newest by now, or others deploy all the while.
    """
    require_for_definitions(person, "deploy")
    content = content_of(files)

    def make(connection: Connection, checked: Checked) -> Deployed:
        for key, number in (based_on or {}).items():
            _check_newest(house, connection, key, number)
        done = house.engine.deploy_in(connection, content, by=person.id, note=note, checked=checked)
        names = "、".join(f"{one.key} {one.number}" for one in done.versions)
        record_definitions(house, connection, person, names, said=note)
        return done

    try:
        return house.engine.deploy_checked(content, make, lint=_in_a_child)
    except Overtaken as overtaken:
        raise Trouble(409, "overtaken", str(overtaken)) from None


def _check_newest(house: House, connection: Connection, key: str, number: int) -> None:
    """Raises Trouble(409) when somebody has deployed another version since `number`."""
    try:
        newest = house.engine.definitions.latest(connection, "process", key)
    except UnknownDefinition:
        return
    if newest.number != number:
        name = newest.name or key
        said = _("您打开这张图以后，别人部署了“{name}”第 {number} 版，部署会盖掉那里的改动。什么也没有部署；")
        todo = _("请先下载您的图，再打开新的一版，把改动合进去。")
        raise Trouble(409, "overtaken", said.format(name=name, number=newest.number) + todo)


def _in_a_child(
    content: Mapping[str, bytes], catalogue: Catalogue, models: Mapping[str, bytes]
) -> list[Finding]:
    return check_isolated(content, catalogue, models=models)


def findings_of(house: House, content: Mapping[str, bytes], level: Level = "dialect") -> list[Finding]:
    """What the lint says. Nothing of `content` is read here: that is the business of a process of its own."""
    with house.database.read() as connection:
        catalogue = house.engine.catalogue(connection)
        models = deployed_models(connection, house.engine.definitions) if _decides(content) else {}
    return check_isolated(content, catalogue, level, models=models)


def _decides(content: Mapping[str, bytes]) -> bool:
    return any(name.endswith(".dmn") for name in content)


def content_of(files: Mapping[str, str]) -> dict[str, bytes]:
    """Files by name as bytes. Raises Trouble(422), Trouble(413)."""
    if not files or len(files) > MOST_FILES:
        raise Trouble(422, "malformed", _("请给出 1 到 {n} 个文件。").format(n=MOST_FILES))
    content = {}
    for name, text in files.items():
        if not _NAME.fullmatch(name) or len(name) > 200 or ".." in name:
            raise Trouble(422, "malformed", _("文件名要以 .bpmn、.dmn 或 .form 结尾。"))
        try:
            content[name] = text.encode("utf-8")
        except UnicodeEncodeError:
            raise Trouble(422, "malformed", _("文件必须是 UTF-8 文本。")) from None
    if sum(len(data) for data in content.values()) > MOST_BYTES:
        raise Trouble(413, "too_large")
    return content
