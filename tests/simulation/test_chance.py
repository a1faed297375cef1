"""Chance hangs on the seed and on names alone; characters are cast by it."""

from collections import Counter

from processes.simulation.chance import Chance
from processes.simulation.characters import ROLES, cast

CODES = [f"U{number:02d}" for number in range(1, 50)]


def test_what_happens_to_a_name_does_not_hang_on_what_was_asked_before() -> None:
    chance = Chance(7)
    first = chance.of("U20", "report", 6).random()
    for name in range(100):
        chance.of("other", name).random()
    assert chance.of("U20", "report", 6).random() == first
    assert Chance(7).of("U20", "report", 6).random() == first
    assert Chance(8).of("U20", "report", 6).random() != first


def test_names_are_kept_apart() -> None:
    chance = Chance(7)
    assert chance.of("a", "bc").random() != chance.of("ab", "c").random()


def test_a_share_is_exact_and_even() -> None:
    chance = Chance(1)
    shares = [chance.share(0, 0.12, "severity", number) for number in range(2000)]
    assert all(0 <= share <= 1 and -share.as_tuple().exponent <= 4 for share in shares)  # type: ignore[operator]
    assert 0.055 < sum(map(float, shares)) / len(shares) < 0.065


def test_every_city_large_enough_has_every_role_once() -> None:
    roles = Counter(one.role for one in cast(CODES, Chance(7)).values())
    assert {key: roles[key] for key, _said in ROLES} == {key: 1 for key, _said in ROLES}
    assert roles["ordinary"] == len(CODES) - len(ROLES)
    assert cast(CODES, Chance(7)) == cast(list(reversed(CODES)), Chance(7))
    assert cast(CODES, Chance(7)) != cast(CODES, Chance(8))


def test_a_small_city_has_the_roles_that_matter_most() -> None:
    assert {one.role for one in cast(CODES[:3], Chance(7)).values()} == {"appeals", "cheat", "vetoed"}
