"""Commands about scenarios: presets, new, check, show, schema. Nothing here simulates."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import GlasshouseError, InputOutputError, clean
from glasshouse.views.cli_options import as_json_text, changes, json_option, load, size

if TYPE_CHECKING:
    from glasshouse.errors import Diagnostic
    from glasshouse.scenario.load import Loaded

__all__ = ["COMMANDS"]

INVALID = 3
STARTER = "starter.toml"


@click.command("presets")
@json_option
def presets_command(*, as_json: bool) -> None:
    """List the scenarios that come with Glasshouse."""
    from glasshouse.scenario.load import presets

    found = presets()
    if as_json:
        listed = [{"id": p.id, "title": p.title, "summary": p.summary, "notice": p.notice} for p in found]
        click.echo(as_json_text(listed))
        return
    width = max((len(preset.id) for preset in found), default=0)
    for preset in found:
        words = f"{preset.title}. {preset.notice}" if preset.notice else preset.title
        click.echo(f"{click.style(preset.id.ljust(width), bold=True)}  {clean(words, 160)}")


@click.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def new_command(file: Path) -> None:
    """Write a commented scheme to start from."""
    from importlib.resources import files

    text = (files("glasshouse.scenario") / STARTER).read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError:
        help = "choose another name; nothing is ever overwritten"
        raise InputOutputError(f"{clean(file, 200)} exists already", help=help) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputOutputError(f"{clean(file, 200)} cannot be written: {reason}") from None
    click.echo(f"wrote {clean(file, 200)}; next: glasshouse check {clean(file, 200)}", err=True)


@click.command("check")
@click.argument("scenario")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@size
@changes
@json_option
def check_command(
    scenario: str,
    *,
    strict: bool,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    set_: dict[str, str],
    without: tuple[str, ...],
    as_json: bool,
) -> int:
    """Validate a scenario and look at its meaning; ends with 0, 3, or 5 when it cannot be read."""
    from glasshouse.scenario.explain import as_json as listed

    try:
        loaded = load(scenario, set_, without)
        loaded = replace(loaded, warnings=(*loaded.warnings, *_of_variants(scenario, loaded)))
    except GlasshouseError as error:
        found = getattr(error, "diagnostics", ())
        if as_json and found:
            click.echo(as_json_text(listed(found)))
            return error.exit_code
        raise
    warned = any(found.severity == "warning" for found in loaded.warnings)
    if as_json:
        click.echo(as_json_text(listed(loaded.warnings)))
        return INVALID if strict and warned else 0
    _print_findings(loaded)
    _print_size(loaded, citizens, days, seed)
    return INVALID if strict and warned else 0


def _of_variants(scenario: str, loaded: Loaded) -> list[Diagnostic]:
    """Return what is worth knowing of the scenario's variants beyond what is said of itself; each is checked whole.

    Raises:
        ScenarioError: a variant is not valid.
    """
    from glasshouse.scenario.load import load as load_scenario

    found = [
        one for name in loaded.scenario.variant for one in load_scenario(scenario, variant=name).warnings
    ]
    return [one for one in dict.fromkeys(found) if one not in loaded.warnings]


def _print_findings(loaded: Loaded) -> None:
    """Print warnings and notes on stderr, and a line that says what was found on stdout."""
    from glasshouse.scenario.explain import render

    if loaded.warnings:
        click.echo(render(loaded.warnings, loaded.texts) + "\n", err=True)
    counts = {kind: sum(found.severity == kind for found in loaded.warnings) for kind in ("warning", "note")}
    words = [f"{count} {kind}{'s' * (count > 1)}" for kind, count in counts.items() if count]
    click.echo(f"{clean(loaded.name)}: valid{', ' + ' and '.join(words) if words else ''}")


def _print_size(loaded: Loaded, citizens: int | None, days: int | None, seed: int | None) -> None:
    """Print how busy a day is and what a run would take."""
    from glasshouse.model.pack_slots import candidates_per_day, slots_of
    from glasshouse.model.plan import compile_plan
    from glasshouse.views.cli_limits import allowed_memory, estimate, refuse_if_too_large, spelled_bytes

    society = loaded.scenario.society
    n, horizon = citizens or society.citizens, days or society.days
    needed = estimate(loaded.scenario, citizens=n, days=horizon)
    refuse_if_too_large(loaded.scenario, needed, n)
    plan = compile_plan(loaded.scenario, citizens=n, days=horizon, seed=seed)
    click.echo(
        f"screened candidates: {candidates_per_day(slots_of(plan)):.3f} per citizen-day (a run is quick below 0.15)"
    )
    click.echo(
        f"{n:,} citizens, {horizon} days: {needed}; this machine allows {spelled_bytes(allowed_memory())}"
    )


@click.command("show")
@click.argument("scenario")
@changes
@json_option
def show_command(scenario: str, *, set_: dict[str, str], without: tuple[str, ...], as_json: bool) -> None:
    """Tell a scheme in words, with what each number rests on."""
    from rich.console import Console

    from glasshouse.views.show import as_tree, print_scheme

    loaded = load(scenario, set_, without)
    if as_json:
        click.echo(as_json_text(as_tree(loaded)))
        return
    print_scheme(loaded, console_for_stdout(Console))


def console_for_stdout(kind: Any) -> Any:
    """Return a console that writes to stdout and is at most 120 columns wide."""
    import shutil

    width = min(120, shutil.get_terminal_size((100, 24)).columns)
    return kind(width=width, highlight=False, no_color="NO_COLOR" in os.environ or None, file=sys.stdout)


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from glasshouse.scenario.json_schema import scenario_json_schema

    click.echo(json.dumps(scenario_json_schema(), indent=2, ensure_ascii=False))


COMMANDS = (presets_command, new_command, check_command, show_command, schema_command)
