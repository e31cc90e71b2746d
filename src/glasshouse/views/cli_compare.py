"""The command that asks what differs between two worlds: compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError
from glasshouse.views.cli_options import (
    as_json_text,
    changes,
    json_option,
    output_option,
    quiet_option,
    replace_option,
    replicates_option,
    size,
    threads_option,
    yes_option,
)

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.compare import Comparison
    from glasshouse.compare.pair import Coupling

__all__ = ["COMMANDS"]


@click.command("compare")
@click.argument("base")
@click.argument("variant", required=False)
@output_option("Folder for both worlds, the effects and a report; new or empty.")
@size
@replicates_option(30, "Seeds; each is a pair of worlds.")
@threads_option
@changes
@click.option("--variant", "own", metavar="NAME", help="One of the variants that the scenario itself lists.")
@click.option(
    "--by", type=click.Choice(["group", "province"]), help="Also print the effects by group or by province."
)
@click.option(
    "--coupling",
    type=click.Choice(["same", "complement"]),
    default="same",
    show_default=True,
    help="Lives of the variant with the same luck, or with every bit of it the other one.",
)
@click.option(
    "--absent",
    type=int,
    multiple=True,
    metavar="CITIZEN",
    help="Somebody who is not there in the variant; repeatable, at most 8.",
)
@click.option(
    "--uncertainty",
    is_flag=True,
    help="Draw the assumed numbers from their ranges too, in each replicate the same for both worlds.",
)
@replace_option
@click.option("--resume", is_flag=True, help="Go on with the comparison in DIR that was stopped.")
@yes_option
@json_option
@quiet_option
def compare_command(
    base: str,
    variant: str | None,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    replicates: int,
    threads: int | None,
    set_: dict[str, str],
    without: tuple[str, ...],
    own: str | None,
    by: str | None,
    coupling: Coupling,
    absent: tuple[int, ...],
    uncertainty: bool,
    replace: bool,
    resume: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare two scenarios, or one with a form of itself, on the same people with the same luck.

    The form comes from --without, --set or --variant; with SCENARIO alone each of its own variants is compared.
    Ctrl-C stops; with -o the comparison can be gone on with then.
    """
    from glasshouse.views.compare_job import CompareJob, lived_and_told, questions

    if resume and output is None:
        raise UsageError("--resume needs the folder of the comparison that was stopped", help="add -o DIR")
    if resume and replace:
        raise UsageError("--resume and --replace are both given", help="give one of the two")
    if output is not None and (absent or coupling != "same" or uncertainty):
        raise UsageError(
            "--coupling, --absent and --uncertainty are for looking; the worlds of a folder have the same luck, "
            "everybody in them, and every number as written",
            help="leave -o out; --json prints everything",
        )
    other = bool(absent) or coupling != "same"
    asked = questions(base, variant, without=without, set_=set_, own=own, beside_itself=other)
    several = len(asked) > 1 or asked[0].name is not None
    found = []
    for one in asked:
        folder = output / one.name if output is not None and one.name is not None else output
        job = CompareJob(
            one.worlds,
            folder,
            citizens,
            days,
            seed,
            replicates,
            threads,
            replace,
            resume,
            coupling,
            absent,
            uncertainty,
        )
        comparison = lived_and_told(job, by=by, yes=yes, silent=quiet, printed=not (quiet or as_json))
        found.append(as_tree(comparison, by))
    if as_json:
        click.echo(as_json_text(found if several else found[0]))


def as_tree(comparison: Comparison, by: str | None) -> dict[str, Any]:
    """Return what `compare --json` prints of one comparison."""
    tree = comparison.as_dict()
    if by is not None:
        places = [place for place in comparison.parting.places if place[0] == by]
        tree[f"by_{by}"] = {
            place[1]: {key: one.as_dict() for key, one in comparison.effects_in(place).items()}
            for place in places
        }
    return tree


COMMANDS = (compare_command,)
