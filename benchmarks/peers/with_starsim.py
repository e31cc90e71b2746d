"""W in Starsim: a module with states and Bernoulli distributions of its own, friends as the edges of a network."""

from __future__ import annotations

import numpy as np
import starsim as ss
from people import (
    BASE,
    CEILING,
    COST,
    FLOOR,
    LISTED_BELOW,
    LISTED_FRIENDS,
    OFF_ABOVE,
    REWARD,
    RINGS,
    People,
    people,
)
from program import live

MOST_DAYS = 400


class Friends(ss.Network):
    """The five rings, each tie once."""

    def __init__(self, who: People) -> None:
        super().__init__()
        self.who = who

    def init_post(self) -> None:
        """Lay down the ties."""
        super().init_post()
        ends, ids = self.who.friends[:, ::2], np.arange(len(self.who.friends))
        self.edges.p1 = np.repeat(ids, RINGS).astype(ss.dtypes.int)
        self.edges.p2 = ends.ravel().astype(ss.dtypes.int)
        self.edges.beta = np.ones(ends.size, ss.dtypes.float)

    def step(self) -> None:
        """Nothing: ties do not change."""


class Scheme(ss.Module):
    """A day of W."""

    def __init__(self, who: People) -> None:
        super().__init__(name="scheme")
        self.who, self.counts = who, (0, 0, 0.0)
        self.define_states(
            ss.FloatArr("score", default=BASE),
            ss.BoolState("listed", default=False),
            ss.FloatArr("recorded_chance"),
            ss.FloatArr("prosocial_chance"),
            ss.FloatArr("travel_chance"),
        )
        self.recorded = ss.bernoulli(p=lambda self, sim, uids: self.recorded_chance[uids])
        self.prosocial = ss.bernoulli(p=lambda self, sim, uids: self.prosocial_chance[uids])
        self.travel = ss.bernoulli(p=lambda self, sim, uids: self.travel_chance[uids])

    def init_post(self) -> None:
        """Give everybody their chances and start scores."""
        super().init_post()
        self.score[:] = self.who.score.astype(float)
        self.listed[:] = self.who.listed
        for name in ("recorded", "prosocial", "travel"):
            getattr(self, f"{name}_chance")[:] = getattr(self.who, name)

    def step(self) -> None:
        """Live one day."""
        ids, listed = self.sim.people.auids, np.asarray(self.listed.values)
        edges = self.sim.networks[0].edges
        around = np.bincount(edges.p1, weights=listed[edges.p2], minlength=len(ids))
        around += np.bincount(edges.p2, weights=listed[edges.p1], minlength=len(ids))
        score = np.array(self.score.values)
        score[self.recorded.filter(ids)] -= COST
        score[self.prosocial.filter(ids)] += REWARD
        score -= around >= LISTED_FRIENDS
        score += score < BASE
        score = np.clip(score, FLOOR, CEILING)
        refused = listed[self.travel.filter(ids)].sum()
        self.listed[:] = listed = (score < LISTED_BELOW) | (listed & (score <= OFF_ABOVE))
        self.score[:] = score
        self.counts = (int(listed.sum()), int(refused), float(score.mean()))


class World:
    """W as a simulation."""

    def __init__(self, citizens: int, seed: int, threads: int) -> None:
        del threads  # Starsim has one
        who = people(citizens, seed)
        self.sim = ss.Sim(
            n_agents=citizens,
            networks=Friends(who),
            modules=Scheme(who),
            dur=ss.days(MOST_DAYS),
            dt=ss.days(1),
            rand_seed=seed,
            verbose=0,
        )
        self.sim.init()

    def day(self) -> tuple[int, int, float]:
        """Live one day, with all that a simulation does around its modules."""
        self.sim.run_one_step()
        return next(one for one in self.sim.modules if one.name == "scheme").counts


if __name__ == "__main__":
    live(f"Starsim {ss.__version__}", World)
