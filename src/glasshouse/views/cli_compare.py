"""Commands that ask questions of two worlds: compare, life."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError, clean
from glasshouse.views.cli_options import (
    as_json_text,
    changes,
    json_option,
    quiet_option,
    replace_option,
    size,
    threads_option,
)
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.compare import Comparison

__all__ = ["COMMANDS"]

PICK_WORDS = "most-affected | punished-by-association | silent"


@click.command("compare")
@click.argument("base")
@click.argument("variant", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for both worlds, the effects and a report; new or empty.",
)
@size
@click.option(
    "--replicates",
    type=click.IntRange(1, 10_000),
    default=30,
    show_default=True,
    metavar="N",
    help="Seeds; each is a pair of worlds.",
)
@threads_option
@changes
@click.option("--variant", "own", metavar="NAME", help="One of the variants that the scenario itself lists.")
@click.option(
    "--by", type=click.Choice(["group", "province"]), help="Also print the effects by group or by province."
)
@replace_option
@click.option("--resume", is_flag=True, help="Go on with the comparison in DIR that was stopped.")
@click.option("--yes", is_flag=True, help="Do not ask before long runs.")
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
    asked = questions(base, variant, without=without, set_=set_, own=own)
    several = len(asked) > 1 or asked[0].name is not None
    found = []
    for one in asked:
        folder = output / one.name if output is not None and one.name is not None else output
        job = CompareJob(one.worlds, folder, citizens, days, seed, replicates, threads, replace, resume)
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


@click.command("life")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("citizen", type=int, required=False)
@click.option("--pick", metavar="HOW", help=PICK_WORDS)
@threads_option
@json_option
@quiet_option
def life_command(
    folder: Path, citizen: int | None, *, pick: str | None, threads: int | None, as_json: bool, quiet: bool
) -> None:
    """Tell the year of one citizen of a run, beside the twin's when DIR holds a comparison."""
    from glasshouse.life import PICKS, live_again, recorded_world
    from glasshouse.views.cli_errors import close_match
    from glasshouse.views.cli_limits import estimate, refuse_if_too_large
    from glasshouse.views.worlds import world_folders

    if pick is not None and pick not in PICKS:
        near = close_match(pick, PICKS)
        raise UsageError(
            f"--pick {clean(pick)}: expected {', '.join(PICKS)}",
            help=f"did you mean {near}?" if near else None,
        )
    if (pick is None) == (citizen is None):
        raise UsageError(
            "give the number of a citizen or --pick, one of the two", help=f"--pick {PICK_WORDS}"
        )
    found = [recorded_world(one) for one in world_folders(folder)]
    society, n = found[0].scenario, found[0].plan.citizens
    needed = estimate(society, citizens=n, days=found[0].plan.days, worlds=len(found), written=False)
    refuse_if_too_large(society, needed, n, worlds=len(found))
    with DayProgress(n, shown=not quiet) as progress:
        life = live_again(
            [one.plan for one in found],
            [(one.name, one.notice) for one in found],
            citizen,
            pick=pick,
            threads=threads,
            progress=by_task(progress),
        )
    if as_json:
        click.echo(as_json_text(life.as_dict()))
        return
    from glasshouse.views.cli_diary import print_life

    print_life(life, found[0].plan)


def by_task(progress: DayProgress) -> Callable[[str, int, int], None]:
    """Return a callback that begins a bar for each thing that is done."""
    begun: list[Any] = []

    def after_day(what: str, day: int, days: int) -> None:
        if not begun or begun[-1] != what:
            begun.append(what)
            progress.start(what)
        progress(day, days)

    return after_day


COMMANDS = (compare_command, life_command)
