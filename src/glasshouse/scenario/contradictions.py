"""Contradictions in a scenario whose single values are all right: errors, each naming both places.

Every function yields the problems of one table. Places of the other side go into notes.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from glasshouse.scenario import schema
from glasshouse.scenario.changes import spelled
from glasshouse.scenario.explain import Problem, meant
from glasshouse.scenario.grades import grades, score_ends, start_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from glasshouse.scenario.load import Loaded
    from glasshouse.scenario.positions import Path

__all__ = ["contradictions"]


def contradictions(loaded: Loaded) -> Iterator[Problem]:
    """Yield every contradiction of the scenario."""
    checks: Sequence[Callable[[Loaded], Iterator[Problem]]] = (
        _shares, _pairs, _ages, score_ends, grades, _references, _rules,
        _limits, _lists, _classes, start_classes, _graph, _friends, _dates,
    )  # fmt: skip
    for check in checks:
        yield from check(loaded)


def _at(loaded: Loaded, words: str, path: Path) -> tuple[str, ...]:
    """Return a note that ends with a place."""
    return (loaded.where.note(words, path),)


def _sum(loaded: Loaded, path: Path, names: Sequence[Any]) -> Fraction:
    """Return the exact sum of a list or table of shares."""
    return sum((loaded.exact_of(".".join(map(str, (*path, name)))) for name in names), Fraction(0))


def _activities(s: schema.Scenario) -> Iterator[tuple[Path, schema.Classes | None, str | None]]:
    """Yield path, classes and variation of every behaviour and way of travel."""
    for name, behaviour in s.behaviour.items():
        yield ("behaviour", name), behaviour.classes, behaviour.activity_cv
    for name in schema.MODES:
        mode: schema.TravelMode | None = getattr(s.travel, name)
        if mode is not None:
            yield ("travel", name), mode.classes, mode.activity_cv


def _share_lists(s: schema.Scenario) -> Iterator[tuple[Path, Sequence[Any]]]:
    """Yield the path and the places of everything that must sum to 1."""
    yield ("society", "age_shares"), range(len(s.society.age_shares))
    yield ("society", "group_shares"), list(s.society.group_shares)
    if s.initial.score and s.initial.score.weights:
        yield ("initial", "score", "weights"), range(len(s.initial.score.weights))
    if s.graph and s.graph.degree_shares:
        yield ("graph", "degree_shares"), range(len(s.graph.degree_shares))
    for name, behaviour in s.behaviour.items():
        yield ("behaviour", name, "delay_shares"), range(len(behaviour.delay_shares))
    for path, classes, _ in _activities(s):
        if classes:
            yield (*path, "classes", "weights"), range(len(classes.weights))
    for name, factor in (s.score.factor if s.score else {}).items():
        yield ("score", "factor", name, "weights"), range(len(factor.weights))
    if s.police:
        yield ("police", "outcomes"), list(type(s.police.outcomes).model_fields)
        yield ("police", "detention_shares"), range(len(s.police.detention_shares))


def _shares(loaded: Loaded) -> Iterator[Problem]:
    """Shares that must sum to 1."""
    help = "correct a share, or write normalise = true at the top to have them scaled"
    for path, names in _share_lists(loaded.scenario):
        total = _sum(loaded, path, names)
        if total != 1:
            yield Problem("GH208", path, f"shares sum to {spelled(total)}, must sum to 1", help)
    score = loaded.scenario.score
    if score and score.kind == "weighted":
        weights = [(name, "weight") for name in score.factor]
        total = sum((loaded.exact_of(f"score.factor.{name}.weight") for name, _ in weights), Fraction(0))
        if total != 1:
            yield Problem(
                "GH208",
                ("score", "factor"),
                f"the weights of the factors sum to {spelled(total)}, must sum to 1",
            )
    for name, behaviour in loaded.scenario.behaviour.items():
        path = ("behaviour", name, "seen_on")
        total = _sum(loaded, path, list(behaviour.seen_on))
        if total > 1:
            yield Problem("GH208", path, f"shares sum to {spelled(total)}, must sum to at most 1")


def _pairs(loaded: Loaded) -> Iterator[Problem]:
    """Two lists that belong together must be of one length."""
    s = loaded.scenario
    pairs: list[tuple[Path, Any, str, str]] = [
        (("society",), s.society, "age_from", "age_shares"),
        (("society",), s.society, "online_from", "online_shares"),
    ]
    pairs += [(("initial", "score"), s.initial.score, "weights", "points")]
    pairs += [(("initial", "score"), s.initial.score, "points", "spread_points")]
    pairs += [(("graph",), s.graph, "degrees", "degree_shares")]
    pairs += [(("police",), s.police, "detention_days", "detention_shares")]
    for name, behaviour in s.behaviour.items():
        pairs += [(("behaviour", name), behaviour, "delay_days", "delay_shares")]
    pairs += [((*path, "classes"), classes, "weights", "multipliers") for path, classes, _ in _activities(s)]
    for name, factor in (s.score.factor if s.score else {}).items():
        if factor.of == "trait":
            pairs += [(("score", "factor", name), factor, "weights", "levels")]
    for path, table, one, other in pairs:
        first, second = getattr(table, one, None), getattr(table, other, None)
        if first is not None and second is not None and len(first) != len(second):
            message = f"holds {len(second)} items, but `{one}` holds {len(first)}"
            yield Problem(
                "GH112",
                (*path, other),
                message,
                None,
                _at(loaded, f"`{one}` holds {len(first)}", (*path, one)),
            )


def _ages(loaded: Loaded) -> Iterator[Problem]:
    """Age bands rise from 0; a youngest age is not above the oldest."""
    s = loaded.scenario
    for name in ("age_from", "online_from"):
        ages = getattr(s.society, name)
        if ages[0] != 0 or any(a >= b for a, b in pairwise(ages)):
            yield Problem("GH112", ("society", name), f"is {list(ages)}; first ages begin at 0 and rise")
    tables: list[tuple[Path, Any]] = [(("behaviour", name), one) for name, one in s.behaviour.items()]
    tables += [
        (("travel", mode), getattr(s.travel, mode)) for mode in schema.MODES if getattr(s.travel, mode)
    ]
    for path, one in tables:
        if one.min_age > one.max_age:
            message = f"`min_age` {one.min_age} is above `max_age` {one.max_age}"
            yield Problem(
                "GH209",
                (*path, "min_age"),
                message,
                None,
                _at(loaded, f"`max_age` is {one.max_age}", (*path, "max_age")),
            )


def _named_at_first(s: schema.Scenario) -> Iterator[tuple[Path, str, str, Any]]:
    """Yield the names of lists and behaviours in the state before day 0, each with what there is."""
    for field in ("listed_share", "listed_below_points"):
        for key in getattr(s.initial, field):
            yield ("initial", field, key), key, "list", s.list
    if s.initial.score and s.initial.score.class_of is not None:
        yield ("initial", "score", "class_of"), s.initial.score.class_of, "behaviour", s.behaviour


def _references(loaded: Loaded) -> Iterator[Problem]:
    """Names of behaviours, platforms, lists, rules and groups must exist."""
    s = loaded.scenario
    uses: list[tuple[Path, str, str, Any]] = []
    for name, rule in s.rule.items():
        if rule.behaviour is not None:
            uses.append((("rule", name, "behaviour"), rule.behaviour, "behaviour", s.behaviour))
    for name, behaviour in s.behaviour.items():
        uses += [
            (("behaviour", name, "seen_on", key), key, "platform", s.platform) for key in behaviour.seen_on
        ]
    for name, one in s.list.items():
        for index, key in enumerate(one.entry_records_of):
            uses.append((("list", name, "entry_records_of", index), key, "behaviour", s.behaviour))
    uses += _named_at_first(s)
    for name, factor in (s.score.factor if s.score else {}).items():
        if factor.rule is not None:
            uses.append((("score", "factor", name, "rule"), factor.rule, "rule", s.rule))
    groups = s.society.group_shares
    uses += [
        (("identity", "false_non_match_share", g), g, "group", groups)
        for g in s.identity.false_non_match_share
    ]
    for path, key, kind, known in uses:
        if key not in known:
            near = meant(key, known)
            help = f"did you mean `{near}`?" if near else None
            if help is None and known:
                help = f"there are: {', '.join(known)}"
            yield Problem(
                "GH204",
                path,
                f"no {kind} is called `{key}`",
                help,
                on_key=kind in ("platform", "list", "group"),
            )


def _rules(loaded: Loaded) -> Iterator[Problem]:
    """A rule on records names a behaviour; one on friends says how many, and there is at most one."""
    associations: list[str] = []
    for name, rule in loaded.scenario.rule.items():
        if rule.on == "record" and rule.behaviour is None:
            yield Problem(
                "GH104",
                ("rule", name),
                "a rule on records needs a `behaviour`",
                "add behaviour = ...",
                on_key=True,
            )
        if rule.on == "association" and rule.min_friends is None and rule.min_share is None:
            message = "a rule on friends needs `min_friends` or `min_share`"
            yield Problem("GH104", ("rule", name), message, "add min_friends = 1", on_key=True)
        if rule.on == "association" and not rule.disabled:
            associations.append(name)
    if len(associations) > 1:
        notes = _at(loaded, f"the first is [rule.{associations[0]}]", ("rule", associations[0]))
        message = f"[rule.{associations[1]}] is a second rule on friends; a scheme has at most one"
        yield Problem(
            "GH216",
            ("rule", associations[1]),
            message,
            "switch one off with disabled = true",
            notes,
            on_key=True,
        )


def _limits(loaded: Loaded) -> Iterator[Problem]:
    """The state and the tables of a day hold so many of each."""
    s = loaded.scenario
    read = {factor.rule for factor in s.score.factor.values()} if s.score else set()
    live = {name: rule for name, rule in s.rule.items() if not rule.disabled and rule.on == "record"}
    allowed = [name for name, rule in live.items() if rule.allowance or name in read]
    termed = [
        name
        for name, one in s.list.items()
        if one.term_days is not None and not one.entry_companies and not one.disabled
    ]
    factors = list(s.score.factor) if s.score else []
    counts: list[tuple[str, Path, list[str], int, str]] = [
        (
            "GH205",
            ("rule",),
            allowed,
            schema.MAX_ALLOWANCES,
            "rules count records of the month (an allowance, or read by a factor)",
        ),
        ("GH206", ("list",), termed, schema.MAX_TERMED_LISTS, "lists have a term"),
        ("GH111", ("behaviour",), list(s.behaviour), schema.MAX_BEHAVIOURS, "behaviours"),
        ("GH111", ("rule",), list(s.rule), schema.MAX_RULES, "rules"),
        ("GH111", ("list",), list(s.list), schema.MAX_LISTS, "lists"),
        ("GH111", ("platform",), list(s.platform), schema.MAX_PLATFORMS, "platforms"),
        (
            "GH111",
            ("circle",),
            [k for k, one in s.circle.items() if not one.disabled],
            schema.MAX_CIRCLES,
            "circles",
        ),
        ("GH111", ("ring",), [k for k, one in s.ring.items() if not one.disabled], schema.MAX_RINGS, "rings"),
        ("GH111", ("score", "factor"), factors, schema.MAX_FACTORS, "factors of the score"),
    ]
    for code, table, names, most, words in counts:
        if len(names) > most:
            notes = (f"they are: {', '.join(names[:40])}",) if code != "GH111" else ()
            yield Problem(
                code,
                (*table, names[most]),
                f"{len(names)} {words}; at most {most} can",
                None,
                notes,
                on_key=True,
            )


def _lists(loaded: Loaded) -> Iterator[Problem]:
    """A score must not both put people on a list and take them off."""
    for name, one in loaded.scenario.list.items():
        below, out = one.entry_score_below, one.exit_score_at_least
        if below is not None and out is not None and out < below:
            message = f"a score from {out} to {below - 1} leads off the list and on to it again, day by day"
            notes = _at(loaded, f"entry is below {below}", ("list", name, "entry_score_below"))
            yield Problem(
                "GH215", ("list", name, "exit_score_at_least"), message, f"write {below} or more", notes
            )
        above, drop = one.entry_score_at_least, one.exit_score_below
        if above is not None and drop is not None and drop > above:
            message = f"a score from {above} to {drop - 1} leads off the list and on to it again, day by day"
            notes = _at(loaded, f"entry is at {above}", ("list", name, "entry_score_at_least"))
            yield Problem(
                "GH215", ("list", name, "exit_score_below"), message, f"write {above} or less", notes
            )


def _classes(loaded: Loaded) -> Iterator[Problem]:
    """Activity classes are given in one way only."""
    for path, classes, variation in _activities(loaded.scenario):
        if classes and variation:
            notes = _at(loaded, "the classes", (*path, "classes"))
            message = "`classes` and `activity_cv` both given"
            yield Problem("GH112", (*path, "activity_cv"), message, "keep one of them", notes, on_key=True)


NEEDS = {
    "erdos-renyi": ("mean_friends",),
    "watts-strogatz": ("k", "rewired_share"),
    "barabasi-albert": ("m",),
    "block": ("mean_friends", "within_share"),
    "configuration": ("degrees", "degree_shares"),
    "complete": (),
}


def _graph(loaded: Loaded) -> Iterator[Problem]:
    """A friend graph has the numbers its kind needs, and they can be met."""
    graph, citizens = loaded.scenario.graph, loaded.scenario.society.citizens
    if graph is None:
        return
    for key in NEEDS[graph.kind]:
        if getattr(graph, key) is None:
            yield Problem(
                "GH104", ("graph", "kind"), f"a graph of kind {graph.kind} needs `{key}`", f"add {key} = ..."
            )
    notes = _at(loaded, f"the society has {citizens:,} citizens", ("society", "citizens"))
    if graph.kind == "watts-strogatz" and graph.k is not None:
        if graph.k % 2:
            message = f"k is {graph.k}; half the neighbours lie on either side, so it must be even"
            yield Problem("GH210", ("graph", "k"), message, f"write k = {graph.k + 1}")
        if graph.k >= citizens:
            yield Problem(
                "GH210",
                ("graph", "k"),
                f"k is {graph.k}, but there are only {citizens:,} citizens",
                None,
                notes,
            )
    if graph.kind == "barabasi-albert" and graph.m is not None and graph.m >= citizens:
        yield Problem(
            "GH210", ("graph", "m"), f"m is {graph.m}, but there are only {citizens:,} citizens", None, notes
        )


def _friends(loaded: Loaded) -> Iterator[Problem]:
    """Nobody may have more than 255 friends."""
    s = loaded.scenario
    parts = {
        f"circle {name}": max(one.sizes) - 1
        for name, one in s.circle.items()
        if one.friend_share and not one.disabled
    }
    parts.update({f"ring {name}": 2 for name, one in s.ring.items() if not one.disabled})
    if s.graph:
        parts["graph"] = {
            "complete": s.society.citizens - 1,
            "watts-strogatz": s.graph.k or 0,
            "configuration": max(s.graph.degrees or (0,)),
        }.get(s.graph.kind, round(s.graph.mean_friends or 0))
    total = sum(parts.values())
    if total > schema.MAX_FRIENDS:
        largest = max(parts, key=lambda part: parts[part])
        notes = (
            f"they come from: {', '.join(f'{name} {number:,}' for name, number in list(parts.items())[:10])}",
        )
        message = f"a citizen can have {total:,} friends; at most {schema.MAX_FRIENDS} can be held"
        yield Problem("GH207", tuple(largest.split(" ")), message, None, notes, on_key=True)


def _dates(loaded: Loaded) -> Iterator[Problem]:
    """A check that begins after the last day; only a warning when the length of the run was set from outside."""
    s = loaded.scenario
    last = s.society.start_date + dt.timedelta(days=s.society.days - 1)
    outside = {"society.days", "society.start_date"} & set(loaded.chosen)
    for name in ("new_line", "renewal", "login"):
        check = getattr(s.identity, name)
        if check.from_date is not None and check.from_date > last:
            message = f"begins on {check.from_date}, after the last day of the run, {last}"
            notes = (f"the run has {s.society.days:,} days from {s.society.start_date}",)
            path = ("identity", name, "from_date")
            yield Problem("GH214", path, message, None, notes, severity="warning" if outside else "error")
        if check.check != "none" and check.per_day is None and name != "login":
            yield Problem(
                "GH104",
                ("identity", name),
                "a check needs `per_day`, the rate of its event",
                "add per_day = ...",
            )
