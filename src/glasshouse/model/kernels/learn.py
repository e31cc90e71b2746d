"""Phase 10: perceived risk rises with punishment seen and heard of, and fades. Twin: oracle phase 10."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, bit, kernel
from glasshouse.model.kernels.lanes import MOST, fade, lowest, mask_bits
from glasshouse.model.kernels.scratch import M_PUNISHED
from glasshouse.model.layout import P_LEARN_CHAT, P_LEARN_DECAY, P_LEARN_FRIEND, P_LEARN_OWN


@kernel
def learn(tables, state, s, bulletin):
    """Run phase 10 for a block, padding included: first those who saw something, then the news and the fading."""
    struck = mask_bits(state.seen_friends, 255) | mask_bits(state.seen_chat, 255) | s.masks[M_PUNISHED]
    while struck != ZERO:
        j = lowest(struck)
        struck &= struck - ONE
        see(tables, state, j, bit(s.masks[M_PUNISHED], j))
    fade(state.risk, bulletin, tables.scalars[P_LEARN_DECAY])


@kernel
def see(tables, state, j, punished):
    """Raise the risk that one citizen perceives by what they and those around them met with."""
    risk = I64(state.risk[j]) + (tables.scalars[P_LEARN_OWN] if punished else 0)
    risk += tables.scalars[P_LEARN_FRIEND] * I64(state.seen_friends[j])
    risk += tables.scalars[P_LEARN_CHAT] * I64(state.seen_chat[j])
    state.risk[j] = min(MOST, risk)
    state.seen_friends[j] = 0
    state.seen_chat[j] = 0
