"""An attribution in the terminal: for each harm which rules did it, then single measures rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.errors import clean
from glasshouse.views.cli_effects import signed, spelled
from glasshouse.views.cli_summary import PER, print_notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

    from glasshouse.attribute import Attribution
    from glasshouse.attribute.result import Mean, Shares

__all__ = ["print_attribution"]

NAMED = 3  # rules named for each harm; the rest is one sum
JOINT = "\N{NO-BREAK SPACE}"  # a name and its number stay on one line
SMALL_SHARE = 0.005  # of all that rules add and take: less is not named
HARMS: Mapping[str, str] = {
    "listed.persons": "people ever on a list",
    "person_days.listed": "person-days on lists",
    "refused_persons": "people refused a ticket",
    "refused.plane": "plane tickets refused",
    "refused.high_speed_rail": "high-speed rail tickets refused",
    "posts.withheld": "posts withheld out of fear",
    "posts.removed": "posts removed",
    "summonses": "police summonses",
    "interrogations": "interrogations",
    "detention_days": "days in detention",
    "offline_days.face": "days offline after a face check",
    "offline_days.id": "days offline after a card check",
    "offline_days.suspension": "days with a suspended account",
    "group_owner_liable": "chat owners held liable",
    "points_lost.all": "points lost",
    "records.false": "records of acts that did not happen",
    "ties_cut": "ties cut",
    "punished_days": "days on which somebody was punished",
}
BY_ORIGIN: Mapping[str, str] = {
    "own": "own acts",
    "false": "records of what they did not do",
    "association": "the acts of others",
    "representation": "a company's debts",
    "identity": "a failed or borrowed identity",
}


def print_attribution(found: Attribution, measures: Sequence[str], folder: Path | None) -> None:
    """Print what each harm came from; with `measures`, those rule by rule instead."""
    from rich.console import Console
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    seeds = f"seed {found.seed}" if found.replicates == 1 else f"{found.replicates} seeds from {found.seed}"
    head = f"In this synthetic society of {found.citizens:,} citizens, over {found.days} days, {seeds}"
    console.print(Text(head, style="bold"))
    if measures:
        for key in measures:
            print_measure(console, found, key)
    else:
        print_harms(console, found)
    for line in sentences(found):
        console.print(Text(line))
    print_notice(found.notice)
    if folder is not None:
        console.print(Text(f"attribution.json, .parquet and .csv are in {clean(folder, 200)}"))


def print_harms(console: Console, found: Attribution) -> None:
    """Print every harm with the rules that did most of it, and then whom they hit for what."""
    origins = {
        **{f"punished.{key}": f"people punished for {words}" for key, words in BY_ORIGIN.items()},
        **{f"points_lost_by.{key}": f"points lost for {words}" for key, words in BY_ORIGIN.items()},
    }
    shown = False
    for group, first in ((HARMS, "per 100,000 citizens"), (origins, "by origin, per 100,000 citizens")):
        table = new_table(first, "all rules on", "off", "effect", "which rule did it (Shapley values)")
        for key, words in group.items():
            one = found.shares[key]
            if one.counted:
                table.add_row(words, *ends(one, found.citizens), culprits(found, one))
        if table.row_count:
            console.print(table)
            shown = True
    if not shown:
        console.print("nothing that is counted here happened")


def print_measure(console: Console, found: Attribution, key: str) -> None:
    """Print one measure rule by rule: alone, on the mean over all orders, and last."""
    from glasshouse.attribute.worlds import measure

    one, scale = found.shares[key], PER / found.citizens
    unit, _ = measure(key)
    console.print(f"{key}, {unit} per 100,000 citizens", highlight=False)
    beside = "95 % interval" if found.replicates > 1 else "standard error" if one.standard_error else ""
    table = new_table("rule", "alone", "Shapley value", beside, "falls away without it")
    for i, player in enumerate(found.players):
        mean = one.shapley[i]
        table.add_row(
            clean(player, 60),
            signed(float(one.first_in[i]) * scale),
            signed(float(mean) * scale),
            interval(mean, scale) if found.replicates > 1 else error_of(one, i, scale),
            signed(float(one.leave_one_out[i]) * scale),
        )
    table.add_row("all together", "", signed(float(one.effect) * scale), interval(one.effect, scale), "")
    console.print(table)


def new_table(first: str, *others: str) -> Table:
    """Return a table with a first column of words and columns of numbers; the last may hold words."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, header_style="dim")
    for name in others:
        words = name.startswith("which")
        table.add_column(name, justify="left" if words else "right", header_style="bold", no_wrap=not words)
    return table


def ends(one: Shares, citizens: int) -> tuple[str, str, str]:
    """Return a measure with all rules on, with all off, and the difference, per 100,000 citizens."""
    scale = PER / citizens
    return (
        spelled(float(one.full) * scale),
        spelled(float(one.empty) * scale),
        signed(float(one.effect) * scale),
    )


def culprits(found: Attribution, one: Shares) -> str:
    """Return the rules that moved a measure most, with their values per 100,000 citizens, and the sum of the rest."""
    scale = PER / found.citizens
    order = sorted(range(len(found.players)), key=lambda i: -abs(one.shapley[i].exact))
    moved = sum(abs(value.exact) for value in one.shapley)
    shown = [i for i in order[:NAMED] if abs(one.shapley[i].exact) > SMALL_SHARE * moved]
    parts = [f"{clean(found.players[i], 60)}{JOINT}{signed(float(one.shapley[i]) * scale)}" for i in shown]
    rest = sum(float(one.shapley[i]) for i in order if i not in shown) * scale
    if any(one.shapley[i].exact for i in order if i not in shown):
        parts.append(f"others{JOINT}{signed(rest)}")
    return ", ".join(parts)


def interval(mean: Mean, scale: float) -> str:
    """Return the interval of a mean, or nothing with one replicate."""
    if mean.low is None or mean.high is None:
        return ""
    return f"{signed(mean.low * scale)} to {signed(mean.high * scale)}"


def error_of(one: Shares, i: int, scale: float) -> str:
    """Return the standard error of a sampled value, or nothing."""
    return f"± {spelled(one.standard_error[i] * scale)}" if one.standard_error else ""


def sentences(found: Attribution) -> list[str]:
    """Return how the values were found, and what one seed cannot tell."""
    out = [f"{found.method}; {found.worlds:,} worlds of the same people with the same luck"]
    if found.permutations:
        out.append("values from orders that were drawn have a standard error; --measure KEY shows it")
    if found.replicates == 1:
        out.append("one seed gives no interval; --replicates N does")
    return out
