"""Arrays in memory that the machine and its device both reach: CUDA's managed memory, whose pages go where used.

A kernel on the device takes the device's view of such an array, all else a plain NumPy array; `Held` knows both.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
from numba import config, cuda

__all__ = ["Held"]


class Held:
    """The arrays that lie in managed memory."""

    def __init__(self) -> None:
        self._views: dict[tuple[int, int], Any] = {}  # by address and bytes

    def empty(self, shape: int | tuple[int, ...], dtype: np.typing.DTypeLike) -> np.ndarray:
        """Return an array that holds anything."""
        view = np.empty(shape, dtype) if config.ENABLE_CUDASIM else cuda.managed_array(shape, dtype)
        plain = np.ndarray.view(view, np.ndarray)  # `view.view` is that of a device's array
        key = place_of(plain)
        self._views[key] = view
        weakref.finalize(plain, self._views.pop, key, None)  # the memory goes with the last array on it
        return plain

    def zeros(self, shape: int | tuple[int, ...], dtype: np.typing.DTypeLike) -> np.ndarray:
        """Return an array of zeros."""
        out = self.empty(shape, dtype)
        out.view(np.uint8)[...] = 0
        return out

    def copy(self, array: np.ndarray) -> np.ndarray:
        """Return a copy of an array of one or more dimensions, as the same class."""
        out = self.empty(array.shape, array.dtype)
        out[...] = array
        return out if type(array) is np.ndarray else out.view(type(array))

    def of_device(self, value: Any) -> Any:
        """Return what a kernel is launched with: of arrays held here, alone or in tuples, the device's view.

        The simulator's device is the machine itself.
        """
        if isinstance(value, tuple):
            return tuple(map(self.of_device, value))
        if isinstance(value, np.ndarray):
            return value if config.ENABLE_CUDASIM else self._views.get(place_of(value), value)
        return value


def place_of(array: np.ndarray) -> tuple[int, int]:
    """Return where an array begins, and its bytes."""
    return array.ctypes.data, array.nbytes
