"""Who is tied to whom: circles and rings derived from keyed permutations, and a stored graph if asked for.

`Ties` is the plain reference for a handful of citizens at a time; the compiled twins read the same `TiesPlan`
(`docs/day.md` section 8).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from glasshouse.errors import ScenarioError
from glasshouse.society import graphs
from glasshouse.society.permutation import Permutation
from glasshouse.streams import BUILTIN, decision_id, event, pair, threshold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from glasshouse.scenario.schema import Circle, Graph, Ring, Scenario
    from glasshouse.society.population import Population

Switched = TypeVar("Switched", bound="Circle | Ring")  # tables that can be disabled
MAX_FRIENDS = 255  # friends are counted in one byte


@dataclass(frozen=True, slots=True)
class CirclePlan:
    """A partition of the citizens of a province, or of the nation, into groups.

    Attributes:
        id: Key of the circle's table.
        provincial: Whether groups stay inside a province.
        sizes: Sizes of the slots, repeated with `period` over the positions.
        starts: First position of each slot inside a period.
        period: Sum of the sizes.
        permutation_decision: Decision id of the order of the citizens.
        friends_decision: Decision id of the draw on a pair.
        friends_threshold: 64-bit threshold that two members are friends.
        chat: Whether it is a messenger group with an owner.
    """

    id: str
    provincial: bool
    sizes: tuple[int, ...]
    starts: tuple[int, ...]
    period: int
    permutation_decision: int
    friends_decision: int
    friends_threshold: int
    chat: bool


@dataclass(frozen=True, slots=True)
class TiesPlan:
    """Everything needed to find anybody's ties.

    Attributes:
        circles: Circles in the order of their ids, disabled ones dropped.
        rings: Decision id of the order of each ring, in the order of ring ids, disabled ones dropped.
        indptr: (citizens + 1,) int64 row starts of the stored graph, or None.
        indices: (2 x ties,) uint32 neighbours, sorted in each row, or None.
        cut_decision: Decision id of cutting a tie.
        cut_threshold: 64-bit threshold of cutting a tie to a flagged friend.
    """

    circles: tuple[CirclePlan, ...]
    rings: tuple[int, ...]
    indptr: NDArray[np.int64] | None
    indices: NDArray[np.uint32] | None
    cut_decision: int
    cut_threshold: int


def compile_ties(scenario: Scenario, population: Population) -> TiesPlan:
    """Return the ties of a scenario among a population, drawing the explicit graph if there is one.

    Raises:
        ScenarioError: the graph cannot be drawn for so many citizens, or somebody may get more than 255 friends.
    """
    circles = tuple(_circle_plan(name, circle) for name, circle in _active(scenario.circle))
    rings = tuple(decision_id(f"ring.{name}:order") for name, _ in _active(scenario.ring))
    indptr, indices = None, None
    if scenario.graph is not None:
        indptr, indices = _draw_graph(scenario.graph, population)
        _refuse_crowds(int(np.diff(indptr).max(initial=0)), _implicit_bound(scenario))
    return TiesPlan(
        circles=circles,
        rings=rings,
        indptr=indptr,
        indices=indices,
        cut_decision=BUILTIN["ties.cut"],
        cut_threshold=threshold(scenario.ties.cut_share),
    )


def friend_bound(scenario: Scenario) -> int:
    """Return how many friends, counted with repeats, a citizen can have at most.

    Circles give one friend less than their largest group, rings two each. Of the graphs only a lattice, a complete
    graph and published degrees have a bound that is known before drawing; the others count 0 here and
    `compile_ties` looks at what was drawn.
    """
    graph = scenario.graph
    if graph is None:
        return _implicit_bound(scenario)
    known = {
        "complete": scenario.society.citizens - 1,
        "configuration": max(_used_degrees(graph), default=0),
        "watts-strogatz": (graph.k or 0) if not graph.rewired_share else 0,
    }
    return _implicit_bound(scenario) + known.get(graph.kind, 0)


def _active(tables: Mapping[str, Switched]) -> list[tuple[str, Switched]]:
    """Return the tables that are not disabled, in the order of their ids."""
    return [(name, table) for name, table in sorted(tables.items()) if not table.disabled]


def _circle_plan(name: str, circle: Circle) -> CirclePlan:
    return CirclePlan(
        id=name,
        provincial=circle.scope == "province",
        sizes=circle.sizes,
        starts=tuple(accumulate(circle.sizes[:-1], initial=0)),
        period=sum(circle.sizes),
        permutation_decision=decision_id(f"circle.{name}:order"),
        friends_decision=decision_id(f"circle.{name}:friends"),
        friends_threshold=threshold(circle.friend_share),
        chat=circle.chat,
    )


def _implicit_bound(scenario: Scenario) -> int:
    friendly = [circle for _, circle in _active(scenario.circle) if circle.friend_share > 0]
    return sum(max(circle.sizes) - 1 for circle in friendly) + 2 * len(_active(scenario.ring))


def _used_degrees(graph: Graph) -> list[int]:
    pairs = zip(graph.degrees or (), graph.degree_shares or (), strict=True)
    return [degree for degree, share in pairs if share > 0]


def _refuse_crowds(largest: int, elsewhere: int) -> None:
    """Raise if the largest degree of the graph, with the friends from circles and rings, is above the limit."""
    if largest + elsewhere <= MAX_FRIENDS:
        return
    more = f", and circles and rings up to {elsewhere} more" if elsewhere else ""
    raise ScenarioError(
        (),
        f"graph: one citizen has {largest} friends in the graph{more}; the limit is {MAX_FRIENDS} friends",
        help="lower the number of friends, simulate fewer citizens, or choose a graph without hubs",
    )


def _draw_graph(graph: Graph, population: Population) -> graphs.Csr:
    """Return the explicit graph of the scenario."""
    n, seed, starts = population.citizens, population.seed, population.province_start

    def need(field: str) -> Any:
        """Return a field that this kind of graph cannot do without."""
        value = getattr(graph, field)
        if value is None:
            raise ScenarioError((), f"graph.{field}: missing for kind {graph.kind}", help=f"add `{field}`")
        return value

    drawn: dict[str, Callable[[], graphs.Csr]] = {
        "erdos-renyi": lambda: graphs.erdos_renyi(n, need("mean_friends"), seed),
        "watts-strogatz": lambda: graphs.watts_strogatz(n, need("k"), need("rewired_share"), seed),
        "barabasi-albert": lambda: graphs.barabasi_albert(n, need("m"), seed),
        "block": lambda: graphs.block(n, need("mean_friends"), need("within_share"), starts, seed),
        "configuration": lambda: graphs.configuration(n, need("degrees"), need("degree_shares"), seed),
        "complete": lambda: graphs.complete(n),
    }
    return drawn[graph.kind]()


class Ties:
    """The ties of single citizens, in plain Python ints.

    Attributes:
        plan: The compiled ties.
        population: Whose ties they are.
        chat_circles: Indices into `plan.circles` of the messenger groups.
        first_chat: The first of them, or None.
    """

    def __init__(self, plan: TiesPlan, population: Population) -> None:
        self.plan = plan
        self.population = population
        self.chat_circles = tuple(k for k, circle in enumerate(plan.circles) if circle.chat)
        self.first_chat = self.chat_circles[0] if self.chat_circles else None
        self._orders: dict[tuple[int, int], Permutation] = {}

    def members(self, circle_index: int, i: int) -> list[int]:
        """Return the citizens of the group that citizen `i` is in, `i` among them, in order of position."""
        circle = self.plan.circles[circle_index]
        order, base = self._order(circle_index, i)
        q = order.forward(i - base)
        slot = bisect_right(circle.starts, q % circle.period) - 1
        first = q - q % circle.period + circle.starts[slot]
        end = min(first + circle.sizes[slot], order.n)
        return [base + order.inverse(position) for position in range(first, end)]

    def friends(self, i: int) -> list[int]:
        """Return the friends of citizen `i` by circles, rings and graph; a pair tied twice comes twice."""
        found = []
        for k, circle in enumerate(self.plan.circles):
            if circle.friends_threshold:
                found += [j for j in self.members(k, i) if j != i and self._befriended(circle, i, j)]
        for order in self._rings:
            if order.n >= 3:
                position = order.forward(i)
                found += [order.inverse((position + step) % order.n) for step in (1, -1)]
        if self.plan.indptr is not None and self.plan.indices is not None:
            start, end = (int(self.plan.indptr[row]) for row in (i, i + 1))
            found += self.plan.indices[start:end].tolist()
        return found

    def chat_members(self, i: int) -> list[int]:
        """Return the other members of every messenger group of citizen `i`; shared groups count each."""
        return [j for k in self.chat_circles for j in self.members(k, i) if j != i]

    def owner(self, i: int) -> int | None:
        """Return the owner of the first messenger group of citizen `i` (may be `i`), or None without one."""
        return None if self.first_chat is None else self.members(self.first_chat, i)[0]

    def _befriended(self, circle: CirclePlan, i: int, j: int) -> bool:
        u = pair(self.population.seed, circle.friends_decision, min(i, j), max(i, j), 0)
        return event(u, circle.friends_threshold)

    def _order(self, circle_index: int, i: int) -> tuple[Permutation, int]:
        """Return the permutation that citizen `i` is in and the id of its first citizen."""
        circle, people = self.plan.circles[circle_index], self.population
        province = people.province(i) if circle.provincial else 0
        key = (circle_index, province)
        if key not in self._orders:
            n = people.province_size(province) if circle.provincial else people.citizens
            self._orders[key] = Permutation(n, people.seed, circle.permutation_decision, province)
        return self._orders[key], people.province_start[province] if circle.provincial else 0

    @cached_property
    def _rings(self) -> tuple[Permutation, ...]:
        people = self.population
        return tuple(Permutation(people.citizens, people.seed, decision) for decision in self.plan.rings)
