"""Phase 10: perceived risk rises with own punishment and the news, and fades. Twin: oracle phase 10.

What others met with raises it overnight (`ties.add_risk`).
"""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, kernel
from glasshouse.model.kernels.lanes import MOST, fade, lowest
from glasshouse.model.kernels.scratch import M_PUNISHED
from glasshouse.model.layout import P_LEARN_DECAY, P_LEARN_OWN


@kernel
def learn(tables, state, s, bulletin):
    """Run phase 10 for a block, padding included: first those punished today, then the news and the fading."""
    struck = s.masks[M_PUNISHED]
    while struck != ZERO:
        j = lowest(struck)
        struck &= struck - ONE
        state.risk[j] = min(MOST, I64(state.risk[j]) + tables.scalars[P_LEARN_OWN])
    fade(state.risk, bulletin, tables.scalars[P_LEARN_DECAY])
