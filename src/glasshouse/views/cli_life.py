"""The command that tells one citizen's year: life."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError, clean
from glasshouse.views.cli_options import as_json_text, json_option, quiet_option, threads_option
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.life import Recorded

__all__ = ["COMMANDS"]

PICK_WORDS = "most-affected | punished-by-association | silent | typical"
PICK_BYTES_PER_CITIZEN = 130  # what is added up for everybody while somebody is looked for


@click.command("life")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("citizen", type=int, required=False)
@click.option("--pick", metavar="HOW", help=PICK_WORDS)
@click.option("--group", metavar="NAME", help="Pick only from this group, a to h; `typical` needs one.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the life as one HTML page that opens offline.",
)
@threads_option
@json_option
@quiet_option
def life_command(
    folder: Path,
    citizen: int | None,
    *,
    pick: str | None,
    group: str | None,
    html: Path | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Tell the year of one citizen of a run, beside the twin's when DIR holds a comparison."""
    from glasshouse.life import live_again, recorded_world
    from glasshouse.views.worlds import world_folders

    refuse_wish(pick, citizen)
    found = [recorded_world(one) for one in world_folders(folder)]
    again = pick is not None or any(one.log is None for one in found)
    if again:
        refuse_if_not_held(found, picking=pick is not None)
    if again and pick is None and not quiet:
        click.echo("no log of crossings was kept: the worlds are lived again", err=True)
    with DayProgress(found[0].plan.citizens, shown=again and not quiet) as progress:
        life = live_again(found, citizen, pick=pick, group=group, threads=threads, progress=by_task(progress))
    if html is not None:
        from glasshouse.views.report.life import write_life

        write_life(html, life)
    if as_json:
        click.echo(as_json_text(life.as_dict()))
        return
    from glasshouse.views.cli_diary import print_life

    if not quiet:
        print_life(life)
        if html is not None:
            click.echo(f"page: {clean(html, 200)}")


def refuse_wish(pick: str | None, citizen: int | None) -> None:
    """Raise UsageError unless either a citizen or a known pick is given."""
    from glasshouse.life import PICKS
    from glasshouse.views.cli_errors import close_match

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


def refuse_if_not_held(found: Sequence[Recorded], *, picking: bool) -> None:
    """Raise RefusedError unless memory holds the worlds, side by side, that are lived again."""
    from glasshouse.views.cli_limits import estimate, refuse_if_too_large

    society, n = found[0].scenario, found[0].plan.citizens
    needed = estimate(society, citizens=n, days=found[0].plan.days, worlds=len(found), written=False)
    more = PICK_BYTES_PER_CITIZEN * n if picking else 0
    refuse_if_too_large(
        society, replace(needed, memory_bytes=needed.memory_bytes + more), n, worlds=len(found)
    )


def by_task(progress: DayProgress) -> Callable[[str, int, int], None]:
    """Return a callback that begins a bar for each thing that is done."""
    begun: list[Any] = []

    def after_day(what: str, day: int, days: int) -> None:
        """Move the bar of the world that is lived."""
        if not begun or begun[-1] != what:
            begun.append(what)
            progress.start(what)
        progress(day, days)

    return after_day


COMMANDS = (life_command,)
