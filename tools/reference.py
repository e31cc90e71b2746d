"""Write the pages of `docs/` that are made from the program: options, scenario, measures, diagnostics.

    python tools/reference.py          write them
    python tools/reference.py --check  say which are not current, and end with 1

The first command is `make reference`. `tests/test_docs.py` holds the pages in the repository to what the program says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCS = Path(__file__).resolve().parents[1] / "docs"
MADE = "<!-- Made by tools/reference.py (`make reference`). Change the program, not this page. -->"


# ---------------------------------------------------------------- scenario


def scenario() -> str:
    """Return every table of the scenario language with its fields, units, bounds and meaning."""
    from glasshouse.scenario.json_schema import scenario_json_schema

    schema = scenario_json_schema()
    lines = [
        "# The scenario language",
        MADE,
        "",
        "A scenario is a TOML file of at most 256 KiB. Unknown keys are refused. Where a number may stand, a table",
        "may stand that also says what the number rests on:",
        '`{ value = 0.02, grade = "assumed", range = [0.01, 0.05] }`. A rate may be written',
        '`{ value = 3, per = "month" }`, a share `{ percent = 2 }`. `<id>` is a name of your own: `a-z`, `0-9`, `_`',
        "and `-`, at most 64 characters. The same as JSON Schema, for editors: `glasshouse schema`.",
        "",
    ]
    lines += _section("The file itself", {"properties": _plain_fields(schema)}, schema)
    for path, table in _tables("", schema, schema):
        lines += _section(f"`[{path}]`", table, schema)
    lines += ["## A number with its evidence", ""]
    lines += _rows(schema["$defs"]["NumberEvidencePerDay"]["properties"], schema)
    return "\n".join(lines).rstrip() + "\n"


def _target(field: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return the table that a field refers to, or None; evidence tables do not count."""
    name = field.get("$ref", "").rpartition("/")[2]
    return None if not name or "Evidence" in name else schema["$defs"][name]


def _entry(field: dict[str, Any]) -> dict[str, Any]:
    """Return what each entry of a table with free names is; empty for another field."""
    entries = [*field.get("patternProperties", {}).values(), field.get("additionalProperties")]
    return next((one for one in entries if isinstance(one, dict)), {})


