"""The papers that can be replicated, by name."""

from __future__ import annotations

from difflib import get_close_matches

from glasshouse.errors import UsageError, clean
from glasshouse.replicate.chilling import PENNEY
from glasshouse.replicate.crowd import GRANOVETTER
from glasshouse.replicate.dissent import DAYMUDE
from glasshouse.replicate.formation import WEI
from glasshouse.replicate.lending import DAMOUR
from glasshouse.replicate.paper import Paper, Replication, Told
from glasshouse.replicate.visible import GENEVSKY
from glasshouse.replicate.watts import WATTS

__all__ = ["PAPERS", "paper", "replicate"]

PAPERS: tuple[Paper, ...] = (DAMOUR, DAYMUDE, GENEVSKY, GRANOVETTER, PENNEY, WATTS, WEI)


def paper(name: str) -> Paper:
    """Return the paper of this name.

    Raises:
        UsageError: there is none.
    """
    found = {one.id: one for one in PAPERS}
    if name in found:
        return found[name]
    near = get_close_matches(name, found, n=1)
    help = f"did you mean {near[0]}?" if near else "`glasshouse replicate --list` names them"
    raise UsageError(f"no paper of this name: {clean(name)}", help=help)


def replicate(name: str, *, seed: int = 1, progress: Told = lambda _done, _of: None) -> Replication:
    """Replicate a paper: the same seed gives the same rows.

    Args:
        name: Which paper.
        seed: First of the seeds of the worlds that are lived.
        progress: Called with (parts done, parts in all).

    Raises:
        UsageError: there is no such paper.
    """
    one = paper(name)
    return Replication(one, seed, tuple(one.rows(seed, progress)))
