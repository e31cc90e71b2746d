"""What lies in a folder beside its worlds (a comparison, an attribution, harms, sensitivity, a calibration), as parts.

A folder holds at most one of each, in itself or in a folder of that name within it: `glasshouse harm DIR -o DIR/harm`
and `glasshouse attribute SCENARIO -o DIR/attribution` put theirs beside what was compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.compare.folder import EFFECTS, read_effects
from glasshouse.errors import clean
from glasshouse.views.report.assumptions import assumptions_part
from glasshouse.views.report.attribution import attribution_part
from glasshouse.views.report.calibration import calibration_part
from glasshouse.views.report.commands import attribute_command, recorded_command, then_report
from glasshouse.views.report.effects import effects_part
from glasshouse.views.report.harms import harm_part
from glasshouse.views.report.parts import Part, read_as
from glasshouse.views.worlds import read_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Tree = Mapping[str, Any]

__all__ = ["attribution_in", "calibration_in", "comparison_in", "harm_in", "sensitivity_in", "study_file"]

ATTRIBUTION, HARM, ASSESSMENT = "attribution.json", "harm.json", "assessment.json"
SENSITIVITY, CALIBRATION = "sensitivity.json", "calibration.json"


def study_file(folder: Path, name: str) -> Path | None:
    """Return where a study lies, in a folder or in the folder of its name within; None without one."""
    places = (folder / name, folder / name.removesuffix(".json") / name)
    return next((path for path in places if path.is_file()), None)


def attribution_in(folder: Path) -> Part | None:
    """Return the part about the attribution in a folder, if there is one.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    path = study_file(folder, ATTRIBUTION)
    if path is None:
        return None
    tree = read_tree(path)
    with read_as(path):
        return attribution_part(tree, command=then_report(attribute_command(tree)))


def harm_in(folder: Path) -> Part | None:
    """Return the part about harms in a folder, if there is one.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    path = study_file(folder, HARM)
    if path is None:
        return None
    tree = read_tree(path)
    sheet = sheet_in(folder)
    with read_as(path):
        whole = tree if sheet is None else {**tree, "assess": sheet}
        return harm_part(whole, command=then_report(recorded_command(tree)))


def sensitivity_in(folder: Path) -> Part | None:
    """Return the part about sensitivity in a folder, if there is one.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    return recorded(study_file(folder, SENSITIVITY), assumptions_part)


def calibration_in(folder: Path) -> Part | None:
    """Return the part about a calibration in a folder, if there is one.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    return recorded(study_file(folder, CALIBRATION), calibration_part)


def recorded(path: Path | None, part: Callable[..., Part]) -> Part | None:
    """Return the part of a study that keeps its command line, or None without one.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    if path is None:
        return None
    tree = read_tree(path)
    with read_as(path):
        return part(tree, command=then_report(recorded_command(tree)))


def sheet_in(folder: Path) -> Tree | None:
    """Return the impact sheet in a folder, if there is one; it stands below the harms.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    path = study_file(folder, ASSESSMENT)
    if path is None:
        return None
    tree = read_tree(path)
    with read_as(path):
        why = {row["label"]: row["not_measured"] for row in tree["rows"] if row["not_measured"]}
        return {
            "is": tree["is"],
            "rows": [{**row, "name": row["label"]} for row in tree["rows"] if not row["not_measured"]],
            "missing": [f"{label}: {reason}" for label, reason in why.items()],
        }


def comparison_in(folder: Path, tree: Tree | None, manifests: Sequence[Tree]) -> Part | None:
    """Return the part about a comparison; `manifests` are those of its two worlds.

    Raises:
        InputOutputError: it is damaged or of another version.
    """
    if tree is None or len(manifests) < 2:
        return None
    notices = dict.fromkeys(clean(one["scenario"].get("notice") or "", 400) for one in manifests)
    with read_as(folder / "comparison.json"):
        return effects_part(
            tree,
            read_effects(folder / EFFECTS[0]),
            command=then_report(recorded_command(manifests[0])),
            notice=" ".join(filter(None, notices)),
        )
