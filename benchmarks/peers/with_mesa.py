"""W in Mesa: an object per citizen, with slots and with the friends themselves at hand."""

from __future__ import annotations

import mesa
from people import (
    BASE,
    CEILING,
    COST,
    DETECTED,
    FLOOR,
    LISTED_BELOW,
    LISTED_FRIENDS,
    OFF_ABOVE,
    REWARD,
    people,
)
from program import live


class Citizen(mesa.Agent):
    """One citizen; `was_listed` is what friends and ticket offices see."""

    __slots__ = ("friends", "infraction", "listed", "prosocial", "score", "travel", "was_listed")

    def __init__(self, model: World, score: int, infraction: float, prosocial: float, travel: float) -> None:
        super().__init__(model)
        self.score, self.infraction, self.prosocial, self.travel = score, infraction, prosocial, travel
        self.listed = self.was_listed = False
        self.friends: list[Citizen] = []

    def act(self) -> None:
        """Live one day."""
        draw, score = self.model.random.random, self.score
        if draw() < self.infraction and draw() < DETECTED:
            score -= COST
        if draw() < self.prosocial:
            score += REWARD
        around = 0
        for friend in self.friends:  # quicker than a sum over a generator
            if friend.was_listed:
                around += 1
        if around >= LISTED_FRIENDS:
            score -= 1
        if score < BASE:
            score += 1
        self.score = score = min(max(score, FLOOR), CEILING)
        if draw() < self.travel and self.was_listed:
            self.model.refused += 1
        if score < LISTED_BELOW:
            self.listed = True
        elif score > OFF_ABOVE:
            self.listed = False

    def publish(self) -> None:
        """Let the others see today's state."""
        self.was_listed = self.listed


class World(mesa.Model):
    """W as objects."""

    def __init__(self, citizens: int, seed: int, threads: int) -> None:
        del threads  # Mesa has one
        super().__init__(rng=seed)
        who, self.refused = people(citizens, seed), 0
        chances = (who.infraction.tolist(), who.prosocial.tolist(), who.travel.tolist())
        for score, *three in zip(who.score.tolist(), *chances, strict=True):
            Citizen(self, score, *three)
        self.everybody = list(self.agents)
        for one, listed, ids in zip(self.everybody, who.listed.tolist(), who.friends.tolist(), strict=True):
            one.listed = one.was_listed = listed
            one.friends = [self.everybody[k] for k in ids]

    def day(self) -> tuple[int, int, float]:
        """Live one day."""
        self.refused = 0
        self.agents.do("act")
        self.agents.do("publish")
        mean = sum(one.score for one in self.everybody) / len(self.everybody)
        return sum(one.listed for one in self.everybody), self.refused, mean


if __name__ == "__main__":
    live(f"Mesa {mesa.__version__}", World)
