"""The oracle: one day in plain Python ints, slow and readable, which also tells why each thing happened.

The contract is `docs/day.md`; the kernels follow the same page and must be equal bit by bit after every phase.

| phase | function | what happens to a citizen |
|---|---|---|
| 1 | `calendar` | spells lose a day, terms end; on the 1st the monthly counts reset |
| 2 | `access` | identity checks; online today or not |
| 3 | `act` | each behaviour at most once, held back by perceived risk |
| 4 | `observe` | who sees it and on whom the record lands; false alarms; the inbox |
| 5 | `score` | records become points; recovery, decay; one clamp |
| 6 | `lists` | on and off the lists, from tomorrow |
| 7 | `travel` | tickets asked for and refused by this morning's lists |
| 8 | `police` | summonses and outcomes; liable owners |
| 9 | `redress` | appeals; a win lands later |
| 10 | `learn` | perceived risk |
| 11 | `publish` | the flag and today's punishment, seen from tomorrow |

After all citizens: `oracle_end.end_of_day` (ties, flips, pulses, companies). Nothing of one citizen's day
depends on another citizen's same day, so `live_day` can replay one life of a huge run from its inputs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.model.oracle_access import access, calendar
from glasshouse.model.oracle_act import act, observe
from glasshouse.model.oracle_day import Day, DayResult, Event
from glasshouse.model.oracle_end import bulletin, cuts, end_of_day, recount_low_friends
from glasshouse.model.oracle_learn import learn, publish
from glasshouse.model.oracle_list import lists
from glasshouse.model.oracle_police import police, redress
from glasshouse.model.oracle_score import score
from glasshouse.model.oracle_start import first_state
from glasshouse.model.oracle_state import CitizenState, Message
from glasshouse.model.oracle_traits import Traits, traits_of
from glasshouse.model.oracle_travel import travel
from glasshouse.society.permutation import Permutation
from glasshouse.society.ties import Ties
from glasshouse.streams import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.model.plan import Plan
    from glasshouse.society.population import Population
    from glasshouse.society.ties import TiesPlan

__all__ = [
    "PHASES",
    "CitizenState",
    "DayResult",
    "Event",
    "Message",
    "StepResult",
    "Traits",
    "World",
    "live_day",
    "traits_of",
]

PHASES = (calendar, access, act, observe, score, lists, travel, police, redress, learn, publish)
LAST_PHASE = len(PHASES)


def live_day(
    plan: Plan,
    traits: Traits,
    i: int,
    t: int,
    state: CitizenState,
    inbox: Sequence[Message],
    *,
    bulletin: int,
    degree: int | Callable[[], int],
    ties: Ties,
    last_phase: int = LAST_PHASE,
    desk: Callable[..., Day] = Day,
) -> DayResult:
    """Run the phases 1 to `last_phase` of day `t` for citizen `i` on a copy of the state.

    Args:
        plan: The compiled scenario.
        traits: Traits of the citizen, from `traits_of`.
        i: Citizen.
        t: Day number.
        state: The row at the end of the day before.
        inbox: Messages that are due on day `t` and lie at this citizen; their order has no effect.
        bulletin: Rise of perceived risk by today's bulletin, in 2^-16.
        degree: Number of current uncut friends, or a function that counts them.
        ties: Chat circles, asked for only when needed.
        last_phase: Last phase to run, 1 to 11; 0 runs none.
        desk: What makes the day; `play` has one at which some decisions are given.
    """
    day = desk(plan, traits, i, t, state.copy(), inbox, bulletin, degree, ties)
    for number, phase in enumerate(PHASES[:last_phase], 1):
        day.phase = number
        phase(day)
    return day.result()


@dataclass(slots=True)
class StepResult:
    """What one step did to everybody.

    Attributes:
        states: Rows by citizen.
        messages: Messages posted that day, for later days, unsorted.
        flows: (name, province, group) -> count.
        flips: Citizens whose published flag changed, in order.
        pulses: Citizens who were punished, in order.
        story: Everybody's events, by citizen and phase.
    """

    states: list[CitizenState]
    messages: list[Message]
    flows: dict[tuple[str, int, int], int]
    flips: list[int]
    pulses: list[int]
    story: list[Event]

    def columns(self) -> dict[str, list[int]]:
        """Return the rows as columns of citizens."""
        return columns_of(self.states)

    def count_at(self, world: World, citizen: int, name: str, amount: int = 1) -> None:
        """Add to a flow at a citizen's province and group; a count that comes to 0 is dropped."""
        traits = world.traits[citizen]
        key = (name, traits.province, traits.group)
        self.flows[key] = self.flows.get(key, 0) + amount
        if self.flows[key] == 0:
            del self.flows[key]


class RememberedTies(Ties):
    """Ties that work out each group of a circle once."""

    def __init__(self, plan: TiesPlan, population: Population) -> None:
        super().__init__(plan, population)
        self._groups: dict[tuple[int, int], list[int]] = {}

    def members(self, circle_index: int, i: int) -> list[int]:
        """Return the citizens of the group that citizen `i` is in, in order of position."""
        if (circle_index, i) not in self._groups:
            group = super().members(circle_index, i)
            self._groups.update({(circle_index, j): group for j in group})
        return self._groups[circle_index, i]


