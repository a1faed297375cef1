"""Where a token may go back to, on paper, and what it leaves behind (退回, 跳转)."""

from .blocks import closed_before, musts, tasks, way_to
from .places import Place, Scope, Sequence
from .waiting import Step


def targets(place: Place) -> set[str]:
    """The tasks on every path from the start to here, in this scope and those around it, and those in blocks
    that are closed; nobody goes back to what was never entered."""
    found: set[str] = set()
    for scope, here in _scopes(place):
        found |= set(_on_the_way(scope, here)) | set(_closed(scope, here))
    known = tasks(place.matter.tree)
    return {name for name in found if name in known and place.matter.rounds[name]}


def move_back(place: Place, target: str) -> None:
    """Cancel what lies behind the target, keep everything else, and stand there, or at the fork of its
    block."""
    for scope, here in _scopes(place):
        spot = target if target in _on_the_way(scope, here) else _closed(scope, here).get(target)
        if spot is not None:
            _put(scope, here, spot)
            return
    raise AssertionError(target)


def _scopes(place: Place) -> list[tuple[Scope, Place]]:
    """Each scope around the place, with what stands for it there, the innermost first."""
    found = [(place.scope, place)]
    while found[-1][0].up is not None:
        around = found[-1][0]
        found.append((around.scope, around))
    return found


def _on_the_way(scope: Scope, here: Place) -> frozenset[str]:
    if isinstance(here, Step) and here.aside:
        return frozenset()
    return way_to(scope.body, here.block.name) or frozenset()


def _closed(scope: Scope, here: Place) -> dict[str, str]:
    """The tasks in blocks that were passed and closed, each with the fork where its block begins anew."""
    if isinstance(here, Step) and here.aside:
        return {}
    return closed_before(scope.body, here.block.name)


def _put(scope: Scope, here: Place, spot: str) -> None:
    for other in list(scope.inside):
        if isinstance(other, Step) and other.aside and _behind(scope, spot, other.late_of):
            scope.inside.remove(other)
    while True:
        up = here.up
        assert up is not None
        if isinstance(up, Sequence):
            for at in range(up.at, -1, -1):
                standing = at == up.at and not (isinstance(here, Step) and here.late_of == spot)
                if not standing and spot in musts(up.block.parts[at]):
                    up.put(at, spot)
                    return
        here = up


def _behind(scope: Scope, spot: str, anchor: str) -> bool:
    return anchor == spot or spot in (way_to(scope.body, anchor) or ())
