"""What W does on average, and by how much it varies: many small worlds of the NumPy program.

    python reference.py CITIZENS DAYS WORLDS

One JSON object: of each world, and of each of its days, those listed, the tickets refused and the mean score.
"""

from __future__ import annotations

import json
import sys

from with_numpy import World

FIRST_SEED = 1_000_000  # no program that is checked against it has one of these


def reference(citizens: int, days: int, worlds: int) -> dict[str, object]:
    """Return the daily counts of `worlds` worlds."""
    lives = []
    for k in range(worlds):
        world = World(citizens, FIRST_SEED + k)
        lives.append([world.day() for _ in range(days)])
    listed, refused, mean = ([[day[m] for day in life] for life in lives] for m in range(3))
    return {"citizens": citizens, "listed": listed, "refused": refused, "mean": mean}


if __name__ == "__main__":
    json.dump(reference(*(int(word) for word in sys.argv[1:4])), sys.stdout)
