"""Orders in which players come in, drawn from addressed luck; each is followed by its reverse."""

from __future__ import annotations

from glasshouse import streams

__all__ = ["orders"]

DECISION = streams.decision_id("attribute.order")


def orders(k: int, count: int, seed: int) -> list[tuple[int, ...]]:
    """Return `count` orders of k players: drawn ones, and behind each its reverse.

    Args:
        k: Players.
        count: Orders, an even number.
        seed: World seed; the same seed gives the same orders, and more of them begin with fewer.
    """
    drawn = [shuffled(k, number, seed) for number in range(count // 2)]
    return [one for order in drawn for one in (order, order[::-1])]


def shuffled(k: int, number: int, seed: int) -> tuple[int, ...]:
    """Return the order of a number, each of the k! as likely as the others (Fisher and Yates)."""
    out = list(range(k))
    for place in range(k - 1, 0, -1):
        other = streams.pick(streams.private(seed, DECISION, place, number), place + 1)
        out[place], out[other] = out[other], out[place]
    return tuple(out)
