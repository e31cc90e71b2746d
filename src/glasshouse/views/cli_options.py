"""Options that several commands share, and what they may hold."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Any]

    from glasshouse.scenario.load import Loaded

__all__ = [
    "as_json_text",
    "as_plain",
    "backend_option",
    "changes",
    "json_option",
    "load",
    "output_option",
    "quiet_option",
    "replace_option",
    "replicates_option",
    "size",
    "threads_allowed",
    "threads_option",
    "yes_option",
]

EXACT_IN_JSON = 2**53
MAX_REPLICATES = 10_000


def threads_allowed() -> int:
    """Return how many threads may be asked for: as many as this process has processors, or NUMBA_NUM_THREADS."""
    given = os.environ.get("NUMBA_NUM_THREADS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _threads(_ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    """Refuse a number of threads that this machine does not have."""
    most = threads_allowed()
    if value is not None and not 1 <= value <= most:
        raise click.UsageError(f"--threads {value}: this machine allows 1 to {most}")
    return value


def _citizens(_ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    """Refuse societies of nobody; too large ones are refused by the estimate."""
    if value is not None and value < 1:
        raise click.UsageError(f"--citizens {value}: at least 1 citizen lives in a society")
    return value


def _backend(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Refuse a device that is not there, before anything is said or asked."""
    if value == "cuda":
        from glasshouse.model import cuda

        cuda.require()
    return value


def _pairs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Return `--set key=value` as a mapping; values are read as TOML later."""
    out: dict[str, str] = {}
    for text in values:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.UsageError(
                f"--set {clean(text)}: expected KEY=VALUE, for example rule.games.points=-10"
            )
        out[key.strip()] = value.strip()
    return out


threads_option = click.option(
    "--threads", type=int, callback=_threads, metavar="N", help="Threads; they never change a result."
)
backend_option = click.option(
    "--backend",
    type=click.Choice(["cpu", "cuda"]),
    default="cpu",
    show_default=True,
    callback=_backend,
    help="Who lives the days: the processor, or a CUDA device (docs/gpu.md); no bit changes.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object or list on stdout, nothing else."
)
quiet_option = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
replace_option = click.option(
    "--replace", is_flag=True, help="Replace a run that Glasshouse wrote there earlier; other files stay."
)


yes_option = click.option("--yes", is_flag=True, help="Do not ask before long runs.")


def output_option(text: str) -> Callable[[Command], Command]:
    """Return the option -o, a folder."""
    return click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help=text)


def replicates_option(number: int, text: str = "Seeds.") -> Callable[[Command], Command]:
    """Return the option --replicates, `number` by default."""
    several = click.IntRange(1, MAX_REPLICATES)
    return click.option(
        "--replicates", type=several, default=number, show_default=True, metavar="N", help=text
    )


def size(command: Command) -> Command:
    """Add --citizens, --days and --seed."""
    for option in (
        click.option("--seed", type=click.IntRange(0, 2**64 - 1), metavar="N", help="World seed."),
        click.option("--days", type=click.IntRange(1, 3650), metavar="N", help="Days simulated."),
        click.option(
            "--citizens", type=int, callback=_citizens, metavar="N", help="Number of synthetic citizens."
        ),
    ):
        command = option(command)
    return command


def changes(command: Command) -> Command:
    """Add --set and --without."""
    for option in (
        click.option(
            "--without",
            multiple=True,
            metavar="ID",
            help="Switch off a rule, list, behaviour or platform, or police, owners, removal, identity; repeatable.",
        ),
        click.option(
            "--set",
            "set_",
            multiple=True,
            callback=_pairs,
            metavar="KEY=VALUE",
            help="Change one number; repeatable.",
        ),
    ):
        command = option(command)
    return command


def load(source: str, set_: dict[str, str] | None = None, without: tuple[str, ...] = ()) -> Loaded:
    """Return the checked scenario of a preset id or a path, with changes."""
    from glasshouse.scenario.load import load as load_scenario

    return load_scenario(source, set=set_ or {}, without=without)


def as_json_text(value: object) -> str:
    """Return a value as JSON: integers above 2^53 as strings, numbers that are none as null."""
    return json.dumps(as_plain(value), ensure_ascii=False, allow_nan=False, indent=2)


def as_plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, dict):
        return {str(key): as_plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(one) for one in value]
    if hasattr(value, "item") and not isinstance(value, str | bytes):
        value = value.item()  # a number of NumPy's
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT_IN_JSON else str(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - nan differs from itself
    return str(value)
