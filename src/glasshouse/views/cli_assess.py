"""The command `assess`: the impact sheet, both sides of the ledger, and levers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import rich_click as click

from glasshouse.errors import clean
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
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.scenario.load import Loaded

__all__ = ["COMMANDS"]

REPLICATES = 8
CITIZENS = (
    10_000  # where the scenario has more and none are asked for: about half a minute for a year and seed
)


@click.command("assess")
@click.argument("scenario")
@output_option("New folder for assessment.json and its rows as CSV and Parquet.")
@size
@replicates_option(REPLICATES)
@threads_option
@changes
@replace_option
@yes_option
@json_option
@quiet_option
def assess_command(
    scenario: str,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    replicates: int,
    threads: int | None,
    set_: dict[str, str],
    without: tuple[str, ...],
    replace: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure what legal yardsticks ask of a scheme, what it claims, and what milder forms of it would change.

    SCENARIO is a preset, a path, or the folder of a run. The result is evidence from a synthetic society, not legal
    advice.
    """
    from glasshouse.assess.folder import ASSESSMENT, write_assessment
    from glasshouse.assess.levers import levers_of
    from glasshouse.assess.study import assess, refuse_small, worlds_of
    from glasshouse.harm.folder import refuse_taken
    from glasshouse.views.cli_harm import SLOWER, refuse_if_too_large, schemes
    from glasshouse.views.cli_run import prepared, threads_or_default
    from glasshouse.views.compare_job import of_all

    here, _, given = schemes(scenario, None, set_, without)
    society = here.scenario.society
    n = citizens or given[0] or min(society.citizens, CITIZENS)
    horizon, seed = days or given[1] or society.days, given[2] if seed is None else seed
    refuse_small(n)
    if output is not None:
        refuse_taken(output, replace=replace, mine=ASSESSMENT)
    asked = threads_or_default(threads)
    refuse_if_too_large(n)
    worlds = worlds_of(levers_of(here.scenario), replicates)
    prepared(
        cast("Loaded", here), citizens=n, days=horizon, threads=asked, folder=None, yes=yes, quiet=quiet or as_json,
        worlds=2, lives=worlds + 2 * replicates * SLOWER,
    )  # fmt: skip
    if not (quiet or as_json):
        click.echo(told_of_worlds(worlds, replicates), err=True)
    with DayProgress(n, shown=not quiet) as progress:
        study = assess(
            here,
            citizens=n,
            days=horizon,
            seed=seed,
            replicates=replicates,
            threads=asked,
            progress=of_all(progress, replicates, 2 * n, horizon, ()),
        )
    if output is not None:
        write_assessment(study, output)
    if as_json:
        click.echo(as_json_text(study.as_dict()))
    elif not quiet:
        from glasshouse.views.cli_assess_tables import print_assessment

        print_assessment(study)
        if output is not None:
            click.echo(f"assessment.json and its rows as CSV and Parquet are in {clean(output, 200)}")


def told_of_worlds(worlds: int, replicates: int) -> str:
    """Return how many worlds are lived, in words."""
    levers = worlds // replicates - 2
    seeds = "1 seed" if replicates == 1 else f"{replicates} seeds"
    milder = "no lever" if levers == 0 else "1 lever" if levers == 1 else f"{levers} levers"
    return f"{worlds} worlds: {seeds} of the scheme, its twin among people unafraid, and {milder}"


COMMANDS = (assess_command,)
