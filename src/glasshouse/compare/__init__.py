"""Two worlds with the same people and the same luck: what a scheme, or one rule of it, does to them.

Each replicate is a seed. Both worlds live day by day side by side, so that every citizen can be told from the
twin; the effect of the change is the mean of the paired differences.
"""

from glasshouse.compare.effects import Effect, t_quantile
from glasshouse.compare.folder import write_comparison
from glasshouse.compare.individuals import Individuals, frechet_bounds
from glasshouse.compare.pair import Parting, live_side_by_side
from glasshouse.compare.worlds import Comparison, compare

__all__ = [
    "Comparison",
    "Effect",
    "Individuals",
    "Parting",
    "compare",
    "frechet_bounds",
    "live_side_by_side",
    "t_quantile",
    "write_comparison",
]
