"""A study of sensitivity in the terminal: the ranking, what each figure hangs on, and single figures in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.errors import clean
from glasshouse.sensitivity.result import HEADLINES, LUCK
from glasshouse.views.cli_effects import signed, spelled
from glasshouse.views.cli_summary import PER, print_notice
from glasshouse.views.cli_tables import new_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from glasshouse.sensitivity.result import Influence, Rank, Screening, Sensitivity, Shared

__all__ = ["print_sensitivity"]

SHOWN = 15  # assumptions of the ranking, and of one figure in full
NAMED = 3  # assumptions named beside a figure
LABEL = 21  # characters of a line of its words


def print_sensitivity(found: Sensitivity, measures: Sequence[str], folder: Path | None) -> None:
    """Print which assumptions the figures hang on; with `measures`, those figures in full."""
    from rich.console import Console
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    head = f"In this synthetic society of {found.citizens:,} citizens, over {found.days} days, seeds from {found.seed}"
    console.print(Text(head, style="bold"))
    if found.screening is not None:
        if measures:
            for key in measures:
                print_figure(console, found.screening, key, found.citizens)
        else:
            print_ranking(console, found.screening)
            print_figures(console, found.screening, found.citizens)
    if found.shared is not None:
        print_shared(console, found.shared, measures)
    for line in sentences(found):
        console.print(Text(line))
    print_notice(found.notice)
    if folder is not None:
        console.print(Text(f"sensitivity.json, .csv, .parquet and report.html are in {clean(folder, 200)}"))


def print_ranking(console: Console, screening: Screening) -> None:
    """Print the most influential assumptions with their share of all movement."""
    console.print("share of all that the assumptions move, the mean over the figures below")
    table = new_table("assumption", "stands at", "range", "share", "95 % interval")
    for rank in screening.ranks[:SHOWN]:
        if not rank.share:
            break
        table.add_row(*ranking_row(rank))
    console.print(table)


def ranking_row(rank: Rank) -> tuple[str, ...]:
    """Return one row of the ranking."""
    one = rank.assumption
    return (
        clean(one.path, 60), f"{one.value:.4g}", f"{one.low:.4g} to {one.high:.4g}",
        f"{100 * rank.share:.1f} %", f"{100 * rank.low:.1f} to {100 * rank.high:.1f}",
    )  # fmt: skip


def print_figures(console: Console, screening: Screening, citizens: int) -> None:
    """Print for each figure what it is as written, in the ranges, and which assumptions it hangs on."""
    scale, measures = PER / citizens, screening.as_dict()["measures"]
    table = new_table("per 100,000 citizens", "as written", "in the ranges", "it hangs on", words=3)
    table.columns[0].width = LABEL
    for key in screening.moved:
        one = measures[key]
        names = [
            clean(each.path, 60) for each in screening.influences(key) if each.path != LUCK and each.reach
        ]
        table.add_row(
            HEADLINES[key],
            spelled(one["as_written"]["mean"] * scale),
            f"{spelled(one['in_the_ranges']['low'] * scale)} to {spelled(one['in_the_ranges']['high'] * scale)}",
            "\n".join(names[:NAMED]),
        )
    console.print()
    console.print(table)


def print_figure(console: Console, screening: Screening, key: str, citizens: int) -> None:
    """Print one figure in full: how far each input moves it."""
    console.print(f"{key}, {HEADLINES[key]}, per 100,000 citizens", highlight=False)
    table = new_table("input", "moves it by", "95 % interval", "with its sign", "spread")
    for one in screening.influences(key)[:SHOWN]:
        table.add_row(*figure_row(one, PER / citizens))
    console.print(table)


def figure_row(one: Influence, scale: float) -> tuple[str, ...]:
    """Return one row of a figure in full."""
    return (
        "luck (another seed)" if one.path == LUCK else clean(one.path, 60),
        spelled(one.reach * scale),
        f"{spelled(one.low * scale)} to {spelled(one.high * scale)}",
        signed(one.slope * scale),
        spelled(one.spread * scale),
    )


def print_shared(console: Console, shared: Shared, measures: Sequence[str]) -> None:
    """Print how the variance of each figure is shared out among a few assumptions and luck."""
    names = [*(one.path for one in shared.assumptions), LUCK]
    for key, one in shared.indices.items():
        if not one.variance or (measures and key not in measures):
            continue
        console.print()
        console.print(f"{HEADLINES[key]}: shares of the variance", highlight=False)
        table = new_table("input", "alone", "95 % interval", "with others", "95 % interval")
        for i, name in enumerate(names):
            table.add_row(
                clean(name, 60), f"{one.first[i]:.2f}", f"{one.first_ends[0, i]:.2f} to {one.first_ends[1, i]:.2f}",
                f"{one.total[i]:.2f}", f"{one.total_ends[0, i]:.2f} to {one.total_ends[1, i]:.2f}",
            )  # fmt: skip
        console.print(table)


def sentences(found: Sensitivity) -> list[str]:
    """Return how the shares were found, and which kinds of uncertainty they carry."""
    out = []
    if found.screening is not None:
        one = found.screening
        out.append(
            f"{one.walks} walks through the ranges of {len(one.assumptions)} assumptions, one moved at "
            f"a time, with the "
            f"same people and luck within a walk; {found.worlds:,} worlds in all"
        )
        out.append(
            "`in the ranges` carries the assumed numbers and chance: from the 5 % to the 95 % point of the worlds lived"
        )
    if found.shared is not None:
        out.append(
            f"indices from {found.shared.samples} rows of the design; all other numbers stand as written"
        )
    if found.held:
        out.append(f"{len(found.held)} assumed numbers were not moved (`held` in the JSON says why)")
    return out
