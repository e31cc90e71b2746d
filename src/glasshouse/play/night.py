"""What the citizen played sees of others overnight: ties cut and mended, flags, punishments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.life.replay import NIGHT
from glasshouse.model.oracle import Event
from glasshouse.model.oracle_end import who_cuts
from glasshouse.society.columns import MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.model.oracle import World

__all__ = ["Seen"]


@dataclass(frozen=True)
class Seen:
    """What a citizen sees of friends on an evening.

    Attributes:
        me: The citizen.
        flags: Friend -> whether the flag is published.
        uncut: Friends whose tie is not cut.
    """

    me: int
    flags: dict[int, bool]
    uncut: list[int]

    @classmethod
    def of(cls, world: World, me: int) -> Seen:
        """Return what a citizen sees now."""
        flags = {j: world.states[j].marked(MARK_FLAG) for j in dict.fromkeys(world.friends[me])}
        return cls(me, flags, world.uncut(me))

    def told(self, world: World, t: int, punished: Sequence[int]) -> list[Event]:
        """Return what others did on day t, which `world` has just lived, as far as it reaches the citizen."""
        now = Seen.of(world, self.me)
        return [*self._ties(world, now, t), *self._flags(now, t), *self._punished(world, now, t, punished)]

    def _ties(self, world: World, now: Seen, t: int) -> Iterator[Event]:
        """Yield ties that were cut or mended."""
        for j in self.flags:
            was, is_ = j in self.uncut, j in now.uncut
            if was and not is_:
                decider = who_cuts(world.cuts, world.states, self.me, j, world.plan.month(t))
                text = f"cuts the tie to friend {j}" if decider == self.me else f"friend {j} cuts the tie"
                what = "cut" if decider == self.me else "cut by friend"
                yield self._event(t, what, "ties.cut_share", j, f"{text}, for a published flag")
            elif is_ and not was:
                yield self._event(t, "mended", "ties.cut_share", j, f"the tie to friend {j} is mended")

    def _flags(self, now: Seen, t: int) -> Iterator[Event]:
        """Yield flags of friends that were published or taken back."""
        for j, flag in now.flags.items():
            if flag != self.flags[j] and j in now.uncut:
                what, words = (
                    ("friend flagged", "is published") if flag else ("friend unflagged", "is taken back")
                )
                yield self._event(t, what, "ties.flag", j, f"the flag of friend {j} {words}")

    def _punished(self, world: World, now: Seen, t: int, punished: Sequence[int]) -> Iterator[Event]:
        """Yield punishments that raise perceived risk."""
        learn = world.plan.learn
        for who, weight, tied in (
            ("friend", learn.friend, Counter(now.uncut)),
            ("chat", learn.chat, Counter(world.ties.chat_members(self.me))),
        ):
            for j in punished:
                rise = weight * tied[j]
                if rise:
                    name = f"friend {j}" if who == "friend" else f"chat member {j}"
                    text = f"{name} is punished: perceived risk rises by {rise / 65536:.4f}"
                    yield self._event(t, f"{who} punished", f"learn.{who}_weight", j, text)

    def _event(self, t: int, what: str, key: str, value: int, text: str) -> Event:
        """Return a line of the story."""
        return Event(t, self.me, NIGHT, what, key, "", value, text)
