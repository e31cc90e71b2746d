"""Every knob of a scenario moves what it should, the way it should, over paired replicates."""

from __future__ import annotations

import math
import types
import typing
from statistics import fmean, stdev

import pytest
from knobs import EXCEPT, KNOBS
from living import counts_of
from pydantic import BaseModel

from glasshouse.scenario.schema import Scenario

SEEDS = range(1, 9)
ENOUGH = 4.9  # of eight differences
CLEAR = 11  # of the first four, by chance rarer than 4.9 of eight: then four do


def paired_t(differences):
    """Return mean over standard error; a constant difference other than 0 is beyond all doubt."""
    mean, error = fmean(differences), stdev(differences) / math.sqrt(len(differences))
    if error == 0:
        return math.copysign(math.inf, mean) if mean else 0.0
    return mean / error


@pytest.mark.parametrize("knob", KNOBS, ids=str)
def test_a_knob_moves_its_key_the_way_it_should(knob):
    differences = [difference(knob, seed) for seed in SEEDS[:4]]
    if knob.sign * paired_t(differences) < CLEAR:
        differences += [difference(knob, seed) for seed in SEEDS[4:]]
        assert knob.sign * paired_t(differences) >= ENOUGH, (knob.key, differences)


def difference(knob, seed):
    """Return by how much a knob moves its key in the same society under the same luck."""
    worlds = {**knob.extra, **knob.also, knob.path: knob.value}, knob.extra
    there, here = (counts_of(knob.base, changes, seed).get(knob.key, 0) for changes in worlds)
    return there - here


# ---- no field is forgotten


def fields_of(model, prefix=()):
    """Yield the dotted path of every field that is no plain text; `*` stands for a key or a place in a list."""
    for name, one in model.model_fields.items():
        yield from fields_of_type(one.annotation, (*prefix, name))


def fields_of_type(kind, path):
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        yield from fields_of_type(inside[0], path)
    elif origin in (typing.Union, types.UnionType):
        yield from fields_of_type(next(one for one in inside if one is not type(None)), path)
    elif origin is dict:
        yield from fields_of_type(inside[1], (*path, "*")) if is_table(inside[1]) else [".".join(path)]
    elif origin is tuple and is_table(inside[0]):
        yield from fields_of_type(inside[0], (*path, "*"))
    elif is_table(kind):
        yield from fields_of(kind, path)
    elif kind is not str:
        yield ".".join(path)


def is_table(kind):
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def field_of(path, known):
    """Return the field that a path of one scenario sets."""
    parts = path.split(".")
    tables = ("circle", "ring", "behaviour", "platform", "rule", "list")
    if parts[0] in tables:
        parts[1] = "*"
    if parts[:2] == ["score", "factor"]:
        parts[2] = "*"
    name = ".".join(parts)
    return name if name in known else name.rpartition(".")[0]


REFERENCES = {
    "rule.*.behaviour",
    "score.factor.*.rule",
    "initial.score.class_of",
}  # names that lead somewhere
FIELDS = {name for name in fields_of(Scenario) if name != "limits"} | REFERENCES


def test_every_field_of_the_schema_is_a_knob_or_has_a_reason():
    shown = {knob.shows or field_of(knob.path, FIELDS) for knob in KNOBS}
    assert shown | EXCEPT.keys() == FIELDS
    assert not shown & EXCEPT.keys()


def test_no_knob_is_told_twice():
    assert len({str(knob) for knob in KNOBS}) == len(KNOBS)
