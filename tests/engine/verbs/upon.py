"""Verbs upon an instance, said shortly in tests."""

from typing import Any

from engine.runtime.checks.whole import faults_in
from engine.verbs.effects import Effect
from engine.verbs.instance_door import Done, act_upon, possible_upon, preview_upon
from engine.verbs.visit import Request
from tests.engine.runtime.world import World


def upon(world: World, login: str, verb: str, instance: str, reason: str = "有误", **said: Any) -> Done:
    """Do a verb with an instance, then let the engine finish what follows."""
    done = act_upon(world.engine, world.person(login), instance, verb, Request(opinion=reason, **said))
    world.engine.drain()
    holds_together(world)
    return done


def foreseen(world: World, login: str, verb: str, instance: str, **said: Any) -> Effect:
    """What a verb would lead to."""
    return preview_upon(world.engine, world.person(login), instance, verb, Request(**said))


def offered(world: World, login: str, instance: str) -> list[str]:
    """The verbs that the person may do with the instance now."""
    return [verb.key for verb in possible_upon(world.engine, world.person(login), instance)]


def holds_together(world: World) -> None:
    """What `bihuan verify` finds: nothing."""
    with world.engine.database.read() as connection:
        assert list(faults_in(world.engine.setup, connection)) == []
