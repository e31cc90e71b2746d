"""The day on a graphics card: the functions of `model.kernels` themselves, each worker a thread of a CUDA device.

Nothing of a day is written a second time. numba-cuda compiles an ordinary `@njit` function that a CUDA kernel calls
for the device, so a citizen's day has one source; what stands here launches it (`kernels.py`), says what the vector
instructions of `kernels/lanes.py` are on a device (`lanes.py`), holds the state where the device has it (`held.py`)
and gathers what crosses between citizens (`part.py`). `docs/gpu.md` tells how to try it.
"""

from __future__ import annotations

from glasshouse.errors import RefusedError

__all__ = ["is_there", "name", "require"]


def is_there() -> bool:
    """Say whether a CUDA device, or numba's simulator of one, can be used."""
    return _missing() is None


def name() -> str:
    """Return what `is_there` found."""
    from numba import config

    return "CUDA simulator" if config.ENABLE_CUDASIM else "CUDA device"


def require() -> None:
    """Return if a CUDA device or its simulator is there.

    Raises:
        RefusedError: there is none.
    """
    missing = _missing()
    if missing is not None:
        raise missing


def _missing() -> RefusedError | None:
    """Return what to say when no device can be used."""
    try:
        from numba import cuda
    except ImportError:
        return RefusedError(
            "the cuda backend needs the package numba-cuda",
            help="pip install 'glasshouse[cuda]'; `--backend cpu` gives the same bits without it",
        )
    if cuda.is_available():
        return None
    return RefusedError(
        "no CUDA device was found",
        help="`--backend cpu` gives the same bits; NUMBA_ENABLE_CUDASIM=1 simulates one for a few hundred citizens",
    )
