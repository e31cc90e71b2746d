"""The players of an attribution: rules of a scheme, or rules that only make sense together.

A player is switched off as `--without` does it. What takes nothing from people and watches nobody (good deeds,
perks, appeals) is no player: it stays in every world, and so do the people with what they do and learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.errors import UsageError, clean
from glasshouse.scenario.explain import meant
from glasshouse.scenario.schema import Scenario
from glasshouse.scenario.switches import found, switch_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["EXACT", "MOST", "Player", "default_players", "named_players", "single_rules", "without_players"]

EXACT = 10  # players up to which every coalition is lived
MOST = 64
PART_OF_SOCIETY = ("behaviour", "circle", "ring")
OTHER_RECORDS = ("rule.site", "rule.offence", "rule.default", "rule.prosocial", "rule.other")
RECORD_RULES = ("rule.purchase", "rule.speech", *OTHER_RECORDS)
LISTS = ("list.debts", "list.records", "list.score")
# What is taken together, one step after the other, until there are few enough players.
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("rule.purchase",),
    ("rule.speech",),
    ("platform",),
    ("list.debts",),
    ("police", "owners"),
    ("police", "owners", "removal"),
    *((family,) for family in OTHER_RECORDS),
    OTHER_RECORDS,
    ("list.debts", "list.records"),
    ("friends",),
    LISTS,
    RECORD_RULES,
)


@dataclass(frozen=True, slots=True)
class Player:
    """One rule, or several that are switched off together.

    Attributes:
        members: What is switched off, as `--without` names it.
        families: What kinds of rule they are, for putting them together.
    """

    members: tuple[str, ...]
    families: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return the members joined by `+`, as `--over` takes them."""
        return "+".join(self.members)


def default_players(scenario: Scenario, most: int = EXACT) -> list[Player]:
    """Return every rule that takes something from people or watches them, put together until they are `most`.

    Raises:
        UsageError: the scheme has no such rule.
    """
    players = single_rules(scenario)
    if not players:
        others = "--over names rules of another kind" if scenario.rule or scenario.list else None
        raise UsageError(
            "no rule of this scenario takes anything from people or watches them",
            help=others or "`glasshouse presets` lists schemes",
        )
    for step in TOGETHER:
        if len(players) <= most:
            break
        players = joined(players, step)
    return players


def joined(players: Sequence[Player], families: Sequence[str]) -> list[Player]:
    """Return the players with those of some families made one, in the place of the first."""
    mine = [one for one in players if one.families <= set(families)]
    if len(mine) < 2:
        return list(players)
    one = Player(
        tuple(m for player in mine for m in player.members), frozenset().union(*(p.families for p in mine))
    )
    return [one if player is mine[0] else player for player in players if player not in mine[1:]]


def single_rules(scenario: Scenario) -> list[Player]:
    """Return every rule that takes something from people or watches them as a player of its own."""
    tree = tree_of(scenario)
    rules = (*point_rules(scenario), *sanction_lists(scenario), *mechanisms(scenario), *platforms(scenario))
    return [Player((shortest(tree, table, key),), frozenset({family})) for table, key, family in rules]


def point_rules(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield the rules that cost points, as (table, id, family)."""
    factors = scenario.score.factor.values() if scenario.score else ()
    weighed = {one.rule for one in factors if one.of == "records"}
    for key, rule in scenario.rule.items():
        if rule.disabled or not (rule.points < 0 or key in weighed):
            continue
        behaviour = scenario.behaviour.get(rule.behaviour or "")
        if rule.on == "association":
            yield "rule", key, "friends"
        elif behaviour is not None and not behaviour.disabled:
            yield "rule", key, f"rule.{behaviour.kind}"


def sanction_lists(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield the lists that close doors."""
    for key, one in scenario.list.items():
        kinds = {scenario.behaviour[b].kind for b in one.entry_records_of if b in scenario.behaviour}
        if one.disabled or one.kind != "sanction":
            continue
        debts = one.entry_companies or "default" in kinds
        yield "list", key, "list.debts" if debts else "list.records" if kinds else "list.score"


def mechanisms(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield identity checks, the police, the liability of chat owners, and the removal of posts."""
    behaviours = [one for one in scenario.behaviour.values() if not one.disabled]
    identity, police = scenario.identity, scenario.police
    checks = (identity.new_line, identity.renewal, identity.login)
    if any(one.check != "none" for one in checks):
        yield "", "identity", "identity"
    if police is not None and any(one.summons_share for one in behaviours):
        yield "", "police", "police"
        if police.owner_liable_share:
            yield "", "owners", "owners"
    if any(one.removed_share for one in behaviours):
        yield "", "removal", "removal"


def platforms(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield the platforms that pass on what they see."""
    used = {key for one in scenario.behaviour.values() if not one.disabled for key in one.seen_on}
    for key, one in scenario.platform.items():
        if key in used and one.passed_on_share and not one.disabled:
            yield "platform", key, "platform"


def shortest(tree: Mapping[str, Any], table: str, key: str) -> str:
    """Return the shortest name under which `--without` finds an entry."""
    return key if found(tree, key) == (table, key) else f"{table}.{key}"


def named_players(scenario: Scenario, names: Iterable[str]) -> list[Player]:
    """Return the players that somebody chose, each `rule` or `rule+rule`.

    Raises:
        UsageError: a name is unknown, empty or given twice, is no rule of the scheme, or there are too many.
    """
    tree = tree_of(scenario)
    players = [Player(tuple(part.strip() for part in name.split("+"))) for name in names]
    members = [member for player in players for member in player.members]
    if not all(members) or not members:
        raise UsageError("--over names no rule, or nothing beside a comma or +", help=examples(scenario))
    seen: list[tuple[str, str]] = []
    for member in members:
        place = place_of(tree, scenario, member)
        if place in seen:
            raise UsageError(f"--over names `{clean(member)}` twice", help="each rule belongs to one player")
        seen.append(place)
    if len(players) > MOST:
        raise UsageError(
            f"--over names {len(players)} players, expected at most {MOST}", help="join some with +"
        )
    return players


def place_of(tree: Mapping[str, Any], scenario: Scenario, member: str) -> tuple[str, str]:
    """Return which rule of the scheme a name means.

    Raises:
        UsageError: there is none, or it belongs to the society.
    """
    place = found(tree, member)
    if place is None:
        near = meant(member, [*scenario.rule, *scenario.list, *(one.name for one in single_rules(scenario))])
        help = f"did you mean `{near}`?" if near else examples(scenario)
        raise UsageError(f"--over: no rule of this scenario is called `{clean(member)}`", help=help)
    if place[0] in PART_OF_SOCIETY:
        raise UsageError(
            f"--over: the {place[0]} `{clean(member)}` belongs to the people, not to the scheme",
            help=examples(scenario),
        )
    return place


def examples(scenario: Scenario) -> str:
    """Return which rules there are, in words."""
    return f"there are: {clean(', '.join(one.name for one in single_rules(scenario)), 400)}"


def without_players(scenario: Scenario, players: Iterable[Player]) -> Scenario:
    """Return the scenario with these players switched off."""
    tree = tree_of(scenario)
    for player in players:
        for member in player.members:
            if switch_off(tree, member) is not None:
                raise ValueError(f"no rule is called {clean(member)}")
    return Scenario.model_validate(tree)


def tree_of(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario says as plain tables, without its defaults."""
    return scenario.model_dump(exclude_unset=True, by_alias=True)
