"""The notice of what somebody has done with a task: whom it reaches, and what its sentence is made of."""

from engine.verbs.visit import Visit
from engine.work.notices import Notice
from engine.work.routing import Candidate


def notice_about(visit: Visit, kind: str, to: Candidate, text: str, **more: str | None) -> Notice:
    """A notice of `kind` about the item, to a person or a post; `more` goes into its sentence."""
    item = visit.item
    said = {
        "subject": item.subject_name,
        "matter": item.matter,
        "process": item.process_key,
        "element": item.element_id,
        "version": item.definition_version_id,
        "from": visit.person.name,
        "text": text,
        **more,
    }
    return Notice(
        cycle_id=item.cycle_id,
        kind=kind,
        user_id=to.user_id,
        unit_id=to.unit_id,
        post_key=to.post_key,
        instance_id=item.instance_id,
        item_id=item.id,
        params=said,
    )
