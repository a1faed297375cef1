"""甲局 is graded 差: it may speak, is ordered to put things right, and bodies decide what is recommended."""

from tests.accountability.work import accept, answer, begin, order, rectify
from tests.planning.city import City

RECOMMENDED = ["通报批评", "诫勉谈话", "取消评先评优资格"]
PROPOSED = ["责令限期整改", *RECOMMENDED, "向市政府写出整改报告"]


def test_the_worst_grade_leads_to_an_order_and_to_recommendations(city: City) -> None:
    begin(city)
    measures = city.rows(
        "select u.name, m.measure, m.way, m.authority, m.state from case_measure m "
        "join accountability_case c on c.id = m.case_id join unit u on u.id = c.unit_id order by m.id"
    )
    assert {row["name"] for row in measures} == {"甲局"}
    assert [row["measure"] for row in measures] == PROPOSED
    assert {row["measure"]: row["authority"] for row in measures if row["way"] == "recommend"} == {
        "通报批评": "市委市政府",
        "诫勉谈话": "市委组织部",
        "取消评先评优资格": "市人力资源和社会保障局",
    }
    accept(city)
    letters = city.rows("select matter from work_item where element_id = 'draft_letter'")
    assert sorted(row["matter"] for row in letters) == sorted(RECOMMENDED)  # one tells them apart
    order(city)
    rectify(city, outcome="pass")
    answered = [answer(city), answer(city, decision="changed", remark="改为提醒谈话"), answer(city)]
    assert sorted(answered) == sorted(RECOMMENDED)
    city.desk("supervision").complete("file_case", fields={"remark": "已备案"})
    city.settle()
    states = {row["measure"]: row["state"] for row in city.rows("select measure, state from case_measure")}
    assert states == dict.fromkeys(RECOMMENDED, "decided") | {
        "责令限期整改": "done",
        "向市政府写出整改报告": "done",
    }
    numbers = city.rows(
        "select kind, number from document where kind in ('order', 'recommendation') order by number"
    )
    assert [row["number"] for row in numbers] == [
        "深绩效办建〔2010〕1号",
        "深绩效办建〔2010〕2号",
        "深绩效办建〔2010〕3号",
        "深绩效办限〔2010〕1号",
    ]
    assert city.scalar("select state from accountability_case") == "closed"
    assert city.scalar("select count(*) from instance where status <> 'completed'") == 0
    assert city.scalar("select count(*) from incident") == 0
