"""The command that makes a page of what a folder holds: report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError, clean
from glasshouse.views.cli_options import quiet_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["COMMANDS", "formats_of", "write_page"]


@click.command("report")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="HTML file; DIR/report.html by default.",
)
@click.option(
    "--figures",
    "formats",
    metavar="FORMAT[,FORMAT]",
    help="Files of each figure: csv, parquet, svg, png, pdf, vl.json, or none; all by default.",
)
@quiet_option
def report_command(folder: Path, *, output: Path | None, formats: str | None, quiet: bool) -> None:
    """Make an HTML report that opens offline: of a run, a comparison, or a study of them.

    A study in DIR/attribution, DIR/harm, DIR/sensitivity or DIR/calibration becomes part of the report of DIR.
    """
    page = write_page(folder, output or folder / "report.html", formats_of(formats))
    if not quiet:
        click.echo(f"report: {clean(page, 200)}")


def formats_of(wished: str | None) -> tuple[str, ...]:
    """Return the formats that `--figures` asks for.

    Raises:
        UsageError: there is no such format.
    """
    from glasshouse.views.cli_errors import close_match
    from glasshouse.views.figures import SUFFIXES

    if wished is None:
        return SUFFIXES
    names = [name.strip().lower() for name in wished.split(",")]
    if names == ["none"]:
        return ()
    for name in names:
        if name not in SUFFIXES:
            near = close_match(name, SUFFIXES)
            help = f"did you mean {near}?" if near else None
            raise UsageError(
                f"--figures {clean(name)}: expected some of {', '.join(SUFFIXES)}, or none", help=help
            )
    return tuple(suffix for suffix in SUFFIXES if suffix in names)


def write_page(folder: Path, page: Path, formats: Sequence[str] | None = None) -> Path:
    """Write the report of what a folder holds, in itself or in a study's folder within it; return its path.

    Raises:
        InputOutputError: it holds nothing to report, or something damaged.
    """
    from glasshouse.records.reader import open_run
    from glasshouse.views.figures import SUFFIXES
    from glasshouse.views.report import of_run, write_report
    from glasshouse.views.report.commands import recorded_command, then_report
    from glasshouse.views.report.studies import (
        attribution_in,
        calibration_in,
        comparison_in,
        harm_in,
        sensitivity_in,
    )
    from glasshouse.views.worlds import comparison_of, world_folders, worlds_in

    parts = (found_in(folder) for found_in in (attribution_in, harm_in, sensitivity_in, calibration_in))
    studies = [one for one in parts if one is not None]
    worlds = worlds_in(folder) if studies else world_folders(folder)
    comparison = comparison_of(folder) if len(worlds) == 2 else None
    views = [of_run(open_run(one), label=name) for one, name in zip(worlds, labels(comparison), strict=False)]
    manifests = [view.manifest for view in views]
    chance = comparison if comparison and comparison.get("replicates", 1) > 1 else None  # one seed shows none
    return write_report(
        page,
        views,
        comparison=chance,
        compared=comparison_in(folder, comparison, manifests),
        studies=studies,
        command=then_report(recorded_command(manifests[0])) if manifests else "",
        formats=SUFFIXES if formats is None else formats,
    )


def labels(comparison: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return what the two worlds of a comparison are called, where that tells them apart; else nothing."""
    names = [str((comparison or {}).get(key) or "") for key in ("base", "variant")]
    short = [clean(name, 40) for name in names]
    return (names[0], names[1]) if len(set(short)) == 2 and all(short) else ("", "")


COMMANDS = (report_command,)
