"""`follow` (关注) and `unfollow` (取消关注): a person who may see an instance is told of its progress.

It gives no right: whoever may see the instance no longer is told nothing more of it.
"""

from engine.ids import new_id
from engine.verbs.verb import InstanceVerb, Matter
from engine.work import copies


def _follows(matter: Matter) -> bool:
    return copies.follows(matter.connection, instance_id=matter.row.id, person_id=matter.person.id)


def _follow(matter: Matter) -> str:
    row = {
        "instance_id": matter.row.id,
        "person_id": matter.person.id,
        "id": new_id(),
        "cycle_id": matter.row.cycle_id,
        "since_at": matter.setup.clock.now(),
    }
    copies.follow(matter.connection, row)
    return "已关注，有进展会通知您。"


def _unfollow(matter: Matter) -> str:
    copies.unfollow(matter.connection, instance_id=matter.row.id, person_id=matter.person.id)
    return "已取消关注。"


FOLLOW = InstanceVerb(
    "follow", "关注", None, "由可以查看它的人办理", _follow, reason=False, shown=False,
    against=lambda matter: "您已经关注这个流程。" if _follows(matter) else "",
)  # fmt: skip
UNFOLLOW = InstanceVerb(
    "unfollow", "取消关注", None, "由可以查看它的人办理", _unfollow, reason=False, shown=False,
    against=lambda matter: "" if _follows(matter) else "您没有关注这个流程。",
)  # fmt: skip
