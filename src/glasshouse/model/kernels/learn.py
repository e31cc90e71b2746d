"""Phase 10: perceived risk rises with punishment seen and heard of, and fades. Twin: oracle phase 10."""

from __future__ import annotations

import numpy as np

from glasshouse.model.kernels.draw import ONE, U, kernel
from glasshouse.model.kernels.scratch import M_PUNISHED
from glasshouse.model.layout import P_LEARN_CHAT, P_LEARN_DECAY, P_LEARN_FRIEND, P_LEARN_OWN

MOST = np.int32(65535)
I32 = np.int32
U32 = np.uint32
HALF, WHOLE = U32(32768), U32(16)


@kernel
def learn(tables, state, s, bulletin):
    """Run phase 10 for a block, padding included; without branches, so that it becomes vector instructions.

    Sums stay below 2^31 (weights at most 2^16, neighbours 255), the product with the decay (at most 2^15) below 2^32.
    """
    own, friend = I32(tables.scalars[P_LEARN_OWN]), I32(tables.scalars[P_LEARN_FRIEND])
    chat, decay = I32(tables.scalars[P_LEARN_CHAT]), U32(tables.scalars[P_LEARN_DECAY])
    news = I32(bulletin)
    punished = s.masks[M_PUNISHED]
    for j in range(64):
        risk = I32(state.risk[j]) + news + own * I32((punished >> U(j)) & ONE)
        risk += friend * I32(state.seen_friends[j]) + chat * I32(state.seen_chat[j])
        risk = min(MOST, risk)
        state.risk[j] = risk - I32((U32(risk) * decay + HALF) >> WHOLE)
        state.seen_friends[j] = 0
        state.seen_chat[j] = 0
