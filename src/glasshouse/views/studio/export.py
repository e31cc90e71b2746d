"""What can be taken home of a job: the report, the daily counts, the scheme, and the command that lives it again."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

from glasshouse.views.studio.answers import Refused
from glasshouse.views.studio.order import TWIN_NAME
from glasshouse.views.studio.wish import NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from glasshouse.views.studio.job import Job

__all__ = ["EXPORTS", "exported"]

_ONE_AT_A_TIME = threading.Lock()  # a report is a file of the job's folder
NOT_OVER = "this can be taken home when the last day is lived"


def report(job: Job, _world: int) -> bytes:
    """Return the report of the world, or of both side by side; it opens offline and runs nothing."""
    from glasshouse.views.cli_report import write_page

    place = job.folder / "report"
    page = place / "report.html"
    with _ONE_AT_A_TIME:
        if not page.is_file():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            write_page(job.folder if len(job.counted) == 2 else job.counted[0].folder, page, ())
        return page.read_bytes()


def daily(job: Job, world: int) -> bytes:
    """Return every daily count of a world, by province and group, as CSV."""
    from glasshouse.views.cli_export import chosen, write

    folder = job.counted[world].folder
    path: Path = folder.with_name(f"{folder.name}.csv")
    with _ONE_AT_A_TIME:
        if not path.is_file():
            write(chosen(folder, (), (), (), None, None), path, "csv")
        return path.read_bytes()


def scenario(job: Job, world: int) -> bytes:
    """Return the scheme of a world as a text that loads by itself."""
    return job.order.texts[world].encode("utf-8", "replace")


def command(job: Job, _world: int) -> bytes:
    """Return the commands that live the same again, one for each world."""
    lines = job.order.commands
    named = any(file in line for line in lines for file in (NAME, TWIN_NAME))
    note = (
        f"# Save the scheme as {NAME} (the other world's as {TWIN_NAME}) beside you first.\n" if named else ""
    )
    return (note + "\n".join(lines) + "\n").encode()


# Name -> how it is made, its type, whether the job must be over.
EXPORTS: dict[str, tuple[Callable[[Job, int], bytes], str, bool]] = {
    "report.html": (report, "text/html; charset=utf-8", True),
    "daily.csv": (daily, "text/csv; charset=utf-8", True),
    "scenario.toml": (scenario, "application/toml; charset=utf-8", False),
    "command.txt": (command, "text/plain; charset=utf-8", False),
}


def exported(job: Job, what: str, world: int) -> tuple[bytes, str]:
    """Return the bytes of an export and their type.

    Raises:
        Refused: there is no such export or world, or the job is not over.
    """
    if what not in EXPORTS:
        raise Refused(404, "there is no such export", help=f"there are {', '.join(EXPORTS)}")
    if not 0 <= world < len(job.counted):
        raise Refused(404, "there is no such world")
    make, kind, at_end = EXPORTS[what]
    if at_end and not job.done:
        raise Refused(409, NOT_OVER)
    return make(job, world), kind
