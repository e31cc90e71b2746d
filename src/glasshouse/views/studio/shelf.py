"""Where the pictures of every day lie, small: each as what changed since the day before, a whole one now and then."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

__all__ = ["WHOLE_EVERY", "Shelf"]

WHOLE_EVERY = 16  # days; a look back reads at most so many
LEVEL = 1  # of packing: most bytes are 0, and the engine waits for it


class Shelf:
    """The pictures of one world, in a file; one thread adds, any thread looks.

    Args:
        path: A new file.
        citizens: Bytes of a picture.
    """

    def __init__(self, path: Path, citizens: int) -> None:
        self._number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._citizens = citizens
        self._before = np.zeros(citizens, np.uint8)
        self._places: list[tuple[int, int]] = []  # offset and length of each day
        self._end = 0

    def __len__(self) -> int:
        return len(self._places)

    @property
    def size_bytes(self) -> int:
        """Bytes of all pictures together."""
        return self._end

    def add(self, picture: Picture) -> None:
        """Keep the picture of the next day."""
        whole = len(self._places) % WHOLE_EVERY == 0
        packed = zlib.compress((picture if whole else picture ^ self._before).tobytes(), LEVEL)
        os.pwrite(self._number, packed, self._end)
        self._places.append((self._end, len(packed)))
        self._end += len(packed)
        self._before = picture

    def day(self, t: int) -> Picture:
        """Return the picture of a day.

        Raises:
            IndexError: it is not there yet.
        """
        if not 0 <= t < len(self._places):
            raise IndexError(f"there is no picture of day {t}")
        out = np.zeros(self._citizens, np.uint8)
        for offset, length in self._places[t - t % WHOLE_EVERY : t + 1]:
            out ^= np.frombuffer(zlib.decompress(os.pread(self._number, length, offset)), np.uint8)
        return out

    def close(self) -> None:
        """Let the file go; safe to call twice."""
        number, self._number = self._number, -1
        if number >= 0:
            os.close(number)
