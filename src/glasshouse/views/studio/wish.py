"""A scenario as the page asks for it: a preset or a text, with numbers that are set and rules that are switched off."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from glasshouse.errors import UsageError, clean
from glasshouse.scenario.explain import Texts, fail, meant
from glasshouse.scenario.load import load, load_text, presets
from glasshouse.scenario.reading import MAX_BYTES
from glasshouse.scenario.writing import changed_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.scenario.load import Loaded, PresetInfo

__all__ = ["NAME", "Wish", "known_presets", "preset_of", "wish_of"]

NAME = "scenario.toml"  # what messages call the page's text
KEYS = ("preset", "text", "set", "without")
MOST_CHANGES = 500
PRESS = "as-reported"  # the press account: whatever extends it is one, too


@lru_cache(maxsize=1)
def known_presets() -> Mapping[str, PresetInfo]:
    """Return the presets of the package by id."""
    return {one.id: one for one in presets()}


@lru_cache(maxsize=32)
def preset_of(name: str) -> Loaded:
    """Return a preset, checked.

    Raises:
        UsageError: there is none of this name; a path is none.
    """
    if name not in known_presets():
        near = meant(name, known_presets())
        help = f"did you mean {near}?" if near else f"there are {', '.join(known_presets())}"
        raise UsageError(f"there is no preset `{clean(name)}`", help=help)
    return load(name)


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        preset: Preset id, or None with a text.
        text: Text of a scenario, or None with a preset.
        set: Numbers to change, by dotted path.
        without: What is switched off.
    """

    preset: str | None
    text: str | None
    set: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The wish as one text that loads by itself.

        Raises:
            ScenarioError: something cannot be changed or read.
        """
        if self.text is not None and not self.set and not self.without:
            return self.text
        text, problems = changed_text(self.preset or NAME, self.set, self.without, text=self.text)
        if problems:
            raise fail(Texts({}).diagnostics(problems), {})
        return text

    @property
    def loaded(self) -> Loaded:
        """The scenario, checked.

        Raises:
            ScenarioError: it is not valid.
            RefusedError: it asks for something Glasshouse has no way in for.
        """
        if self.preset is None:
            return load_text(self.written, name=NAME)
        if not self.set and not self.without:
            return preset_of(self.preset)
        return load(self.preset, set=self.set, without=self.without)

    def over(self, other: Wish) -> Wish:
        """Return this wish for a second world, laid over the first where it names no scenario itself."""
        if self.preset is not None or self.text is not None:
            return self
        return Wish(other.preset, other.text, {**other.set, **self.set}, (*other.without, *self.without))


def wish_of(body: Mapping[str, Any], *, bare: bool = False) -> Wish:
    """Return the wish that a request's body holds; `bare`: it may name no scenario.

    Raises:
        UsageError: it is none, or names what there is not.
    """
    preset, text = body.get("preset"), body.get("text")
    chosen, without = body.get("set") or {}, body.get("without") or []
    if preset is not None and text is not None:
        raise UsageError("a preset and a text are both given", help="give one of the two")
    if preset is None and text is None and not bare:
        raise UsageError("which scenario?", help="give a preset or a text")
    if text is not None and (not isinstance(text, str) or len(text) > MAX_BYTES):
        raise UsageError(f"`text` must be text of at most {MAX_BYTES // 1024} KiB")
    if preset is not None:
        preset_of(preset if isinstance(preset, str) else "")
    if not isinstance(chosen, dict) or not all(is_value(one) for one in chosen.values()):
        raise UsageError("`set` must be an object: dotted path -> number, text, true, false or a list")
    if not isinstance(without, list) or not all(isinstance(one, str) for one in without):
        raise UsageError("`without` must be a list of ids")
    if len(chosen) + len(without) > MOST_CHANGES:
        raise UsageError(f"at most {MOST_CHANGES} changes at once")
    return Wish(preset, text, dict(chosen), tuple(dict.fromkeys(without)))


def is_value(value: object) -> bool:
    """Say whether a setting can take a value: a number, a text, true or false, or a list of these."""
    if isinstance(value, list):
        return all(isinstance(one, str | int | float) for one in value)
    return isinstance(value, str | int | float)


def is_press(loaded: Loaded) -> bool:
    """Say whether a scenario is the press account, or rests on it."""
    return any(name.removesuffix(".toml") == PRESS for name, _ in loaded.chain)
