"""Every verb there is, by its key: the same word in REST, on pages, in the history and in tests.

A module gives its verbs in the one shape of `verb.py`; here they only stand in the order in which pages
offer them. `save_draft` (暂存) is none of them: it moves nothing and has a way of its own.
"""

from collections.abc import Mapping

from engine.verbs.others import asking, copying, following, handing, urging, urging_leaders
from engine.verbs.signers import adding, sequencing
from engine.verbs.tokens import ending, jumping, reopening, returning, taking_back
from engine.verbs.verb import InstanceVerb, Verb
from engine.verbs.working import claiming, completing

VERBS: Mapping[str, Verb] = {
    verb.key: verb
    for verb in (
        urging.URGE,
        urging_leaders.URGE_LEADER,
        claiming.CLAIM,
        claiming.UNCLAIM,
        completing.COMPLETE,
        completing.REGISTER_FOR,
        asking.ANSWER,
        returning.RETURN_TO,
        handing.HAND_OVER,
        asking.ASK,
        asking.RECALL,
        adding.ADD_SIGNER,
        sequencing.ADD_BEFORE,
        sequencing.ADD_AFTER,
        adding.REMOVE_SIGNER,
    )
}
"""Verbs upon a task: `door.act`, `door.preview`."""

_UPON_INSTANCES: tuple[InstanceVerb, ...] = (
    copying.COPY_TO,
    copying.MARK_READ,
    following.FOLLOW,
    following.UNFOLLOW,
    taking_back.TAKE_BACK,
    ending.WITHDRAW,
    jumping.JUMP,
    ending.TERMINATE,
    ending.VOID,
    reopening.REOPEN,
)
INSTANCE_VERBS: Mapping[str, InstanceVerb] = {verb.key: verb for verb in _UPON_INSTANCES}
"""Verbs upon an instance: `instance_door.act_upon`, `instance_door.preview_upon`."""
