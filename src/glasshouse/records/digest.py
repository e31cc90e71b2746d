"""The digest of a run: one number that is equal if and only if the same things happened.

It covers the meaning of the scenario (the compiled plan, no labels), every non-zero daily count, the end state
by named column in id order, and the messages still under way. Threads, chunks, backends, the order of columns
and measures that stayed zero have no part in it. `docs/records.md` has the exact bytes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import MISSING, Field, fields, is_dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from glasshouse.society.columns import COLUMNS, COMPANY_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from glasshouse.model.plan import Plan
    from glasshouse.records.layout import Layout

BLOCK = 2**20  # citizens of one leaf
AT_ONCE = 4  # leaves hashed at once, in threads
BYTES = 32
TYPES = {column.name: np.dtype(column.dtype).newbyteorder("<") for column in (*COLUMNS, *COMPANY_COLUMNS)}
OF_COMPANIES = {column.name for column in COMPANY_COLUMNS}
KEY = np.dtype([("measure", "<u8"), ("province", "<u2"), ("group", "<u2")])


@runtime_checkable
class InParts(Protocol):
    """Columns of which a part can be had without the whole."""

    def part(self, name: str, start: int, end: int) -> NDArray[Any]:
        """Return a column for citizens start..end-1."""


class RunDigest:
    """Collects what enters the digest while a run goes on.

    Args:
        plan: The compiled scenario.
        layout: Names along the axes of the daily arrays.
    """

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self.plan = plan_digest(plan)
        self.days: list[str] = []
        self._layout = layout
        self._keys = cell_keys(layout)

    def day(self, t: int, flows: NDArray[np.int64], stocks: NDArray[np.int64]) -> str:
        """Add the counts of day `t`; return the digest of the day alone, as hex."""
        cells, values = self._layout.nonzero(flows, stocks)
        return self.rows(t, cells, values)

    def rows(self, t: int, cells: NDArray[np.intp], values: NDArray[np.int64]) -> str:
        """As `day`, from the non-zero cells that `Layout.nonzero` returned."""
        hasher = blake2b(digest_size=BYTES, person=b"day")
        hasher.update(int(t).to_bytes(8, "little") + len(cells).to_bytes(8, "little"))
        hasher.update(self._keys.take(cells).tobytes())  # ten times as fast as indexing
        hasher.update(values.astype("<i8", copy=False).tobytes())
        self.days.append(hasher.hexdigest())
        return self.days[-1]

    def finish(self, columns: Mapping[str, ArrayLike], n: int, pending: Iterable[Iterable[int]] = ()) -> str:
        """Return the digest of the run as hex.

        Args:
            columns: State by name, as arrays or lists; what lies behind the last citizen is left out.
            n: Number of citizens.
            pending: Messages not yet delivered: (due, target, kind, arg, value) each.
        """
        hasher = blake2b(digest_size=BYTES, person=b"run")
        hasher.update(bytes.fromhex(self.plan))
        hasher.update(len(self.days).to_bytes(8, "little"))
        hasher.update(bytes.fromhex("".join(self.days)))
        hasher.update(state_digest(columns, n))
        hasher.update(pending_digest(pending))
        return hasher.hexdigest()


def cell_keys(layout: Layout) -> NDArray[Any]:
    """Return for each cell a key that depends on the measure's name, not on its position."""
    names = [blake2b(f"{kind}:{name}".encode(), digest_size=8).digest() for name, kind in layout.measures]
    keys: NDArray[Any] = np.empty(len(layout.measures) * layout.places, KEY)
    keys["measure"] = np.frombuffer(b"".join(names), "<u8")[layout.measure_of]
    keys["province"] = layout.province_of
    keys["group"] = layout.group_of
    return keys


