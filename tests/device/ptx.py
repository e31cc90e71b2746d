"""Compile CUDA kernels for a device that need not be there, and say what came out; run by test_ptx.py.

Usage: ptx.py FILE, a pickle of {name of a kernel: type of its arguments}; prints JSON.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

from numba import cuda
from numba.cuda import dispatcher

from glasshouse.model.cuda import kernels

CAPABILITY = (9, 0)


def main(file):
    """Print for each kernel its bytes of PTX, whether it is an entry, and how often it touches a float."""
    # functions that a kernel calls are compiled for the device in use; without a driver there is none to ask
    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=CAPABILITY)
    found = {}
    for name, signature in pickle.loads(Path(file).read_bytes()).items():
        text, _ = cuda.compile_ptx(getattr(kernels, name).py_func, (signature,), cc=CAPABILITY)
        floats = sum(text.count(kind) for kind in (".f16", ".f32 ", ".f64 "))
        found[name] = {"entry": ".entry" in text, "bytes": len(text), "floats": floats}
        if len(sys.argv) > 2:
            Path(sys.argv[2], f"{name}.ptx").write_text(text)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
