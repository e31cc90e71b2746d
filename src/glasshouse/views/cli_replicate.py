"""The command `replicate`: published results, each with a verdict."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError
from glasshouse.views.cli_options import as_json_text, json_option, quiet_option
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from glasshouse.replicate import Replication
    from glasshouse.replicate.claim import Row

__all__ = ["COMMANDS"]

DIFFERS = 6
VERDICTS = {True: ("agrees", "green"), False: ("DIFFERS", "red"), None: ("", "")}


@click.command("replicate")
@click.argument("paper", required=False)
@click.option("--list", "listed", is_flag=True, help="List the papers.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63),
    default=1,
    show_default=True,
    metavar="N",
    help="First world seed.",
)
@json_option
@quiet_option
def replicate_command(paper: str | None, *, listed: bool, seed: int, as_json: bool, quiet: bool) -> int:
    """Replicate a published result and compare it with the paper; ends with 6 when one claim differs.

    PAPER is a name from --list. Each row says who found it: the engine living a scenario, a function of the model, or
    the paper's own formulas.
    """
    from glasshouse.replicate import replicate

    if listed:
        if paper is not None:
            raise UsageError("--list and a paper are both given", help="give one of the two")
        return list_papers(as_json=as_json)
    if paper is None:
        raise UsageError("no paper is named", help="`glasshouse replicate --list` names them")
    shown = not quiet and (not as_json or sys.stderr.isatty())
    with DayProgress(0, paper, shown=shown, unit="part") as progress:
        found = replicate(paper, seed=seed, progress=progress)
    if as_json:
        click.echo(as_json_text(found.as_dict()))
    elif not quiet:
        print_replication(found)
    return 0 if found.agrees else DIFFERS


def list_papers(*, as_json: bool) -> int:
    """Print what can be replicated."""
    from glasshouse.replicate import PAPERS

    if as_json:
        click.echo(
            as_json_text([{"paper": p.id, "citation": p.citation, "question": p.question} for p in PAPERS])
        )
        return 0
    width = max(len(one.id) for one in PAPERS)
    for one in PAPERS:
        click.echo(f"{click.style(one.id.ljust(width), bold=True)}  {one.question}")
        click.echo(f"{'':{width}}  {click.style(one.citation, dim=True)}")
    return 0


def print_replication(found: Replication) -> None:
    """Print claims and figures side by side, what is not replicated, and the verdict."""
    from rich.console import Console
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    paper = found.paper
    console.print(Text(f"{paper.id}: {paper.question}", style="bold"))
    console.print(Text(paper.citation, style="dim"))
    console.print(Text(f"In this synthetic society, seeds from {found.seed}: {paper.setting}", style="dim"))
    console.print()
    console.print(claims(found))
    console.print()
    console.print(Text("Not replicated", style="bold"))
    for sentence in paper.left_out:
        console.print(Text(f"  {sentence}"))
    console.print()
    console.print(Text(verdict(found), style="bold green" if found.agrees else "bold red"))


def claims(found: Replication) -> Any:
    """Return the table of claims."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head, justify in (("", "left"), ("the paper, or its formula", "left"), ("expected", "right"),
                          ("found", "right"), ("±", "right"), ("by", "left"), ("", "left")):  # fmt: skip
        table.add_column(head, header_style="dim", justify=justify, overflow="fold")
    for row in found.rows:
        word, colour = VERDICTS[row.agrees]
        table.add_row(*(Text(cell) for cell in cells(row)), Text(word, style=colour))
    return table


def cells(row: Row) -> tuple[str, str, str, str, str, str]:
    """Return the words and figures of a row."""
    return row.what, row.claim, figure(row.expected), figure(row.found), figure(row.error), row.by


def figure(value: float | None) -> str:
    """Return a figure in at most five digits; nothing for none."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.5g}"


def verdict(found: Replication) -> str:
    """Return the last line."""
    if found.agrees:
        return f"PASS: all {found.judged} judged rows agree"
    return f"DIFFERS: {found.differing} of {found.judged} judged rows differ"


COMMANDS = (replicate_command,)
