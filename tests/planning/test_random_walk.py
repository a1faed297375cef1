"""Whatever three units, the office and the bodies decide, planning ends: nothing lost, nothing doubled."""

from collections import Counter

import pytest

from engine.audit.chain import broken_chains
from tests.planning.city import City
from tests.planning.leftovers import NEXT, asked_to_break_down, left_open
from tests.planning.walk import Walk, begin

SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_who_decide_at_random_always_come_to_the_document(small_city: City, seed: int) -> None:
    walk = begin(small_city.engine.database, seed=seed, patience=150)
    try:
        walk.run(most=600)
        check_the_end(walk)
    except BaseException:
        print("\n".join(walk.trail[-40:]))
        raise


def check_the_end(walk: Walk) -> None:
    """The stage is over, every unit issued once, and nothing stands open."""
    assert left_open(walk.rows) == {}
    assert asked_to_break_down(walk.rows) == ["U13", "U20", "U39"]
    ended = walk.rows(f"select status from instance where parent_id is null and id not in ({NEXT})")
    assert [row["status"] for row in ended] == ["completed"]
    planned = (
        "select p.state, count(n.id) as told from unit_plan p "
        "join unit u on u.id = p.unit_id and u.code in ('U13', 'U20', 'U39') "
        "join cycle c on c.id = p.cycle_id and c.year = 2018 "
        "left join notification n on n.unit_id = u.id and n.kind = 'planning.issued' "
        "group by u.code, p.state"
    )
    assert [(row["state"], row["told"]) for row in walk.rows(planned)] == [("issued", 2)] * 3
    assert len(walk.rows("select id from document where number like '%2018%'")) == 1
    events = walk.rows(
        "select item_id, verb from work_event where verb not in ('supersede', 'claim', 'unclaim')"
    )
    assert set(Counter(row["item_id"] for row in events).values()) == {1}
    with walk.engine.database.read() as connection:
        assert broken_chains(connection) == []