def plan_digest(plan: Plan) -> str:
    """Return the digest of what a scenario means: its compiled plan, without names for people to read."""
    text = json.dumps(plain(plan), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return blake2b(text.encode(), digest_size=BYTES, person=b"plan").hexdigest()


def plain(value: object) -> object:
    """Return a plan as dicts, lists, ints and strings in a fixed order; arrays become their digest.

    Raises:
        TypeError: the plan holds something else, for example a float.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        kept = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: plain(one) for field, one in kept if not _at_default(field, one)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        data = np.ascontiguousarray(value.astype(value.dtype.newbyteorder("<"), copy=False))
        return [data.dtype.str, list(data.shape), blake2b(data.data, digest_size=BYTES).hexdigest()]
    raise TypeError(f"a plan holds {type(value).__name__}, expected integers, strings and tables of them")


def _at_default(field: Field[Any], value: object) -> bool:
    """Say whether a field stands at its default: then it is left out, so that a language that grows moves no digest."""
    return field.default is not MISSING and bool(value == field.default)


def state_digest(columns: Mapping[str, ArrayLike], n: int) -> bytes:
    """Return the tree hash of the columns; one that is zero for everybody counts as absent."""
    hasher = blake2b(digest_size=BYTES, person=b"state")
    hasher.update(n.to_bytes(8, "little"))
    for name in sorted(columns):
        column = column_digest(name, columns, n)
        if column:
            hasher.update(column)
    return hasher.digest()


def column_digest(name: str, columns: Mapping[str, ArrayLike], n: int) -> bytes:
    """Return the digest of a column: of its name, its type and the leaves of its blocks; nothing if all is zero.

    Columns that can be asked for in parts are never held whole.
    """
    if name in OF_COMPANIES:
        n = np.asarray(columns[name]).size
    if isinstance(columns, InParts):
        part_of = columns.part
    else:
        whole = declared(name, columns[name], n)

        def part_of(_: str, start: int, end: int) -> NDArray[Any]:
            """Return some rows of the column."""
            return whole[start:end]

    def leaf(start: int) -> tuple[bool, bytes]:
        """Return whether a block has anything but zeros, and its digest."""
        end = min(start + BLOCK, n)
        block = np.ascontiguousarray(part_of(name, start, end)[: end - start], TYPES[name])
        return bool(block.any()), blake2b(block.data, digest_size=BYTES, person=b"leaf").digest()

    hasher, some = blake2b(digest_size=BYTES, person=b"column"), False
    hasher.update(f"{name}:{TYPES[name].str[1:]}:{n}".encode())
    for anything, digest in side_by_side(leaf, range(0, n, BLOCK)):
        some = some or anything
        hasher.update(digest)
    return hasher.digest() if some else b""


def side_by_side(
    leaf: Callable[[int], tuple[bool, bytes]], starts: Sequence[int]
) -> Iterator[tuple[bool, bytes]]:
    """Yield the leaves in order; those of a large society, gigabytes of them, are hashed several at once."""
    if len(starts) < AT_ONCE:
        yield from map(leaf, starts)
        return
    with ThreadPoolExecutor(AT_ONCE) as crew:
        yield from crew.map(leaf, starts)


def declared(name: str, values: ArrayLike, n: int) -> NDArray[Any]:
    """Return a column in its declared type, without padding.

    Raises:
        ValueError: the column is unknown or too short.
        OverflowError: a plain int is outside its type.
    """
    if name not in TYPES:
        raise ValueError(f"unknown column {name!r}")
    column = np.asarray(values, TYPES[name])
    if name in OF_COMPANIES:
        return column
    if len(column) < n:
        raise ValueError(f"column {name} has {len(column)} entries for {n} citizens")
    return column[:n]


def pending_digest(pending: Iterable[Iterable[int]]) -> bytes:
    """Return the digest of messages (due, target, kind, arg, value), sorted, so that their order is nothing."""
    rows = pending if isinstance(pending, np.ndarray) else [tuple(row) for row in pending]
    table = np.asarray(rows, np.int64).reshape(-1, 5)
    table = table[np.lexsort(table.T[::-1])]
    hasher = blake2b(digest_size=BYTES, person=b"pending")
    hasher.update(len(table).to_bytes(8, "little"))
    hasher.update(table.astype("<i8", copy=False).tobytes())
    return hasher.digest()
