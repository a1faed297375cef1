"""`copy_to` (抄送) and `mark_read` (已阅): others may read an instance without having work in it.

A copy holds nothing up and outlives every return; an instance is copied to a person once. Only who has to do
with the instance hands it on: whoever got a copy reads, and does not spread it.
"""

from engine.audit import chain
from engine.runtime.incidents.mending import Act, write_act
from engine.store import Row
from engine.verbs.others.people_named import people_named
from engine.verbs.refusals import Invalid
from engine.verbs.tokens.ending import of_the_initiator, of_the_office
from engine.verbs.verb import InstanceVerb, Matter
from engine.work import copies, history
from engine.work.bindings import FieldError
from engine.work.notices import Notice, notify

WHOSE = "由办理过或正在办理它的人、发起人和考评办办理"


def concerned(matter: Matter) -> bool:
    """Whether the person has, had or began work here, or is the office: not just a reader."""
    person, row = matter.person, matter.row
    if of_the_initiator(person, row) or of_the_office(person, row):
        return True
    return history.takes_part(matter.connection, person, row.id)


def _not_concerned(matter: Matter) -> str:
    return "" if concerned(matter) else f"您可以查看办理过程，但“抄送”{WHOSE}。"


def _copy_to(matter: Matter) -> str:
    connection, row, request = matter.connection, matter.row, matter.request
    at, today = matter.setup.clock.now(), matter.today
    named = people_named(connection, request.people, assessor_id=row.assessor_id, on=today)
    had = {copy["person_id"]: copy["name"] for copy in copies.copies_of(connection, row.id)}
    if twice := [had[one] for one in named if one in had]:
        message = f"已经抄送过{'、'.join(twice)}，同一流程对一人只抄送一次。"
        raise Invalid(message, errors=(FieldError("people", "copied_before", message),))
    if matter.person.id in named:
        message = "不用抄送给自己；想随时看到进展，请关注这个流程。"
        raise Invalid(message, errors=(FieldError("people", "oneself", message),))
    act = Act("copy_to", request.opinion.strip(), told=f"抄送：{'、'.join(named.values())}")
    event = write_act(connection, row, "", act, actor=matter.actor, at=at)
    copies.write_copies(connection, [_copy(matter, one, event) for one in named])
    chain.enter(connection, row.id, at=at, actor=matter.person.id, act="copy_to", events=[event])
    notify(connection, [_notice(matter, one) for one in named], at=at)
    return f"已抄送{'、'.join(named.values())}。"


def _copy(matter: Matter, person_id: str, event: Row) -> Row:
    return {
        "instance_id": matter.row.id,
        "person_id": person_id,
        "cycle_id": matter.row.cycle_id,
        "event_id": event["id"],
        "element_id": event["element_id"],
        "from_id": matter.person.id,
        "from_name": matter.person.name,
        "copied_at": event["happened_at"],
    }


def _notice(matter: Matter, person_id: str) -> Notice:
    row = matter.row
    return Notice(
        cycle_id=row.cycle_id,
        kind="copy_to",
        user_id=person_id,
        instance_id=row.id,
        params={
            "subject": row.subject_name,
            "matter": row.matter,
            "process": row.process_key,
            "version": row.definition_version_id,
            "from": matter.person.name,
            "text": matter.request.opinion.strip(),
        },
    )


def _unread(matter: Matter) -> str:
    found = copies.copy_of(matter.connection, instance_id=matter.row.id, person_id=matter.person.id)
    if found is None:
        return "这个流程没有抄送给您，不用记已阅。"
    return ""


def _mark_read(matter: Matter) -> str:
    """已阅: set at the first look, and never moved by a later one."""
    place = {"instance_id": matter.row.id, "person_id": matter.person.id}
    copies.read_copy(matter.connection, **place, at=matter.setup.clock.now())
    return ""


COPY_TO = InstanceVerb(
    "copy_to", "抄送", None, WHOSE, _copy_to, against=_not_concerned, reason=False,
    tell=lambda _matter: ("对方只能查看，不影响办理，退回以后仍然能看。",),
)  # fmt: skip
MARK_READ = InstanceVerb(
    "mark_read", "已阅", None, "由收到抄送的人办理", _mark_read, against=_unread, reason=False, shown=False
)