class World:
    """A whole society, day by day.

    Attributes:
        plan: The compiled scenario.
        ties: Ties of single citizens.
        t: Number of the next day.
        traits: Traits by citizen.
        states: Rows by citizen, at the end of day t - 1.
        friends: Friends by citizen, a pair tied twice twice.
        cut: Pairs (smaller id, larger id) whose tie is cut.
        inbox: Day number -> messages due then, as posted.
        representatives: Citizen by company.
        company_until: Last day of the listing + 1, 0 if not listed, by company.
        company_ever: Whether the company was ever listed, 0 or 1.
        pulses_by_month: Punished citizen-days by month number.
        flows: Counts of the last full day that are not zero, (name, province, group) -> count.
        desks: What makes the days of those whose decisions are given (`play`); of all others it is `Day`.
    """

    def __init__(self, plan: Plan) -> None:
        everybody = range(plan.citizens)
        self.plan = plan
        self.ties = RememberedTies(plan.ties, plan.population)
        self.t = 0
        self.traits = [traits_of(plan, i) for i in everybody]
        self.states = [first_state(plan, self.traits[i], i) for i in everybody]
        self.friends = [self.there(self.ties.friends(i)) if self.traits[i].here else [] for i in everybody]
        self.cut: set[tuple[int, int]] = set()
        self.inbox: dict[int, list[Message]] = defaultdict(list)
        self.representatives = representatives(plan)
        self.company_until = [0] * len(self.representatives)
        self.company_ever = [0] * len(self.representatives)
        self.pulses_by_month: dict[int, int] = {}
        self.flows: dict[tuple[str, int, int], int] = {}
        self.desks: dict[int, Callable[..., Day]] = {}
        recount_low_friends(self)

    def step(self, last_phase: int = LAST_PHASE) -> StepResult:
        """Run phases 1 to `last_phase` for everybody; with all of them close the day and go on to the next.

        With fewer phases nothing here changes: only the result shows what they did.
        """
        result = self._people(last_phase)
        if last_phase < LAST_PHASE:
            return result
        end_of_day(self, result)
        self.inbox.pop(self.t, None)
        for message in result.messages:
            self.inbox[message.due].append(message)
        self.flows = result.flows
        self.t += 1
        return result

    def run(self, days: int) -> None:
        """Run several days."""
        for _ in range(days):
            self.step()

    def _people(self, last_phase: int) -> StepResult:
        """Run the day of each citizen, without its end."""
        result = StepResult([], [], {}, [], [], [])
        arriving = self.inbox_of_today()
        news = bulletin(self, self.t)
        for i, state in enumerate(self.states):
            lived = live_day(
                self.plan,
                self.traits[i],
                i,
                self.t,
                state,
                arriving.get(i, ()),
                bulletin=news,
                degree=lambda i=i: len(self.uncut(i)),
                ties=self.ties,
                last_phase=last_phase,
                desk=self.desks.get(i, Day),
            )
            result.states.append(lived.state)
            result.messages += lived.outbox
            result.story += lived.story
            result.flips += [i] * lived.flip
            result.pulses += [i] * lived.pulse
            for name, amount in lived.flows.items():
                result.count_at(self, i, name, amount)
        return result

    def cuts(self, one: int, other: int, month: int) -> bool:
        """Say whether `one` cuts the tie to a flagged friend in a month."""
        return cuts(self.plan, one, other, month)

    def inbox_of_today(self) -> dict[int, list[Message]]:
        """Return the messages due today by citizen."""
        by_target: dict[int, list[Message]] = defaultdict(list)
        for message in self.inbox.get(self.t, ()):
            if self.traits[message.target].here:
                by_target[message.target].append(message)
        return by_target

    def there(self, citizens: Sequence[int]) -> list[int]:
        """Return those of some citizens who are no vacant place."""
        return [i for i in citizens if self.traits[i].here]

    def uncut(self, i: int) -> list[int]:
        """Return the friends of a citizen whose ties are not cut now."""
        if not self.cut:
            return self.friends[i]
        return [j for j in self.friends[i] if (min(i, j), max(i, j)) not in self.cut]

    def pending(self) -> list[Message]:
        """Return the messages that have not landed yet, sorted."""
        return sorted(message for day in self.inbox.values() for message in day)

    def columns(self) -> dict[str, list[int]]:
        """Return the columns of citizens and companies by name."""
        companies = {"company_until": list(self.company_until), "company_ever": list(self.company_ever)}
        return columns_of(self.states) | companies

    def total(self, name: str) -> int:
        """Return a flow of the last full day over all provinces and groups."""
        return sum(amount for (flow, _, _), amount in self.flows.items() if flow == name)


def representatives(plan: Plan) -> list[int]:
    """Return the citizen who represents each company."""
    if plan.company is None:
        return []
    order = Permutation(plan.citizens, plan.seed, BUILTIN["company.representative"])
    return [order.forward(number) for number in range(plan.company.count)]


def columns_of(states: Sequence[CitizenState]) -> dict[str, list[int]]:
    """Return rows as columns."""
    rows = [state.columns() for state in states]
    return {name: [row[name] for row in rows] for name in CitizenState().columns()}
