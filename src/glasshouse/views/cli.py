"""The command line: `glasshouse COMMAND`. Commands live in `cli_*.py`; exit codes in `cli_errors`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import rich_click as click

from glasshouse import __version__
from glasshouse.views import (
    cli_assess,
    cli_attribute,
    cli_calibrate,
    cli_checks,
    cli_compare,
    cli_explain,
    cli_harm,
    cli_life,
    cli_replicate,
    cli_report,
    cli_run,
    cli_scenario,
    cli_sensitivity,
    cli_studio,
)
from glasshouse.views.cli_errors import close_match, guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cli", "main"]

click.rich_click.MAX_WIDTH = 100
click.rich_click.STYLE_COMMANDS_PANEL_BORDER = "dim"
click.rich_click.STYLE_OPTIONS_PANEL_BORDER = "dim"
click.rich_click.COMMAND_GROUPS = {
    "*": [
        {"name": "Scenarios", "commands": ["presets", "new", "check", "show", "schema"]},
        {"name": "Runs", "commands": ["run", "report", "export"]},
        {"name": "Questions", "commands": ["compare", "life", "attribute", "harm", "assess"]},
        {"name": "Pages", "commands": ["studio", "explain"]},
        {"name": "Trust", "commands": ["calibrate", "sensitivity", "verify", "replicate", "bench"]},
    ]
}


class Commands(click.RichGroup):
    """A group that proposes the nearest command for a mistyped one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant.

        Raises:
            UsageError: there is no such command.
        """
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            near = close_match(name, self.commands)
            help = f"did you mean `{near}`?" if near else "`glasshouse --help` lists the commands"
            raise click.UsageError(f"no such command: {name}\nhelp: {help}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="glasshouse %(version)s")
def cli() -> None:
    """Simulate life under a social credit system, with synthetic citizens only."""


for _module in (
    cli_scenario,
    cli_run,
    cli_report,
    cli_compare,
    cli_attribute,
    cli_harm,
    cli_assess,
    cli_life,
    cli_calibrate,
    cli_sensitivity,
    cli_checks,
    cli_replicate,
    cli_studio,
    cli_explain,
):
    for _command in _module.COMMANDS:
        cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(guarded(cli, arguments))
