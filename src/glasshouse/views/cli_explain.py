"""The command that writes the guided tour as a folder for newsrooms and classrooms: explain."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from glasshouse.errors import clean
from glasshouse.views.cli_options import quiet_option, replace_option

__all__ = ["COMMANDS"]


@click.command("explain")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="New folder for the pages.",
)
@replace_option
@quiet_option
def explain_command(output: Path, *, replace: bool, quiet: bool) -> None:
    """Write a guided tour of eight guesses that works from a file or any web host, with a lesson for teachers.

    English and Simplified Chinese; no network, no server, nothing to install where it is shown.
    """
    from glasshouse.views.explain import write_explainer

    names = write_explainer(output, replace=replace)
    if not quiet:
        click.echo(f"the tour: {clean(output / names[-1], 200)}")
        click.echo(f"for teachers: {clean(output / 'lesson.html', 200)}")


COMMANDS = (explain_command,)
