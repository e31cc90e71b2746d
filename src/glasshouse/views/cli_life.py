"""The command that tells one citizen's year: life."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError, clean
from glasshouse.views.cli_options import as_json_text, json_option, quiet_option, threads_option
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COMMANDS"]

PICK_WORDS = "most-affected | punished-by-association | silent"


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


COMMANDS = (life_command,)
