"""What kinds and tiers of units there are: one list for the page, the import, its template and the city."""

from collections.abc import Mapping

from engine.people.refusals import PeopleRefused

KIND_NAMES: Mapping[str, str] = {
    "municipal": "市直单位",
    "district": "区、县(市)",
    "office": "考评办",
    "committee": "领导机构",
    "partner": "协作单位",
    "data": "数据单位",
    "authority": "授权组织",
    "enterprise": "公共服务企业",
    "sub_unit": "下属机构",
    "vertical": "垂直管理单位",
    "congress": "人大和政协机关",
    "assessor": "考评主体",
}
DIVISION = "division"
"""The kind of a division (处室): made in its unit, never chosen among the kinds; see divisions.py."""
TIER_NAMES: Mapping[str, str] = {
    "province": "省级",
    "city": "市级",
    "district": "县级",
    "township": "乡级",
    "state": "国家级",
}


def check_kind(kind: str, tier: str) -> None:
    """Raises PeopleRefused for a kind or a tier that is not in the lists."""
    for given, names, word in ((kind, KIND_NAMES, "类别"), (tier, TIER_NAMES, "层级")):
        if given not in names and (word, given) != ("类别", DIVISION):
            raise PeopleRefused(
                "unit_kind",
                f"不认识的{word}“{given}”。",
                hint=f"可以选：{'；'.join(names.values())}。",
                given=given,
            )
