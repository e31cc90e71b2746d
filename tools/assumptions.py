"""Find the most influential assumptions of every preset, and show them in `docs/presets.md`.

    python tools/assumptions.py --live     live the worlds and write docs/results/assumptions.json; some minutes
    python tools/assumptions.py            write the tables of docs/presets.md from that file
    python tools/assumptions.py --check    say whether the tables are current, and end with 1 if not

The first command is `make sensitivity`. `tests/test_docs.py` holds the tables to the file.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE, RESULTS = ROOT / "docs" / "presets.md", ROOT / "docs" / "results" / "assumptions.json"
WALKS, CITIZENS, TOP, NAMED = 6, 5_000, 5, 2
BEGIN, END = "<!-- assumptions of {}: made by tools/assumptions.py -->", "<!-- end of assumptions -->"
NOTHING = "No assumed number of this preset has a range that a headline figure hangs on."


def live() -> dict[str, Any]:
    """Return the ranking of every preset, from worlds lived now."""
    from glasshouse.errors import UsageError
    from glasshouse.records.manifest import MODEL_VERSION
    from glasshouse.scenario.load import presets
    from glasshouse.sensitivity import question, sensitivity

    found: dict[str, Any] = {}
    for one in presets():
        print("glasshouse: living", one.id, flush=True)
        try:
            asked = question(one.id, walks=WALKS, citizens=CITIZENS)
        except UsageError:
            found[one.id] = None
            continue
        tree = sensitivity(asked).as_dict()
        kept = ("citizens", "days", "seed", "worlds")
        screening = tree["screening"]
        found[one.id] = {
            **{key: tree[key] for key in kept},
            "walks": screening["walks"],
            "moved": len(screening["ranking"]),
            "held": len(tree["held"]),
            "words": {key: each["words"] for key, each in screening["measures"].items()},
            "ranking": [rank for rank in screening["ranking"] if rank["share"]][:TOP],
        }
    return {"model_version": MODEL_VERSION, "presets": found}


def section(results: dict[str, Any], preset: str) -> str:
    """Return the table of one preset, with the markers around it."""
    one = results["presets"].get(preset)
    lines = [BEGIN.format(preset), ""]
    if not one or not one["ranking"]:
        lines.append(NOTHING)
    else:
        size = f"{one['walks']} walks, {one['citizens']:,} citizens, {one['days']} days, in this synthetic society"
        lines += [
            f"**Five most influential assumptions** of {one['moved']} that were moved ({size}; [how](sensitivity.md)):",
            "",
            "| assumption | stands at | range | share of all movement | moves most |",
            "|---|---|---|---|---|",
        ]
        lines += [row(rank, one["words"]) for rank in one["ranking"]]
    return "\n".join([*lines, "", END])


def row(rank: dict[str, Any], words: dict[str, str]) -> str:
    """Return one assumption as a row."""
    mostly = ", ".join(words[each["measure"]] for each in rank["mostly"][:NAMED])
    return (
        f"| `{rank['path']}` | {rank['value']:.4g} | {rank['low']:.4g} to {rank['high']:.4g} "
        f"| {100 * rank['share']:.0f} % ({100 * rank['share_low']:.0f} to {100 * rank['share_high']:.0f}) | {mostly} |"
    )


def page(text: str, results: dict[str, Any]) -> str:
    """Return the page with the table of every preset at the end of its section."""
    for preset in results["presets"]:
        made = section(results, preset)
        begin = re.escape(BEGIN.format(preset))
        if re.search(begin, text):
            text = re.sub(rf"{begin}.*?{re.escape(END)}", lambda _, made=made: made, text, flags=re.DOTALL)
            continue
        head, mark, rest = text.partition(f"\n## {preset}\n")
        if not mark:
            raise ValueError(f"docs/presets.md has no section about {preset}")
        body, following, after = rest.partition("\n## ")
        text = f"{head}{mark}{body.rstrip()}\n\n{made}\n{following}{after}"
    return text


def main(arguments: list[str]) -> int:
    """Live, write or check; return the exit code."""
    if "--live" in arguments:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(live(), indent=1) + "\n", encoding="utf-8")
    there = PAGE.read_text(encoding="utf-8")
    wanted = page(there, json.loads(RESULTS.read_text(encoding="utf-8")))
    if "--check" in arguments:
        print("glasshouse:", "tables are current" if wanted == there else "docs/presets.md is not current")
        return int(wanted != there)
    PAGE.write_text(wanted, encoding="utf-8")
    print("glasshouse: wrote the tables of docs/presets.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
