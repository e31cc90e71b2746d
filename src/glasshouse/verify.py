"""The invariance certificate: oracle, threads, chunks, compilation and hash seeds must end in one digest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.errors import GlasshouseError
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from glasshouse.model.oracle import World
    from glasshouse.model.plan import Plan

__all__ = ["Outcome", "combinations", "verify"]

CITIZENS, DAYS = 2_000, 30
CITIZENS_UNCOMPILED, DAYS_UNCOMPILED = 256, 10
CHUNKS = (1, 3, 16)  # quads of 256 citizens that a thread takes at a time
CHILD = "from glasshouse.verify import child; child()"


@dataclass(frozen=True, slots=True)
class Combination:
    """One way to compute a run; those of one `size` must agree."""

    words: str
    size: tuple[int, int]  # citizens, days
    threads: int = 1
    chunk: int = 16
    oracle: bool = False
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A combination, the digest it came to, and whether that is the digest of the others of its size."""

    combination: str
    citizens: int
    days: int
    digest: str
    equal: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return asdict(self)


def verify(
    scenario: str,
    *,
    citizens: int = CITIZENS,
    days: int = DAYS,
    seed: int | None = None,
    threads: int = 2,
    set: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    without: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Outcome]:
    """Run a scenario in every combination and compare the digests.

    Args:
        scenario: Preset id or path.
        citizens: Citizens; the oracle lives them one by one.
        days: Days.
        seed: World seed; the scenario's by default.
        threads: Most threads to use.
        set: Changes by dotted path.
        without: What to switch off.
        progress: Called before each combination with (number, how many, words).
    """
    listed = combinations(citizens, days, threads)
    loaded = load(scenario, set=set, without=without)
    digests: list[str] = []
    for number, one in enumerate(listed):
        if progress is not None:
            progress(number, len(listed), one.words)
        if one.environment:
            digests.append(in_child(scenario, dict(set or {}), list(without), one, seed))
        else:
            digests.append(digest_here(loaded, one, seed))
    first = {one.size: digest for one, digest in reversed(list(zip(listed, digests, strict=True)))}
    return [
        Outcome(one.words, *one.size, digest, digest == first[one.size])
        for one, digest in zip(listed, digests, strict=True)
    ]


def combinations(citizens: int, days: int, threads: int) -> list[Combination]:
    """Return the ways to compute a run; the uncompiled kernels, which are slow, get a small one of their own."""
    size = citizens, days
    small = min(citizens, CITIZENS_UNCOMPILED), min(days, DAYS_UNCOMPILED)
    found = [Combination("oracle, plain Python", size, oracle=True)]
    for count in sorted({1, threads}):
        found += [Combination(f"kernels, {threads_of(count)}, chunks of {c}", size, count, c) for c in CHUNKS]
    found += [
        Combination(f"kernels, hash seed {n}", size, threads, environment=(("PYTHONHASHSEED", n),))
        for n in ("0", "4711")
    ]
    found += [
        Combination("oracle, plain Python, small", small, oracle=True),
        Combination("kernels, compiled, small", small),
        Combination("kernels, not compiled, small", small, environment=(("NUMBA_DISABLE_JIT", "1"),)),
    ]
    return found


def threads_of(count: int) -> str:
    """Return a number of threads in words."""
    return f"{count} thread{'s' * (count > 1)}"


def digest_here(loaded: Any, one: Combination, seed: int | None) -> str:
    """Return the digest of one combination, computed in this process."""
    citizens, days = one.size
    if one.oracle:
        return oracle_digest(compile_plan(loaded.scenario, citizens=citizens, days=days, seed=seed))
    from glasshouse.run import simulate

    result = simulate(
        loaded, citizens=citizens, days=days, seed=seed, threads=one.threads, chunk_quads=one.chunk
    )
    return result.digest


def in_child(
    scenario: str, changes: dict[str, str], without: list[str], one: Combination, seed: int | None
) -> str:
    """Return the digest of one combination, computed in a process with another environment.

    Raises:
        GlasshouseError: the process failed.
    """
    asked = {"scenario": scenario, "set": changes, "without": without, "size": one.size, "seed": seed}
    environment = {**os.environ, **dict(one.environment)}
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", CHILD],
        input=json.dumps({**asked, "threads": one.threads, "chunk": one.chunk}),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise GlasshouseError(f"{one.words}: the process ended with {done.returncode}\n{done.stderr[-2000:]}")
    return str(json.loads(done.stdout)["digest"])


def child() -> None:
    """Read a combination as JSON from stdin and write its digest as JSON to stdout."""
    asked = json.load(sys.stdin)
    loaded = load(asked["scenario"], set=asked["set"], without=asked["without"])
    one = Combination("child", tuple(asked["size"]), asked["threads"], asked["chunk"])
    json.dump({"digest": digest_here(loaded, one, asked["seed"])}, sys.stdout)


def oracle_digest(plan: Plan) -> str:
    """Return the digest of a run that the oracle lives."""
    from glasshouse.model.oracle import World
    from glasshouse.records.digest import RunDigest
    from glasshouse.records.layout import Layout

    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    digest, world = RunDigest(plan, layout), World(plan)
    for t in range(plan.days):
        world.step()
        digest.day(t, *layout.arrays(world.flows, census(world)))
    return digest.finish(world.columns(), plan.citizens, world.pending())


def census(world: World) -> dict[tuple[str, int, int], int]:
    """Count the people of the oracle's world as `model.stocks` names them, by province and group."""
    counts: dict[tuple[str, int, int], int] = {}
    for traits, state in zip(world.traits, world.states, strict=True):
        for name, value in stocks_of(world.plan, traits, state).items():
            if value:
                key = (name, traits.province, traits.group)
                counts[key] = counts.get(key, 0) + value
    return counts


def stocks_of(plan: Plan, traits: Any, state: Any) -> dict[str, int]:
    """Return what one citizen adds to each stock."""
    from glasshouse.society.columns import MARK_FLAG, MARK_LISTED, MARK_REFUSED, ORIGINS

    found = {
        "members": int(traits.member),
        "score_sum": state.score if traits.member else 0,
        "risk_sum": state.risk,
        "flagged": int(bool(state.marks & MARK_FLAG)),
        "detained": int(state.detained > 0),
        "suspended": int(state.suspended > 0),
        "offline": int(state.offline > 0),
        "ever_listed": int(bool(state.marks & MARK_LISTED)),
        "ever_refused": int(bool(state.marks & MARK_REFUSED)),
    }
    found |= {
        f"punished_ever.{origin}": state.marks >> code & 1 for code, origin in enumerate(ORIGINS, start=1)
    }
    found |= {f"on.{one.id}": state.lists >> number & 1 for number, one in enumerate(plan.lists)}
    if plan.score and traits.member and plan.score.grade_names:
        grade = max((k for k, low in enumerate(plan.score.grade_from) if state.score >= low), default=0)
        found[f"grade.{plan.score.grade_names[grade]}"] = 1
    return found
