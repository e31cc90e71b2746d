"""Glasshouse simulates life under a social credit system, with synthetic citizens only.

>>> import glasshouse as gh
>>> scenario = gh.load("classroom")  # doctest: +SKIP
>>> run = gh.simulate(scenario, seed=1)  # doctest: +SKIP

Importing this package loads no number, table, plotting or schema library; each public name loads what it
needs when it is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from glasshouse.errors import GlasshouseError

if TYPE_CHECKING:
    from glasshouse.assess import assess
    from glasshouse.attribute import attribute
    from glasshouse.compare import compare
    from glasshouse.harm import harm
    from glasshouse.run import resume, simulate
    from glasshouse.scenario.load import load
    from glasshouse.scenario.load import presets_list as presets

__version__ = "0.1.0"

__all__ = [
    "GlasshouseError",
    "__version__",
    "assess",
    "attribute",
    "compare",
    "harm",
    "load",
    "presets",
    "resume",
    "simulate",
]

# Public name -> the module that defines it, and its name there.
_HOMES = {
    "assess": ("glasshouse.assess", "assess"),
    "attribute": ("glasshouse.attribute", "attribute"),
    "compare": ("glasshouse.compare", "compare"),
    "harm": ("glasshouse.harm", "harm"),
    "load": ("glasshouse.scenario.load", "load"),
    "presets": ("glasshouse.scenario.load", "presets_list"),
    "resume": ("glasshouse.run", "resume"),
    "simulate": ("glasshouse.run", "simulate"),
}


class _Package(ModuleType):
    """This package, in which `gh.compare` stays the function whoever imports the module of that name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    """Return a public name, importing its module on first use (PEP 562).

    Raises:
        AttributeError: `name` is not public.
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'glasshouse' has no attribute {name!r}")
    module, its_name = _HOMES[name]
    value = getattr(import_module(module), its_name)
    globals()[name] = value  # later look-ups find it without coming here
    return value


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})
