"""D'Amour et al. (2020), "Fairness is not static": the lending example, as an exact chain and as a scheme."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from glasshouse.replicate.claim import equal, noted, share, within
from glasshouse.replicate.lives import scenario, stock, world
from glasshouse.replicate.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told

    Shares = Sequence[Fraction]

__all__ = ["DAMOUR", "accepted", "after", "mean_cluster", "step"]

LINE = 3  # first cluster that a lender accepts who gains as much from a repaid loan as it loses by a default
REPAID = tuple(Fraction(text) for text in ("0.1", "0.2", "0.45", "0.6", "0.65", "0.7", "0.7"))
ONE_CHANCE = (Fraction("0.65"),) * 7
GROUPS = {
    "group 0": tuple(Fraction(text) for text in ("0", "0.1", "0.1", "0.2", "0.3", "0.3", "0")),
    "group 1": tuple(Fraction(text) for text in ("0.1", "0.1", "0.2", "0.3", "0.3", "0", "0")),
}
STEPS = (1, 10, 100)


def step(shares: Shares, repaid: Shares) -> list[Fraction]:
    """Return the shares of the clusters after everybody applied once: the accepted move, the others stay."""
    out = [Fraction(0)] * len(shares)
    for cluster, part in enumerate(shares):
        if cluster < LINE:
            out[cluster] += part
            continue
        out[min(cluster + 1, len(shares) - 1)] += part * repaid[cluster]
        out[cluster - 1] += part * (1 - repaid[cluster])
    return out


def after(shares: Shares, repaid: Shares, steps: int) -> Shares:
    """Return the shares of the clusters after some steps, exactly."""
    for _ in range(steps):
        shares = step(shares, repaid)
    return shares


def accepted(shares: Shares) -> Fraction:
    """Return the share in clusters that the lender accepts."""
    return sum(shares[LINE:], Fraction(0))


def mean_cluster(shares: Shares) -> Fraction:
    """Return the mean number of the cluster."""
    return sum((k * part for k, part in enumerate(shares)), Fraction(0))


def rows(seed: int, told: Told) -> list[Row]:
    """Return the exact chain of the example, and the scheme that carries it, lived by the engine."""
    out = [of_line()]
    for name, start in GROUPS.items():
        for steps in STEPS:
            now = after(start, REPAID, steps)
            words = f"{name}, after {steps} applications"
            out.append(noted(f"{words}: share accepted", "exact chain", float(accepted(now)), "formula"))
            out.append(noted(f"{words}: mean cluster", "exact chain", float(mean_cluster(now)), "formula"))
    out.append(of_gap())
    for number, name in enumerate(GROUPS):
        out += of_engine(seed, name)
        told(number + 1, len(GROUPS))
    return out


def of_line() -> Row:
    """Return how many clusters a lender accepts who gains 1 by a loan repaid and loses 1 by a default."""
    worth = sum(2 * chance - 1 >= 0 for chance in REPAID)
    return equal(
        "clusters worth a loan at interest 1", "repayment of at least 1/2: 4 of 7", 4, worth, "formula"
    )


def of_gap() -> Row:
    """Return the smallest lead of group 0 over group 1 in acceptance at any step, with cluster-wise repayment."""
    one, other = GROUPS.values()
    lead = accepted(one) - accepted(other)
    for _ in range(max(STEPS)):
        one, other = step(one, REPAID), step(other, REPAID)
        lead = min(lead, accepted(one) - accepted(other))
    what = f"smallest lead of group 0 in acceptance over {max(STEPS)} steps"
    return within(
        what, "a lender who treats both alike does not close the gap", float(lead), low=0, by="formula"
    )


def of_engine(seed: int, name: str) -> list[Row]:
    """Return the share accepted under the scheme `lending` beside the chain with the same chance for everybody."""
    start = GROUPS[name]
    one = scenario("lending", {"initial.score.weights": [float(part) for part in start]})
    engine, out = world(one, seed), []
    for t in range(max(STEPS)):
        engine.step()
        if t + 1 in STEPS:
            due = accepted(after(start, ONE_CHANCE, t + 1))
            count = engine.plan.citizens - stock(engine, "on.refused")
            what = f"{name}, after {t + 1} applications: share accepted"
            out.append(
                share(what, "exact chain, repayment 0.65 for all", float(due), count, engine.plan.citizens)
            )
    return out


DAMOUR = Paper(
    id="damour-2020",
    citation="A. D'Amour, H. Srinivasan, J. Atwood, P. Baljekar, D. Sculley, Y. Halpern, Fairness is not static, "
    "FAT* (2020) 525-534; its code is ml-fairness-gym",
    question="What becomes of two groups whose credit follows the loans that their credit brings?",
    setting="clusters, first shares and repayment of the published example; seven clusters as scores in a scheme",
    left_out=(
        "The paper's figures: its example moves the shares of a whole group by 0.01 for each loan and learns its rule.",
        "Here every person applies each step and moves by one cluster. No published number could be checked.",
        "Repayment by cluster in the engine: a rate does not depend on the score of the day; one chance holds for all.",
        "The lender that equalises opportunity, and the bank's cash.",
    ),
    rows=rows,
    scenarios=("lending",),
)
