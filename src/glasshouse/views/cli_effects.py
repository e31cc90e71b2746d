"""A comparison in the terminal: effects per 100,000 citizens with their intervals, and whom the change reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.compare.individuals import LUCK, sentence
from glasshouse.errors import clean
from glasshouse.views.cli_summary import HEADLINES, PER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.compare import Comparison, Effect
    from glasshouse.compare.effects import Mean

__all__ = ["print_breakdown", "print_effects"]

SHOWN = {"listed": "ever on a list", "refused": "refused a ticket", "punished": "punished"}
BREAKDOWN = {
    "listed.persons": "ever listed",
    "posts.withheld": "posts withheld",
    "points_lost.all": "points lost",
}
AT_MOST = 5  # measures named in one line


def print_effects(comparison: Comparison) -> None:
    """Print a table of the totals that differ from zero in either world, and what it does not say."""
    from rich.text import Text

    c = comparison
    console, table = _console(), _table()
    seeds = f"seed {c.seed}" if c.replicates == 1 else f"{c.replicates} seeds from {c.seed}"
    head = f"In this synthetic society of {c.citizens:,} citizens, over {c.days} days, {seeds}"
    console.print(Text(head, style="bold"))
    table.add_column("per 100,000 citizens", header_style="dim")
    for name in c.names:
        table.add_column(clean(name, 24), justify="right", header_style="bold")
    table.add_column(word_of(c), justify="right", header_style="bold")
    if c.replicates > 1:
        table.add_column(ends_of(c), justify="right", header_style="dim")
    for key, words in HEADLINES.items():
        effect = c.effects[key]
        if effect.mean or effect.sd:
            table.add_row(words, *cells(effect, c.citizens))
    if table.row_count:
        console.print(table)
    for line in sentences(c):
        console.print(Text(line))
    _print_individuals(console, c)


def _console() -> Any:
    """Return the console for results."""
    from rich.console import Console

    from glasshouse.views.cli_scenario import console_for_stdout

    return console_for_stdout(Console)


def _table() -> Any:
    """Return an empty table."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))


def ends_of(comparison: Comparison) -> str:
    """Return what the ends beside an effect are, as a heading."""
    return "5 to 95 % of the worlds drawn" if comparison.drawn else "95 % interval"


def word_of(comparison: Comparison) -> str:
    """Return what a difference may be called: nothing is an effect that was seen in one pair of worlds."""
    return "effect" if comparison.replicates > 1 else "difference"


def cells(effect: Effect, citizens: float) -> list[str]:
    """Return base, variant, effect and, if there is one, interval per 100,000 citizens."""
    factor = PER / citizens
    out = [spelled(effect.base * factor), spelled(effect.variant * factor), signed(effect.mean * factor)]
    if effect.low is not None and effect.high is not None:
        out.append(f"{signed(effect.low * factor)} to {signed(effect.high * factor)}")
    return out


def spelled(rate: float) -> str:
    """Return a rate in three or more digits."""
    return f"{rate:,.0f}" if abs(rate) >= 1000 or rate == int(rate) else f"{rate:.3g}"


def signed(rate: float) -> str:
    """Return a difference with its sign."""
    return "0" if rate == 0 else f"{'+' if rate > 0 else '−'}{spelled(abs(rate))}"


def sentences(comparison: Comparison) -> Iterator[str]:
    """Yield what the table does not say: whom the change reached, since when, and what luck leaves open."""
    c = comparison
    yield from unchanged(c)
    if c.replicates == 1:
        yield "one seed is one pair of worlds: a difference, no effect; --replicates 30 gives an interval"
    if c.replicates > 1:
        more = "" if c.drawn else " (--uncertainty draws them from their ranges)"
        yield f"what the ends carry: {c.uncertainty}{more}"
    yield (
        f"{share_of(c.affected, c.citizens)} of citizens lived another life on some day because of the difference, "
        f"{share_of(c.outward, c.citizens)} in more than what they fear"
    )
    if c.affected.mean:
        yield f"the worlds part on {since(c)}"
    yield from unhelped(c)


def unchanged(comparison: Comparison) -> Iterator[str]:
    """Yield which totals are the same in both worlds of every replicate."""
    found = [
        words
        for words, one in ((words, comparison.effects[key]) for key, words in HEADLINES.items())
        if one.base and not one.mean and not one.sd
    ]
    if found:
        yield f"exactly the same in both worlds: {named(found)}"


