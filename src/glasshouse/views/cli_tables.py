"""Tables in the terminal whose numbers and names are never cut: what does not fit goes on in the next line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["new_table"]


def new_table(*columns: str, words: int = 0) -> Table:
    """Return a table with a first column of words and columns of numbers; so does the column `words`, if not 0."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for k, name in enumerate(columns):
        left = k in (0, words)
        table.add_column(
            name,
            justify="left" if left else "right",
            header_style="bold" if k else "dim",
            overflow="fold",
            no_wrap=k > 0,
        )
    return table
