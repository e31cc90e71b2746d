"""Contradictions in a score: its ends, its start and its grades."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from glasshouse.scenario.explain import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.scenario import schema
    from glasshouse.scenario.load import Loaded
    from glasshouse.scenario.positions import Path

__all__ = ["grades", "score_ends", "start_classes"]


def _at(loaded: Loaded, words: str, path: Path) -> tuple[str, ...]:
    """Return a note that ends with a place."""
    return (loaded.where.note(words, path),)


def score_ends(loaded: Loaded) -> Iterator[Problem]:
    """The base lies between floor and ceiling, and so do start scores."""
    s = loaded.scenario
    if s.score is None:
        return
    low, base, high = s.score.floor_points, s.score.base_points, s.score.ceiling_points
    if low > high:
        notes = _at(loaded, f"the ceiling is {high}", ("score", "ceiling_points"))
        yield Problem(
            "GH209", ("score", "floor_points"), f"the floor, {low}, is above the ceiling, {high}", None, notes
        )
    elif not low <= base <= high:
        message = f"the base, {base}, lies outside floor and ceiling, {low} to {high}"
        yield Problem("GH112", ("score", "base_points"), message)
    for place, points in _start_scores(s.initial.score):
        if not low <= points <= high:
            message = f"start score {points} lies outside floor and ceiling, {low} to {high}"
            notes = _at(loaded, f"the floor is {low}", ("score", "floor_points"))
            yield Problem("GH112", ("initial", "score", *place), message, None, notes)


def _start_scores(start: schema.InitialScore | None) -> Iterator[tuple[Path, int]]:
    """Yield the place and the value of each lowest start score, and of each highest where a class is spread."""
    for index, points in enumerate(start.points if start else ()):
        yield ("points", index), points
    if start and start.spread_points and len(start.spread_points) == len(start.points):
        for index, (points, spread) in enumerate(zip(start.points, start.spread_points, strict=True)):
            if spread:
                yield ("spread_points", index), points + spread


def start_classes(loaded: Loaded) -> Iterator[Problem]:
    """Start classes are drawn by weight, or are those of a behaviour with as many classes."""
    s, path = loaded.scenario, ("initial", "score")
    start = s.initial.score
    if start is None:
        return
    if start.weights is None and start.class_of is None:
        help = "add weights = ..., or class_of = a behaviour"
        yield Problem("GH104", path, "start scores need `weights` or `class_of`", help, on_key=True)
    if start.class_of is None:
        return
    if start.weights is not None:
        message = "`weights` and `class_of` both given"
        notes = _at(loaded, "the weights", (*path, "weights"))
        yield Problem("GH112", (*path, "class_of"), message, "keep one of them", notes, on_key=True)
    behaviour = s.behaviour.get(start.class_of)
    if behaviour is not None:
        number = len(behaviour.classes.weights) if behaviour.classes else 16 if behaviour.activity_cv else 1
        if len(start.points) != number:
            message = f"holds {len(start.points)} items, but [behaviour.{start.class_of}] has {number}"
            message += " activity class" if number == 1 else " activity classes"
            yield Problem("GH112", (*path, "points"), message)


def grades(loaded: Loaded) -> Iterator[Problem]:
    """Grades follow each other from floor to ceiling without gap or overlap."""
    score = loaded.scenario.score
    if score is None:
        return
    if not score.grade:
        if "grade" in score.model_fields_set:
            yield Problem(
                "GH203",
                ("score", "grade"),
                "the list of grades is empty",
                "name the bands, or leave `grade` out",
            )
        return
    path: Path = ("score", "grade")
    for index, grade in enumerate(score.grade):
        if grade.from_points > grade.to_points:
            message = f"grade {grade.name} begins at {grade.from_points} and ends at {grade.to_points}"
            yield Problem("GH201", (*path, index, "from_points"), message)
            return  # what else could be said follows from this
        if grade.name in [other.name for other in score.grade[:index]]:
            yield Problem("GH112", (*path, index, "name"), f"two grades are called {grade.name}")
    found = [
        p
        for index, (one, two) in enumerate(pairwise(score.grade))
        for p in _neighbours(loaded, index, one, two)
    ]
    yield from found
    if all(problem.code != "GH201" for problem in found):
        yield from _ends(loaded, score)


def _neighbours(loaded: Loaded, index: int, one: schema.Grade, two: schema.Grade) -> Iterator[Problem]:
    """Two grades that follow one another in the file."""
    place = ("score", "grade", index + 1, "from_points")
    notes = _at(loaded, f"grade {one.name} ends at {one.to_points}", ("score", "grade", index, "to_points"))
    if two.to_points < one.from_points:
        message = f"grade {two.name} lies below grade {one.name}; grades are written from low to high"
        yield Problem("GH201", place, message, "write the lowest grade first", notes)
    elif two.from_points <= one.to_points:
        message = f"grade {two.name} begins at {two.from_points}, inside grade {one.name}"
        yield Problem("GH201", place, message, f"begin it at {one.to_points + 1}", notes)
    elif two.from_points > one.to_points + 1:
        missing = f"{one.to_points + 1} to {two.from_points - 1}"
        yield Problem(
            "GH202",
            place,
            f"no grade covers {missing} points",
            f"begin {two.name} at {one.to_points + 1}",
            notes,
        )


def _ends(loaded: Loaded, score: schema.Score) -> Iterator[Problem]:
    """The lowest grade begins at the floor and the highest ends at the ceiling."""
    last = len(score.grade) - 1
    ends = (
        (0, "from_points", score.grade[0].from_points, "floor", score.floor_points),
        (last, "to_points", score.grade[last].to_points, "ceiling", score.ceiling_points),
    )
    for index, key, points, end, wanted in ends:
        if points != wanted:
            verb = "begins" if index == 0 and key == "from_points" else "ends"
            message = f"grade {score.grade[index].name} {verb} at {points}, but the {end} is {wanted}"
            notes = _at(loaded, f"the {end} is {wanted}", ("score", f"{end}_points"))
            yield Problem("GH202", ("score", "grade", index, key), message, f"write {key} = {wanted}", notes)
