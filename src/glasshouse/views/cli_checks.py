"""Commands that show whether Glasshouse can be trusted: verify, bench."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import rich_click as click

from glasshouse.errors import clean
from glasshouse.views.cli_options import (
    as_json_text,
    backend_option,
    changes,
    json_option,
    load,
    output_option,
    size,
    threads_allowed,
    threads_option,
)
from glasshouse.views.progress import DayProgress, spelled_rate

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COMMANDS"]

FAILED = 6
SHORT = 16


@click.command("verify")
@click.argument("scenario")
@size
@threads_option
@backend_option
@changes
@output_option("Folder for certificate.json and certificate.html.")
@json_option
def verify_command(
    scenario: str,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    threads: int | None,
    backend: str,  # noqa: ARG001 - its option has refused a device that is not there; one that is takes part
    set_: dict[str, str],
    without: tuple[str, ...],
    as_json: bool,
) -> int:
    """Certify that a run is the same however it is computed; ends with 6 when a digest differs.

    Oracle and kernels, compiled or not, threads, chunks, parts, stopped and gone on with, hash seeds, and a CUDA device
    where there is one; `--backend cuda` refuses to go on without.
    """
    from glasshouse import verify as matrix

    def told(number: int, count: int, words: str) -> None:
        """Say which combination is lived."""
        click.echo(f"{number + 1} of {count}: {words}", err=True)

    found = matrix.verify(
        scenario,
        citizens=citizens or matrix.CITIZENS,
        days=days or matrix.DAYS,
        seed=seed,
        threads=threads or min(2, threads_allowed()),
        set=set_,
        without=without,
        progress=told,
    )
    if as_json:
        click.echo(as_json_text([one.as_dict() for one in found]))
    else:
        print_outcomes(found)
    if output is not None:
        from glasshouse.views.certificate import write_certificate

        read = load(scenario, set_, without).scenario
        world_seed = read.society.seed if seed is None else seed
        _, paper = write_certificate(output, matrix.certificate(scenario, world_seed, found, read.notice))
        click.echo(f"certificate: {clean(paper, 200)}", err=True)
    return 0 if all(one.equal for one in found) else FAILED


def print_outcomes(found: list) -> None:
    """Print a line for each combination, and the verdict."""
    width = max(len(one.combination) for one in found)
    for one in found:
        mark = click.style("equal" if one.equal else "DIFFERS", fg="green" if one.equal else "red")
        people = f"{one.citizens:>7,} citizens {one.days:>4} days"
        click.echo(f"{one.combination.ljust(width)}  {people}  {one.digest[:SHORT]}  {mark}")
    wrong = sum(not one.equal for one in found)
    verdict = (
        f"{wrong} of {len(found)} combinations differ" if wrong else f"all {len(found)} combinations agree"
    )
    click.echo(click.style(verdict, bold=True))


@click.command("bench")
@click.argument("scenario", required=False)
@size
@threads_option
@json_option
def bench_command(
    scenario: str | None,
    *,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Measure citizen-days per second of one scenario, or of every preset, beside a NumPy yardstick."""
    from glasshouse import bench
    from glasshouse.scenario.load import presets

    n, horizon = citizens or bench.CITIZENS, days or bench.DAYS
    given = threads or min(2, threads_allowed())
    scenarios = [load(name) for name in ([scenario] if scenario else [one.id for one in presets()])]
    rule = bench.yardstick(n)
    found = [rule]
    if not as_json:
        print_measured(rule, head=True)
    for loaded in scenarios:
        with DayProgress(n, clean(loaded.name, 30), terminal=True, shown=sys.stderr.isatty()) as bar:
            one = bench.measure(
                loaded,
                citizens=n,
                days=horizon,
                threads=given,
                seed=seed,
                against=rule.citizen_days_per_s,
                progress=bar,
            )
        found.append(one)
        if not as_json:
            print_measured(one)
    if as_json:
        click.echo(as_json_text([one.as_dict() for one in found]))


def print_measured(one: object, *, head: bool = False) -> None:
    """Print one line of the benchmark."""
    from glasshouse.bench import Measured

    assert isinstance(one, Measured)
    if head:
        click.echo(
            f"{'':18}{'citizens':>13} {'days':>5} {'threads':>8} {'citizen-days/s':>15} {'bytes each':>11} {'ratio':>7}"
        )
    ratio = f"{one.ratio:.1f}" if one.ratio else ""
    speed = spelled_rate(one.citizen_days_per_s)
    click.echo(
        f"{clean(one.name, 17):18}{one.citizens:>13,} {one.days:>5} {one.threads:>8} {speed:>15}"
        f" {one.state_bytes_per_citizen:>11.1f} {ratio:>7}"
    )


COMMANDS = (verify_command, bench_command)
