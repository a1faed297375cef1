"""The posts a city usually has, as data."""

from engine.people.posts import Grant, PostSpec


def _post(
    key: str, name: str, *, seat: str = "unit", separation: str = "", grants: str = "", rank: int = 0
) -> PostSpec:
    pairs = tuple(Grant(*pair.split(":")) for pair in grants.split())
    return PostSpec(key, name, rank=rank, seat=seat, separation=separation, grants=pairs)


_OFFICE = "see_item:assessor see_instance:assessor see_target:assessor see_scores:assessor export:assessor"

STANDARD_POSTS = (
    _post("liaison", "联络员", grants="see_instance:unit see_target:unit"),
    _post("division", "责任处室", grants="see_target:unit"),
    _post("division.person", "具体责任人", grants="see_target:unit"),
    _post("vice_head", "分管领导", grants="see_instance:unit see_target:unit", rank=20),
    _post("head", "主要负责人", grants="see_instance:below see_target:below see_scores:unit", rank=30),
    _post(
        "office.staff",
        "绩效办工作人员",
        seat="assessor",
        separation="office",
        grants=f"{_OFFICE} urge:assessor mend:assessor",
    ),
    _post("office.reviewer", "绩效办审核员", seat="assessor", separation="office", grants=_OFFICE),
    _post(
        "office.head",
        "绩效办主任",
        seat="assessor",
        separation="office",
        grants=f"{_OFFICE} urge:assessor mend:assessor assign_target:assessor run_cycle:assessor "
        "edit_calendar:assessor",
        rank=40,
    ),
    _post("committee.secretary", "绩效委秘书", seat="assessor", grants="see_instance:assessor"),
    _post(
        "leader.city", "市领导", seat="assessor", grants="see_target:assessor see_scores:assessor", rank=90
    ),
    _post("review.finance", "财政联审", seat="assessor"),
    _post("review.legal", "法制联审", seat="assessor"),
    _post("review.planning", "发改联审", seat="assessor"),
    _post(
        "supervision",
        "监察",
        seat="assessor",
        separation="supervision",
        grants="see_instance:assessor see_target:assessor",
    ),
    _post(
        "admin.system",
        "系统管理员",
        seat="assessor",
        separation="system",
        grants="manage_people:assessor see_people:assessor",
    ),
    _post("admin.security", "安全管理员", seat="assessor", separation="security", grants="manage_rights:all"),
    _post(
        "admin.audit",
        "审计员",
        seat="assessor",
        separation="audit",
        grants="read_audit:all see_instance:all see_item:all",
    ),
    _post("designer", "流程设计师", seat="assessor", grants="design:all deploy:all"),
    _post("expert", "评审专家", seat="assessor"),
    _post("data.entry", "数据采集员"),
)
