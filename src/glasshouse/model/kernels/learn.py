"""Phase 10: perceived risk rises with punishment seen and heard of, and fades. Twin: oracle phase 10."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, bit, kernel
from glasshouse.model.kernels.scratch import M_PUNISHED
from glasshouse.model.layout import P_LEARN_CHAT, P_LEARN_DECAY, P_LEARN_FRIEND, P_LEARN_OWN

MOST = 65535


@kernel
def learn(tables, state, s, base, rows, bulletin):
    """Run phase 10 for the `rows` citizens of a block."""
    own, friend = tables.scalars[P_LEARN_OWN], tables.scalars[P_LEARN_FRIEND]
    chat, decay = tables.scalars[P_LEARN_CHAT], tables.scalars[P_LEARN_DECAY]
    for j in range(rows):
        i = base + j
        risk = I64(state[i].risk) + bulletin
        if bit(s.masks[M_PUNISHED], j):
            risk += own
        if state[i].seen_friends or state[i].seen_chat:
            risk += friend * I64(state[i].seen_friends) + chat * I64(state[i].seen_chat)
            state[i].seen_friends = 0
            state[i].seen_chat = 0
        risk = min(MOST, risk)
        state[i].risk = risk - ((risk * decay + 32768) >> 16)
