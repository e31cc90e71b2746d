"""Which worker lives which chunk of citizens: whoever is free takes the next. No result depends on it.

Compiled, it is one indivisible instruction (`lanes_llvm.py`).
"""

from __future__ import annotations


def claim(counter):
    """Return the number in counter[0] (int64) and raise it by one; no two workers get the same."""
    number = counter[0]
    counter[0] += 1
    return number
