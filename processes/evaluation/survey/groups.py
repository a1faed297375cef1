"""Small groups: which layers may be shown, so that no small one can be computed from the rest."""

from collections.abc import Mapping

from processes.evaluation.ballots.boxes import FEWEST


def shown_layers(valid: Mapping[int, int]) -> frozenset[int]:
    """The layers that may be shown, from how many answered in each.

    A layer with fewer than `FEWEST` is hidden. What is hidden must not come out by taking the shown ones
    from the total: there are never hidden answers of fewer than that, nor of one layer alone, so the
    smallest of the others is hidden as well until it is so.
    """
    hidden = {layer for layer, many in valid.items() if 0 < many < FEWEST}
    rest = sorted((layer for layer in valid if layer not in hidden and valid[layer]), key=valid.__getitem__)
    while hidden and rest and (len(hidden) < 2 or sum(valid[layer] for layer in hidden) < FEWEST):
        hidden.add(rest.pop(0))
    return frozenset(valid) - hidden
