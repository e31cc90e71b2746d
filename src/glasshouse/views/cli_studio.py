"""The command that opens the local web page: studio."""

from __future__ import annotations

from contextlib import suppress

import rich_click as click

from glasshouse.errors import RefusedError

__all__ = ["COMMANDS"]

PORT = 8765


@click.command("studio")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="N",
    help="Port; 0 chooses a free one.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address, do not open it.")
@click.option(
    "--i-understand", is_flag=True, help="Listen at an address that others can reach, all the same."
)
def studio_command(*, host: str, port: int, no_browser: bool, i_understand: bool) -> None:
    """Open a local page: see a society change, meet one citizen, live a year yourself.

    The address has a token that is new with each launch. Nothing leaves this machine. Ctrl-C ends it.
    """
    refuse_without_packages()
    from glasshouse.views.studio.serving import refuse_open, serve

    refuse_open(host, understood=i_understand)
    with suppress(KeyboardInterrupt):  # the way it is meant to end
        serve(host, port, browser=not no_browser, say=tell)
    click.echo("the studio is closed", err=True)


def tell(address: str) -> None:
    """Print the address and how to end the studio."""
    click.echo(f"studio: {address}")
    click.echo("Ctrl-C ends it; worlds that are not taken home go with it", err=True)


def refuse_without_packages() -> None:
    """Raise RefusedError unless the packages of the studio are installed."""
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn", "websockets") if find_spec(name) is None]
    if missing:
        raise RefusedError(
            f"the studio needs {', '.join(missing)}",
            help='pip install "glasshouse[studio]", or `make studio`',
        )


COMMANDS = (studio_command,)
