"""How the command line ends: every error becomes one short text on stderr and one exit code."""

from __future__ import annotations

import difflib
import os
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import click

from glasshouse import __version__
from glasshouse.errors import GlasshouseError, Interrupted, clean

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Sequence
    from types import FrameType

__all__ = ["Stopped", "close_match", "guarded", "report_error"]

USAGE, IO, SIGINT_CODE = 2, 5, 130


class Stopped(KeyboardInterrupt):
    """The system asked this process to end; `code` is the exit code, 128 + the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


def guarded(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; return its exit code and say on stderr what went wrong, if anything did."""
    stopped: list[int] = []
    with _Signals(stopped):
        try:
            _prepare_streams()
            code = command.main(args=arguments, prog_name="glasshouse", standalone_mode=False)
            sys.stdout.flush()
            return code if isinstance(code, int) else 0
        except BrokenPipeError:
            return _closed_pipe()
        except BaseException as error:  # noqa: BLE001 - the last line of defence
            return _told(error, stopped)


def _told(error: BaseException, stopped: list[int]) -> int:
    """Say what went wrong and return the exit code; exits of the interpreter pass through."""
    try:
        if isinstance(error, SystemExit):
            if isinstance(error.__context__, BrokenPipeError):  # click met it first
                return _closed_pipe()
            return error.code if isinstance(error.code, int) else 1
        return report_error(error, stopped)
    except BrokenPipeError:
        return _closed_pipe()


def report_error(error: BaseException, stopped: Sequence[int] = ()) -> int:
    """Print one error on stderr and return its exit code; `stopped` holds the signals that came."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt | click.Abort | Interrupted):
        return _interrupted(error, stopped)
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, GlasshouseError) and type(error) is not GlasshouseError:
        return _family(error)
    if isinstance(error, MemoryError):
        _say("memory ran out", "try fewer citizens (--citizens)")
        return IO
    if isinstance(error, OSError):
        _say(f"{_file_of(error)}{(error.strerror or type(error).__name__).lower()}")
        return IO
    return _bug(error)


def close_match(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that `word` most resembles, or None."""
    found = difflib.get_close_matches(word[:80], list(choices), n=1, cutoff=0.5)
    return found[0] if found else None


def _family(error: GlasshouseError) -> int:
    """Print an error of ours; a scenario's findings come already rendered."""
    rendered = hasattr(error, "diagnostics") and error.diagnostics
    if rendered:
        click.echo(error.message, err=True)
        if error.help:
            _line("help", error.help, "cyan")
    else:
        _say(error.message, error.help)
    return error.exit_code


def _usage(error: click.UsageError) -> int:
    """Print what is wrong with the command line, and what may be meant."""
    text, _, help = error.format_message().partition("\nhelp: ")
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        text = f"no such option: {clean(error.option_name)}"
        known = [name for one in error.ctx.command.get_params(error.ctx) for name in one.opts]
        near = close_match(error.option_name, [name for name in known if name.startswith("--")])
        help = f"did you mean {near}?" if near else ""
    path = error.ctx.command_path if error.ctx is not None else "glasshouse"
    text = text[:1].lower() + text[1:].rstrip(".")
    _say(text, help or f"`{path} --help` lists what is allowed")
    return USAGE


def _interrupted(error: BaseException, stopped: Sequence[int]) -> int:
    """Say that the user or the system stopped the run."""
    code = 128 + stopped[-1] if stopped else getattr(error, "code", SIGINT_CODE)
    kept = error.message if isinstance(error, Interrupted) else "interrupted"
    click.echo(f"glasshouse: {kept}", err=True)
    return code if isinstance(code, int) else SIGINT_CODE


def _bug(error: BaseException) -> int:
    """Keep the traceback in a file of the temp folder and ask for a report."""
    where = "no log could be written"
    with suppress(OSError):
        number, path = tempfile.mkstemp(prefix="glasshouse-bug-", suffix=".log")
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"glasshouse {__version__}, Python {sys.version}\n{' '.join(map(ascii, sys.argv))}\n\n")
            log.write("".join(traceback.format_exception(error)))
        where = path
    _say(
        f"a bug in Glasshouse ({type(error).__name__}), not in your input",
        f"please report it with version {__version__} or the commit, the scenario, the seed, and the log {where}",
    )
    return 1


def _say(message: str, help: str | None = None) -> None:
    """Print an error and what can be done about it."""
    _line("error", message, "red")
    if help:
        _line("help", help, "cyan")


def _line(word: str, text: str, colour: str) -> None:
    """Print one line on stderr, its first word in colour where the terminal shows colours."""
    click.echo(f"{click.style(f'{word}:', fg=colour, bold=True)} {text}", err=True)


def _file_of(error: OSError) -> str:
    """Return `name: ` of the file an error is about."""
    return f"{clean(error.filename, 200)}: " if isinstance(error.filename, str) else ""


def _closed_pipe() -> int:
    """Send what is left of stdout nowhere: its reader has seen enough."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _prepare_streams() -> None:
    """Let no character that the terminal cannot show end a run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            cast("io.TextIOWrapper", stream).reconfigure(errors="backslashreplace")


class _Signals:
    """Turns SIGTERM and SIGHUP into `Stopped` while a command runs, in the main thread only."""

    def __init__(self, stopped: list[int]) -> None:
        self._stopped = stopped
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            with suppress(ValueError):  # another thread
                if number is not None:
                    self._before[number] = signal.signal(number, self._stop)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._stopped.append(number)
        raise Stopped(number)
