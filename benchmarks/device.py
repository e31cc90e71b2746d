"""What a CUDA device does with a scenario: citizen-days/s, share of its memory bandwidth, the digest of the processor.

Run with `make bench-cuda` or `.venv-cuda/bin/python benchmarks/device.py SCENARIO --citizens N --days N`. Ends with 6
when device and processor come to different digests. `--skip-cpu` leaves the processor out, for sizes over which it
would take long.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from glasshouse.bench import measure
from glasshouse.errors import GlasshouseError
from glasshouse.model import cuda as backend
from glasshouse.model.kernels.people import N_PLANES
from glasshouse.model.layout import QUAD, STATE
from glasshouse.run import simulate
from glasshouse.scenario.load import load
from glasshouse.society.columns import BLOCK

# Of each block the state is read and written, the planes are read; of each quad the number of its first page is.
BYTES_PER_CITIZEN_DAY = (2 * STATE.itemsize + 8 * N_PLANES) / BLOCK + 4 / QUAD
COPIED = 2**28  # bytes
DIFFERS = 6


def bandwidth() -> float:
    """Return the bytes per second that the device moves when it copies its own memory: read and written."""
    from numba import cuda

    here, there = (cuda.device_array(COPIED // 8, np.uint64) for _ in range(2))
    there.copy_to_device(here)  # the first touches the memory
    cuda.synchronize()
    best = float("inf")
    for _ in range(7):
        began = time.perf_counter()
        there.copy_to_device(here)
        cuda.synchronize()
        best = min(best, time.perf_counter() - began)
    return 2 * COPIED / best


def main() -> int:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenario", nargs="?", default="as-reported")
    parser.add_argument("--citizens", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=35, help="35 have a 1st among them")
    parser.add_argument("--skip-cpu", action="store_true", help="do not compare digests")
    asked = parser.parse_args()
    try:
        backend.require()
    except GlasshouseError as error:
        print(f"error: {error.message}\nhelp: {error.help}", file=sys.stderr)
        return error.exit_code
    loaded, sizes = load(asked.scenario), {"citizens": asked.citizens, "days": asked.days}
    print(f"{asked.scenario}: {asked.citizens:,} citizens, {asked.days} days on a {backend.name()}")
    speed = measure(loaded, **sizes, backend="cuda").citizen_days_per_s
    copied = bandwidth()
    print(f"citizen-days/s        {speed:,.0f}")
    print(f"memory bandwidth      {copied / 1e9:,.0f} GB/s, copying")
    print(f"share of it           {speed * BYTES_PER_CITIZEN_DAY / copied:.2%}", end="")
    print(f" ({BYTES_PER_CITIZEN_DAY:.1f} bytes must move for a citizen-day)")
    if asked.skip_cpu:
        return 0
    digests = {name: simulate(loaded, **sizes, backend=name).digest for name in ("cuda", "cpu")}
    equal = len(set(digests.values())) == 1
    for name, digest in digests.items():
        print(f"digest, {name:13} {digest}")
    print("device and processor agree to the bit" if equal else "DEVICE AND PROCESSOR DIFFER")
    return 0 if equal else DIFFERS


if __name__ == "__main__":
    sys.exit(main())