def named(words: list[str]) -> str:
    """Return a list of measures in words, the first few by name."""
    more = f" and {len(words) - AT_MOST} more" if len(words) > AT_MOST else ""
    return f"{', '.join(words[:AT_MOST])}{more}"


def since(comparison: Comparison) -> str:
    """Return the first day on which anybody's two lives differ: of one seed, or least, median and greatest."""
    c, first = comparison, comparison.first_days
    if c.replicates == 1:
        return f"day {c.parting.first_day}, at citizen {c.parting.first_citizen} first"
    some = "" if first["parted"] == c.replicates else f" in {first['parted']} of {c.replicates} replicates"
    if first["min"] == first["max"]:
        return f"day {first['min']}{some}"
    return f"day {first['min']} to {first['max']}, median {first['median']:g}{some}"


def share_of(people: Mean, citizens: int) -> str:
    """Return the share of citizens, with its interval."""
    one = people.as_dict(100 / citizens)
    interval = f" ({one['low']:.3g} to {one['high']:.3g} %)" if one["low"] is not None and one["sd"] else ""
    return f"{one['mean']:.3g} %{interval}"


def unhelped(comparison: Comparison) -> Iterator[str]:
    """Yield the warning about totals that the same luck made no less noisy."""
    found = [
        f"{HEADLINES[key]} ({one.sd / one.sd_unpaired:.2g} times)"
        for key, one in comparison.unhelped.items()
        if key in HEADLINES and one.sd and one.sd_unpaired
    ]
    if found:
        yield (
            "warning: the same luck in both worlds did not make these less noisy than separate luck would: "
            f"{named(found)}"
        )


def _print_individuals(console: Any, c: Comparison) -> None:
    """Print how many met an outcome in one world alone, beside the bounds that hold whatever the luck."""
    rows = [(words, c.individuals[key]) for key, words in SHOWN.items() if key in c.individuals]
    if not rows or not c.affected.mean:
        return
    from rich.text import Text

    table = _table()
    table.add_column("citizens per 100,000", header_style="dim")
    table.add_column(LUCK[c.coupling], justify="right", header_style="bold")
    table.add_column("bounds", justify="right", header_style="dim")
    base, variant = (clean(name, 40) for name in c.names)
    for words, one in rows:
        table.add_row(f"{words} in both worlds", spelled(one.both * PER), "")
        table.add_row(f"  only in {base}", spelled(one.base_only * PER), between(one.base_only_bounds))
        table.add_row(
            f"  only in {variant}", spelled(one.variant_only * PER), between(one.variant_only_bounds)
        )
    console.print()
    console.print(table)
    console.print(Text(sentence(c.coupling)))


def between(ends: tuple[float, float]) -> str:
    """Return the two ends of a share per 100,000."""
    return f"{spelled(ends[0] * PER)} to {spelled(ends[1] * PER)}"


def print_breakdown(comparison: Comparison, by: str) -> None:
    """Print a few effects for each province or group, per 100,000 of its citizens."""
    from rich.text import Text

    c, table = comparison, _table()
    keys = [key for key in BREAKDOWN if c.effects[key].base or c.effects[key].variant]
    table.add_column(by, header_style="dim")
    table.add_column("citizens", justify="right", header_style="dim")
    table.add_column("affected", justify="right")
    for key in keys:
        table.add_column(BREAKDOWN[key], justify="right", header_style="bold", no_wrap=True)
    for place in (place for place in c.parting.places if place[0] == by):
        people, found = c.people_in(place), c.effects_in(place)
        if people:
            share = f"{100 * c.affected_in(place).mean / people:.3g} %"
            table.add_row(
                place[1], f"{people:,.0f}", share, *(give_or_take(found[key], people) for key in keys)
            )
    console = _console()
    console.print()
    head = f"{word_of(c)}s by {by}, per 100,000 of its citizens"
    console.print(Text(head.capitalize(), style="bold"))
    console.print(table)


def give_or_take(effect: Effect, citizens: float) -> str:
    """Return an effect and, if there is one, half its interval."""
    factor = PER / citizens
    half = "" if effect.high is None else f" ± {spelled((effect.high - effect.mean) * factor)}"
    return f"{signed(effect.mean * factor)}{half}"
