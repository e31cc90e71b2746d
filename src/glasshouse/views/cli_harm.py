"""The command `harm`: the error audit, the recovery clock and traps, and what fear held back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import rich_click as click

from glasshouse.errors import RefusedError, UsageError, clean
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
    from glasshouse.harm.study import Scheme
    from glasshouse.scenario.load import Loaded

__all__ = ["COMMANDS"]

REPLICATES = 8


@click.command("harm")
@click.argument("scenario")
@click.argument("variant", required=False)
@output_option("New folder for harm.json and its tables: audit, judged (for Fairlearn) and recovery.")
@click.option(
    "--part",
    type=click.Choice(["audit", "recovery", "chilling"]),
    multiple=True,
    help="Print this part only; repeatable.",
)
@size
@replicates_option(REPLICATES)
@threads_option
@changes
@replace_option
@yes_option
@json_option
@quiet_option
def harm_command(
    scenario: str,
    variant: str | None,
    *,
    output: Path | None,
    part: tuple[str, ...],
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
    """Measure what a scheme does wrong, how long people need to recover, and what they do not say.

    SCENARIO is a preset, a path, or the folder of a run or comparison. VARIANT is the other world that silence is
    measured against; by default the same scheme among people who are not afraid.
    """
    from glasshouse.harm.folder import refuse_taken, write_harm
    from glasshouse.harm.study import harm
    from glasshouse.views.cli_run import prepared, threads_or_default
    from glasshouse.views.compare_job import of_all

    here, there, given = schemes(scenario, variant, set_, without)
    citizens, days, seed = citizens or given[0], days or given[1], given[2] if seed is None else seed
    if output is not None:
        refuse_taken(output, replace=replace)
    asked = threads_or_default(threads)
    refuse_if_too_large(citizens or here.scenario.society.citizens)
    n, horizon = prepared(  # which asks a scheme for its name and its scenario alone
        cast("Loaded", here), citizens=citizens, days=days, threads=asked, folder=None, yes=yes, quiet=quiet or as_json,
        worlds=2, lives=2 * replicates * SLOWER,
    )  # fmt: skip
    with DayProgress(n, shown=not quiet) as progress:
        study = harm(
            here,
            there,
            citizens=n,
            days=horizon,
            seed=seed,
            replicates=replicates,
            threads=asked,
            progress=of_all(progress, replicates, 2 * n, horizon, ()),
        )
    if output is not None:
        write_harm(study, output, command=["glasshouse", *sys.argv[1:]])
    if as_json:
        click.echo(as_json_text(study.as_dict()))
    elif not quiet:
        from glasshouse.views.cli_harm_tables import print_harm

        print_harm(study, part)
        if output is not None:
            click.echo(f"harm.json and its tables as CSV and Parquet are in {clean(output, 200)}")


BYTES_PER_CITIZEN = 700  # of both worlds and what is worked out, measured on as-reported


def refuse_if_too_large(citizens: int) -> None:
    """Raise RefusedError when what is kept for each citizen does not fit into memory."""
    from glasshouse.views.cli_limits import BASE_BYTES, allowed_memory, spelled_bytes

    needed, allowed = BASE_BYTES + BYTES_PER_CITIZEN * citizens, allowed_memory()
    if needed > allowed:
        fits = max(1, (allowed - BASE_BYTES) // BYTES_PER_CITIZEN)
        raise RefusedError(
            f"harm of {citizens:,} citizens needs about {spelled_bytes(needed)};"
            f" this machine allows at most {spelled_bytes(allowed)}",
            help=f"try --citizens {fits // 1000 * 1000 or fits}",
        )


SLOWER = 100  # a day that is worked out for each citizen beside the engine's own, measured on as-reported


def schemes(
    scenario: str, variant: str | None, set_: dict[str, str], without: tuple[str, ...]
) -> tuple[Scheme, Scheme | None, tuple[int | None, int | None, int | None]]:
    """Return the scheme, what it is measured against, and size, days and seed where a folder gives them."""
    from glasshouse.harm.study import Scheme
    from glasshouse.views.cli_options import load

    folder = Path(scenario)
    if not folder.is_dir():
        there = None if variant is None else Scheme.of(variant)
        return Scheme.of(load(scenario, set_, without)), there, (None, None, None)
    if set_ or without:
        raise UsageError(
            "a run in a folder cannot be changed", help="give its scenario with --set or --without"
        )
    from glasshouse.life import recorded_world
    from glasshouse.views.worlds import world_folders

    found = [recorded_world(one) for one in world_folders(folder)]
    here, plan = Scheme(found[0].scenario, found[0].name), found[0].plan
    there = Scheme(found[1].scenario, found[1].name) if len(found) > 1 else None
    if variant is not None:
        there = Scheme.of(variant)
    return here, there, (plan.citizens, plan.days, plan.seed)


COMMANDS = (harm_command,)
