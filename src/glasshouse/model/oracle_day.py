"""The desk of one citizen on one day: what the phases read, write, count, send and tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from glasshouse import streams
from glasshouse.ladder import screened_event
from glasshouse.model.oracle_luck import private_category, private_event, private_share
from glasshouse.model.oracle_state import CitizenState, Message
from glasshouse.society.columns import FALSE, IDENTITY, ORIGINS, OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.model.oracle_traits import Traits
    from glasshouse.model.plan import Plan
    from glasshouse.society.ties import Ties

PHASE_NAMES = (
    "calendar",
    "access",
    "act",
    "observe",
    "score",
    "list",
    "travel",
    "police",
    "redress",
    "learn",
    "publish",
)


class Event(NamedTuple):
    """One thing that happened to a citizen, and why.

    Attributes:
        day: Day number.
        citizen: Id of the citizen.
        phase: Number of the phase, 1 to 11.
        what: The thing in one word, for instance "record", "points", "listed", "refused".
        key: Table key of what caused it, for instance "rule.games" or "list.court"; empty for none.
        origin: Name of the origin, or empty.
        value: Amount: points, days, records; 0 where there is none.
        text: A line for people.
    """

    day: int
    citizen: int
    phase: int
    what: str
    key: str
    origin: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class DayResult:
    """What one day did to one citizen.

    Attributes:
        state: The row after the phases that were run; the row before is untouched.
        outbox: Messages for later days.
        flows: Count of each flow that is not zero, by the names of `model.flows`.
        flip: Whether the published flag changed.
        pulse: Whether friends and chat members see a punishment.
        story: What happened and why, in order.
    """

    state: CitizenState
    outbox: list[Message]
    flows: dict[str, int]
    flip: bool
    pulse: bool
    story: list[Event]


class Records:
    """Records that arrived today about one behaviour, by origin."""

    __slots__ = ("false", "identity", "own")

    def __init__(self) -> None:
        self.own = 0
        self.false = 0
        self.identity = 0

    @property
    def total(self) -> int:
        """All records of the day."""
        return self.own + self.false + self.identity

    def by_origin(self) -> tuple[tuple[int, int], ...]:
        """Return (origin code, number) in the order in which an allowance is used up."""
        return (OWN, self.own), (FALSE, self.false), (IDENTITY, self.identity)

    def add(self, origin: int) -> None:
        """Add one record."""
        if origin == OWN:
            self.own += 1
        elif origin == FALSE:
            self.false += 1
        else:
            self.identity += 1


def origin_of(records: Sequence[Records]) -> int:
    """Return the origin of what follows from records: own if any is, else false, else identity."""
    if any(r.own for r in records):
        return OWN
    return FALSE if any(r.false for r in records) else IDENTITY


class Day:
    """One citizen's day in the making.

    Read only: plan, traits, i, t, inbox, bulletin, ties, first (is it the 1st of a month?).
    `state` is the row being changed. The rest is scratch: written by one phase, read by later ones.
    """

    def __init__(
        self,
        plan: Plan,
        traits: Traits,
        i: int,
        t: int,
        state: CitizenState,
        inbox: Sequence[Message],
        bulletin: int,
        degree: int | Callable[[], int],
        ties: Ties,
    ) -> None:
        count = len(plan.behaviours)
        self.plan = plan
        self.traits = traits
        self.i = i
        self.t = t
        self.state = state
        self.inbox = inbox
        self.bulletin = bulletin
        self.ties = ties
        self.first = plan.is_first(t)
        self._degree = degree
        # what comes out
        self.outbox: list[Message] = []
        self.flows: dict[str, int] = {}
        self.story: list[Event] = []
        self.phase = 0
        self.punished = False
        self.flip = False
        # 1 calendar
        self.counts_before = 0
        self.detained_today = False
        self.suspended_today = False
        self.offline_today = False
        self.lists_today = 0
        # 2 access
        self.failed = False
        self.access = False
        # 3 act, 4 observe: one entry per behaviour
        self.open = [False] * count
        self.did = [False] * count
        self.records = [Records() for _ in range(count)]
        # 5 score
        self.points_lost = [0] * count
        self.largest_loss = 0
        self.loss_behaviour: int | None = None
        # 6 list: sanction list entered today -> behaviour whose file it rests on, or None
        self.rests_on: dict[int, int | None] = {}
        # 8 police: behaviours fined for, behaviour -> days of detention
        self.fined: list[int] = []
        self.detained_for: dict[int, int] = {}

    def degree(self) -> int:
        """Return how many uncut friends the citizen has now; asked for only when it matters."""
        return self._degree if isinstance(self._degree, int) else self._degree()

    # ---- luck

    def draw(self, decision: int) -> int:
        """Return today's private draw of a decision."""
        return streams.private(self.plan.luck, decision, self.i, self.t)

    def hits(self, decision: int, threshold: int, index: int = 0) -> bool:
        """Say whether today's private draw hits a threshold."""
        return private_event(self.plan.luck, decision, self.i, self.t, threshold, index)

    def screened(self, decision: int, threshold: int) -> bool:
        """Say whether today's screened draw hits a threshold."""
        return screened_event(self.plan.luck, decision, self.i, self.t, threshold)

    def category(self, decision: int, cumulative: tuple[int, ...]) -> int:
        """Return the category that today's private draw hits, or the number of categories for none."""
        return private_category(self.plan.luck, decision, self.i, self.t, cumulative)

    def share(self, decision: int, cumulative: tuple[int, ...]) -> int:
        """Return the category that today's private draw hits, where shares sum to 1."""
        return private_share(self.plan.luck, decision, self.i, self.t, cumulative)

    # ---- what comes out

    def count(self, flow: str, amount: int = 1) -> None:
        """Add to a flow, named as in `model.flows`."""
        if amount:
            self.flows[flow] = self.flows.get(flow, 0) + amount

    def send(self, due: int, target: int, kind: int, arg: int = 0, value: int = 0) -> None:
        """Post a message for a later day."""
        self.outbox.append(Message(due, target, kind, arg, value))

    def received(self, kind: int) -> list[Message]:
        """Return the messages of one kind that land today."""
        return [message for message in self.inbox if message.kind == kind]

    def tell(self, what: str, text: str, key: str = "", origin: int = 0, value: int = 0) -> None:
        """Add a line to the story."""
        name = ORIGINS[origin - 1] if origin else ""
        self.story.append(Event(self.t, self.i, self.phase, what, key, name, value, text))

    def punish(self, origin: int) -> None:
        """Note a punishment by its origin; whose first of that origin it is, is counted once."""
        self.punished = True
        if self.state.mark(1 << origin):  # marks 1 to 5 are the origin codes
            self.count(f"punished.{ORIGINS[origin - 1]}")

    def result(self) -> DayResult:
        """Return what came out."""
        return DayResult(self.state, self.outbox, self.flows, self.flip, self.punished, self.story)