def _plain_fields(table: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a table that are no tables of their own."""
    return {
        name: field
        for name, field in table["properties"].items()
        if not field.get("$ref") and not _entry(field).get("$ref") and not field.get("items", {}).get("$ref")
    }


def _tables(path: str, table: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield heading and schema of each table below one, in the order of the models."""
    for name, field in table["properties"].items():
        here = f"{path}.{name}" if path else name
        for heading, inner in (
            (here, field),
            (f"{here}.<id>", _entry(field)),
            (f"[{here}]", field.get("items", {})),
        ):
            found = _target(inner, schema)
            if found is not None:
                yield heading, found
                yield from _tables(heading.strip("[]"), found, schema)


def _section(heading: str, table: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return one table of the language as a section."""
    lines = [f"## {heading}", ""]
    if table.get("description"):
        lines += [" ".join(table["description"].split()), ""]
    return lines + _rows(_plain_fields(table), schema)


def _rows(fields: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return fields as the rows of a table; nothing when there are none."""
    if not fields:
        return []
    rows = ["| key | takes | unit | default | meaning |", "|---|---|---|---|---|"]
    for name, field in fields.items():
        default = f"`{json.dumps(field['default'], ensure_ascii=False)}`" if "default" in field else ""
        meaning = " ".join(field.get("description", "").split())
        rows.append(f"| `{name}` | {_takes(field, schema)} | {_unit(name, field)} | {default} | {meaning} |")
    return [*rows, ""]


def _takes(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return in words what may stand there."""
    branches = [one for one in field.get("anyOf", ()) if "Evidence" not in one.get("$ref", "")]
    if branches:
        return " or ".join(_takes(one, schema) for one in branches)
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(one)}`" for one in field["enum"])
    if _entry(field):
        return f"table, each {_takes(_entry(field), schema)}"
    if field.get("type") == "array":
        return f"{_between(field, 'minItems', 'maxItems')} of {_takes(field.get('items', {}), schema)}"
    words = {"integer": "whole number", "number": "number", "string": "text", "boolean": "`true` or `false`"}
    if field.get("format") == "date":
        return "date"
    kind = words.get(field.get("type", ""), "table")
    low, high = field.get("minimum"), field.get("maximum")
    more, less = field.get("exclusiveMinimum"), field.get("exclusiveMaximum")
    bounds = [
        f"from {low:,}" if low is not None else f"above {more:,}" if more is not None else "",
        f"to {high:,}" if high is not None else f"below {less:,}" if less is not None else "",
    ]
    if field.get("maxLength"):
        bounds.append(f"at most {field['maxLength']:,} characters")
    return " ".join([kind, *(one for one in bounds if one)])


def _between(field: dict[str, Any], low: str, high: str) -> str:
    """Return how many items a list may have, in words."""
    least, most = field.get(low, 0), field.get(high)
    return f"list of {least}" if least == most else f"list of {least} to {most}"


def _unit(name: str, field: dict[str, Any]) -> str:
    """Return the unit that a number's name carries; nothing for what is no number."""
    from glasshouse.scenario.units import unit_of

    text = json.dumps(field)
    return unit_of(name) if '"number"' in text or '"integer"' in text else ""


# ---------------------------------------------------------------- measures, diagnostics, options


def measures() -> str:
    """Return every flow, stock and total with its unit, formula, denominator and phase."""
    from glasshouse.records import measures as known

    lines = [
        "# Measures",
        MADE,
        "",
        "Flows are added up over the people of a province and group during a day, stocks are counted at its end.",
        "`<id>` is the key of a behaviour, list, way of travel or grade, or an origin (`own`, `false`, `association`,",
        "`representation`, `identity`). Divide a measure by its denominator, and say which it was. All are counts",
        "in this synthetic society.",
        "",
        known.markdown(),
        "## Totals",
        "",
        "What `run --json` has under `totals` and `compare --json` under `effects`. The keys and their order are",
        "stable; what a scheme does not have is 0.",
        "",
        "| total | unit | formula | denominator |",
        "|---|---|---|---|",
    ]
    for key in known.TOTALS:
        one = known.describe_total(key)
        lines.append(f"| `{key}` | {one.unit} | {one.formula} | {one.denominator} |")
    return "\n".join(lines) + "\n"


def diagnostics() -> str:
    """Return every code of a finding with what it means."""
    from glasshouse.scenario.explain import CODES

    groups = {
        "0": "Text and syntax",
        "1": "Values",
        "2": "Meaning",
        "3": "Warnings: `check` shows them, `check --strict` counts them as errors",
        "4": "Evidence",
        "5": "Guards: Glasshouse has no way in for this (exit code 4)",
    }
    lines = [
        "# Diagnostics",
        MADE,
        "",
        "A finding is one line, `file:line:column: error[GH103] field: what is wrong`, with the marked text and",
        "`help:` under it. All findings are shown at once, at most 20. A code is given once and never used again. An",
        "error ends with exit code 3, a guard with 4.",
    ]
    for digit, words in groups.items():
        lines += ["", f"## {words}", "", "| code | meaning |", "|---|---|"]
        lines += [f"| `{code}` | {meaning} |" for code, meaning in CODES.items() if code[2] == digit]
    return "\n".join(lines) + "\n"


def options() -> str:
    """Return every command with its arguments and options."""
    import click

    from glasshouse.views.cli import cli

    lines = [
        "# Commands and options",
        MADE,
        "",
        "What [the command line](cli.md) explains, in full. `--help` is on every command; `glasshouse --version`",
        "tells the version.",
    ]
    context = click.Context(cli, info_name="glasshouse")
    for name, command in sorted(cli.commands.items()):
        usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name, parent=context)))
        about = " ".join((command.help or "").split("\n\n")[0].split())
        lines += ["", f"## `{name}`", "", about, "", f"`glasshouse {name} {usage}`"]
        given = [one for one in command.params if isinstance(one, click.Option)]
        if given:
            lines += ["", "| option | meaning |", "|---|---|"]
        for one in given:
            flags = ", ".join(f"`{flag}`" for flag in (*one.opts, *one.secondary_opts))
            words = " ".join((one.help or "").split()).replace("|", "\\|")
            lines.append(f"| {flags} | {words} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "options.md": options,
    "scenario.md": scenario,
    "measures.md": measures,
    "diagnostics.md": diagnostics,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check only compare them; return the exit code."""
    stale = []
    for name, make in PAGES.items():
        text, path = make(), DOCS / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    print("glasshouse:", f"not current: {', '.join(stale)}" if stale else "pages are current")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
