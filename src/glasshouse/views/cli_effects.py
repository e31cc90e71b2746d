"""A comparison in the terminal: effects per 100,000 citizens with their intervals, and whom the change reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.errors import clean
from glasshouse.views.cli_summary import HEADLINES, PER

if TYPE_CHECKING:
    from glasshouse.compare import Comparison, Effect

__all__ = ["print_effects"]


def print_effects(comparison: Comparison) -> None:
    """Print a table of the totals that differ from zero in either world."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    c = comparison
    seeds = f"seed {c.seed}" if c.replicates == 1 else f"{c.replicates} seeds from {c.seed}"
    console.print(
        Text(
            f"In this synthetic society of {c.citizens:,} citizens, over {c.days} days, {seeds}", style="bold"
        )
    )
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("per 100,000 citizens", header_style="dim")
    for name in c.names:
        table.add_column(clean(name, 24), justify="right", header_style="bold")
    table.add_column("effect", justify="right", header_style="bold")
    table.add_column("95 % interval", justify="right", header_style="dim")
    for key, words in HEADLINES.items():
        effect = c.effects.get(key)
        if effect is not None and (effect.base or effect.variant):
            table.add_row(words, *cells(effect, c.citizens))
    console.print(table)
    for line in sentences(c):
        console.print(Text(line))


def cells(effect: Effect, citizens: int) -> tuple[str, str, str, str]:
    """Return base, variant, effect and interval per 100,000 citizens."""
    factor = PER / citizens
    interval = ""
    if effect.low is not None and effect.high is not None:
        interval = f"{signed(effect.low * factor)} to {signed(effect.high * factor)}"
    return (
        spelled(effect.base * factor),
        spelled(effect.variant * factor),
        signed(effect.mean * factor),
        interval,
    )


def spelled(rate: float) -> str:
    """Return a rate in three or more digits."""
    return f"{rate:,.0f}" if abs(rate) >= 1000 or rate == int(rate) else f"{rate:.3g}"


def signed(rate: float) -> str:
    """Return a difference with its sign."""
    return "0" if rate == 0 else f"{'+' if rate > 0 else '−'}{spelled(abs(rate))}"


def sentences(comparison: Comparison) -> list[str]:
    """Return what the table does not say: whom the change reached, since when, and what one seed cannot tell."""
    c, first = comparison, comparison.parting
    out = [
        f"{100 * c.affected_share:.3g} % of citizens lived another life on some day because of the difference"
    ]
    if first.first_day is not None:
        out.append(
            f"with seed {c.seed} the worlds part on day {first.first_day}, at citizen {first.first_citizen} first"
        )
    if c.replicates == 1:
        out.append("one seed gives no interval; --replicates 8 does")
    return out
