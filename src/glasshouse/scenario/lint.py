"""Look at the meaning of a checked scenario: contradictions are errors, doubtful meaning is a warning.

Warned of: what can never fire, two punishments for one act, feedback without bound, recovery that
outruns every penalty, lengths of zero, and settings whose mechanism is off.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from glasshouse.scenario import schema
from glasshouse.scenario.contradictions import NEEDS, contradictions
from glasshouse.scenario.explain import Problem
from glasshouse.scenario.labels import labelled, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.errors import Diagnostic
    from glasshouse.scenario.load import Loaded
    from glasshouse.scenario.positions import Path

__all__ = ["lint"]

TINY = Fraction(1, 10**6)
DAYS_PER_MONTH = Fraction(365, 12)


def lint(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """Return what is contradictory (errors), doubtful (warnings) or worth knowing (notes), in file order."""
    problems = list(contradictions(loaded))
    if not problems or all(problem.severity != "error" for problem in problems):
        for check in (
            _lines, _entries, _rates, _associations, _twice, _feedback, _recovery, _zero,
            _idle, _idle_at_first, _idle_people, _tiny, _labels,
        ):  # fmt: skip
            problems.extend(check(loaded))
    return loaded.where.diagnostics(problems)


def _warn(
    code: str, path: Path, message: str, help: str | None = None, notes: tuple[str, ...] = ()
) -> Problem:
    """Return a warning."""
    return Problem(code, path, message, help, notes, severity="warning")


def _at(loaded: Loaded, words: str, path: Path) -> tuple[str, ...]:
    """Return a note that ends with a place."""
    return (loaded.where.note(words, path),)


def _lists(s: schema.Scenario) -> dict[str, schema.ListRule]:
    """Return the lists that are on."""
    return {name: one for name, one in s.list.items() if not one.disabled}


def _rules(s: schema.Scenario, on: str) -> dict[str, schema.Rule]:
    """Return the rules that are on, of one kind."""
    return {name: one for name, one in s.rule.items() if not one.disabled and one.on == on}


def _lines(loaded: Loaded) -> Iterator[Problem]:
    """Lines that no score can cross, because it ends at floor or ceiling."""
    score = loaded.scenario.score
    if score is None:
        return
    low, high = score.floor_points, score.ceiling_points
    floor = _at(loaded, f"the score ends at {low} points", ("score", "floor_points"))
    ceiling = _at(loaded, f"the score ends at {high} points", ("score", "ceiling_points"))
    if score.low_cutoff_points is not None and score.low_cutoff_points <= low:
        yield _warn("GH301", ("score", "low_cutoff_points"), "no score can ever be low", None, floor)
    for name, one in _lists(loaded.scenario).items():
        path: Path = ("list", name)
        if one.entry_score_below is not None and one.entry_score_below <= low:
            message = f"can never fire: no score is below {one.entry_score_below}"
            yield _warn("GH301", (*path, "entry_score_below"), message, f"choose a value above {low}", floor)
        if one.entry_score_below is not None and one.entry_score_below > high:
            message = f"every score is below {one.entry_score_below}: everybody is on this list"
            yield _warn("GH301", (*path, "entry_score_below"), message, None, ceiling)
        if one.entry_score_at_least is not None and one.entry_score_at_least > high:
            message = f"can never fire: no score reaches {one.entry_score_at_least}"
            yield _warn("GH301", (*path, "entry_score_at_least"), message, f"choose {high} or less", ceiling)
        if one.exit_score_at_least is not None and one.exit_score_at_least > high:
            message = f"nobody can leave this way: no score reaches {one.exit_score_at_least}"
            yield _warn("GH301", (*path, "exit_score_at_least"), message, f"choose {high} or less", ceiling)
        if one.exit_score_below is not None and one.exit_score_below <= low:
            message = f"nobody can leave this way: no score is below {one.exit_score_below}"
            yield _warn("GH301", (*path, "exit_score_below"), message, f"choose a value above {low}", floor)


def _entries(loaded: Loaded) -> Iterator[Problem]:
    """Lists that nothing can put anybody on."""
    s = loaded.scenario
    for name, one in _lists(s).items():
        by_score = one.entry_score_below is not None or one.entry_score_at_least is not None
        records = [key for key in one.entry_records_of if not s.behaviour[key].disabled]
        if by_score and s.score is None:
            yield _warn("GH301", ("list", name), "can never fire: entry is by score, and there is no [score]")
        elif one.entry_companies and s.company is None:
            yield _warn("GH301", ("list", name, "entry_companies"), "can never fire: there is no [company]")
        elif not (by_score or one.entry_companies or one.entry_records_of or _begins_with_people(s, name)):
            yield _warn(
                "GH301",
                ("list", name),
                "can never fire: nothing leads on to this list",
                "add an `entry_` key",
            )
        elif (
            one.entry_records_of
            and records
            and not by_score
            and all(_record_rate(loaded, key) == 0 for key in records)
        ):
            message = "can never fire: the behaviours it waits for leave no records"
            yield _warn("GH301", ("list", name, "entry_records_of"), message)


def _begins_with_people(s: schema.Scenario, name: str) -> bool:
    """Say whether people may be on a list before day 0."""
    return bool(s.initial.listed_share.get(name)) or name in s.initial.listed_below_points


def _seen(s: schema.Scenario, behaviour: schema.Behaviour) -> float:
    """Return the probability that an act is seen and passed on."""
    direct = behaviour.seen_share or 0.0
    on = [(share, s.platform[key]) for key, share in behaviour.seen_on.items()]
    return min(1.0, direct + sum(share * one.passed_on_share for share, one in on if not one.disabled))


def _record_rate(loaded: Loaded, name: str) -> float:
    """Return about how many records of a behaviour one doer leaves a day."""
    one = loaded.scenario.behaviour[name]
    if one.disabled:
        return 0.0
    return one.per_day * _seen(loaded.scenario, one) * one.caught_share + one.false_alarm_per_day


def _rates(loaded: Loaded) -> Iterator[Problem]:
    """Rules on behaviours that leave no records; those switched off as a counterfactual are meant so."""
    s = loaded.scenario
    for name, rule in _rules(s, "record").items():
        behaviour = s.behaviour[rule.behaviour] if rule.behaviour else None
        if behaviour is None or behaviour.disabled or _record_rate(loaded, rule.behaviour or "") > 0:
            continue
        key = "per_day" if behaviour.per_day == 0 else "caught_share" if behaviour.caught_share == 0 else None
        reason = f"`{key}` is 0" if key else "nobody sees it"
        place = ("behaviour", str(rule.behaviour), *((key,) if key else ()))
        message = f"can never fire: [behaviour.{rule.behaviour}] leaves no records, {reason}"
        yield _warn("GH301", ("rule", name), message, None, _at(loaded, reason, place) if key else ())


def _associations(loaded: Loaded) -> Iterator[Problem]:
    """Rules on friends in a society without friends, or where no friend is ever flagged."""
    s = loaded.scenario
    circles = any(one.friend_share and not one.disabled for one in s.circle.values())
    friends = circles or s.graph is not None or any(not one.disabled for one in s.ring.values())
    needs_flag = [("rule", name) for name in _rules(s, "association")]
    if s.ties.cut_share:
        needs_flag.append(("ties", "cut_share"))
    for path in needs_flag:
        if not friends:
            yield _warn(
                "GH301", path, "can never fire: nobody has friends", "add a [circle], a [ring] or a [graph]"
            )
        elif s.ties.flag == "low_score" and (s.score is None or s.score.low_cutoff_points is None):
            message = "can never fire: no friend is flagged, because no score counts as low"
            yield _warn("GH301", path, message, "set score.low_cutoff_points, or ties.flag")
        elif s.ties.flag == "listed" and not any(one.kind == "sanction" for one in _lists(s).values()):
            yield _warn("GH301", path, "can never fire: no friend is flagged, because there is no list")


def _twice(loaded: Loaded) -> Iterator[Problem]:
    """One act that costs points under two rules, or points and a listing."""
    s = loaded.scenario
    first: dict[str, str] = {}
    for name, rule in _rules(s, "record").items():
        if rule.points >= 0 or rule.behaviour is None:
            continue
        other = first.setdefault(rule.behaviour, name)
        if other != name:
            message = f"punished twice: [rule.{other}] takes points for `{rule.behaviour}` too"
            yield _warn(
                "GH302", ("rule", name), message, None, _at(loaded, "the other rule", ("rule", other))
            )
    for name, one in _lists(s).items():
        for index, key in enumerate(one.entry_records_of):
            if one.kind == "sanction" and key in first:
                message = f"punished twice: [rule.{first[key]}] takes points for `{key}` too"
                notes = _at(loaded, "the rule", ("rule", first[key]))
                yield _warn("GH302", ("list", name, "entry_records_of", index), message, None, notes)


def _recovered_per_day(score: schema.Score) -> Fraction:
    """Return the points won back on a day below the base."""
    return Fraction(score.recovery_points, score.recovery_every_days)


def _feedback(loaded: Loaded) -> Iterator[Problem]:
    """Friends pull friends down faster than anybody recovers: only the floor ends it."""
    s = loaded.scenario
    if s.score is None or s.score.kind == "weighted":
        return
    by_score = s.ties.flag == "low_score" or any(
        one.entry_score_below is not None for one in _lists(s).values()
    )
    for name, rule in _rules(s, "association").items():
        loss = -rule.points * (DAYS_PER_MONTH if rule.every == "day" else 1)
        gain = _recovered_per_day(s.score) * DAYS_PER_MONTH
        if by_score and loss > 0 and loss >= gain:
            message = (
                f"feedback without bound: low friends cost {float(loss):.4g} points a month, "
                f"and recovery gives {float(gain):.4g}; only the floor ends it"
            )
            notes = _at(
                loaded, f"`recovery_points` is {s.score.recovery_points}", ("score", "recovery_points")
            )
            yield _warn("GH303", ("rule", name, "points"), message, None, notes)


def _recovery(loaded: Loaded) -> Iterator[Problem]:
    """Points come back faster than any rule takes them."""
    s = loaded.scenario
    if s.score is None or s.score.kind == "weighted" or not s.score.recovery_points:
        return
    costs = {name: rule for name, rule in _rules(s, "record").items() if rule.points < 0 and rule.behaviour}
    rates = {name: _record_rate(loaded, str(rule.behaviour)) for name, rule in costs.items()}
    per_day = float(_recovered_per_day(s.score))
    if costs and all(per_day > rates[name] * -rule.points for name, rule in costs.items()):
        name = max(costs, key=lambda name: rates[name] * -costs[name].points)
        loss = rates[name] * -costs[name].points
        message = (
            f"recovery gives {per_day:.3g} points a day; "
            f"the costliest rule takes {loss:.3g} a day from those it meets"
        )
        notes = _at(loaded, f"the costliest rule is [rule.{name}]", ("rule", name))
        yield _warn("GH304", ("score", "recovery_points"), message, None, notes)


def _zero(loaded: Loaded) -> Iterator[Problem]:
    """Lengths and points of zero."""
    s = loaded.scenario
    for name, one in _lists(s).items():
        if one.term_days == 0:
            yield _warn(
                "GH305", ("list", name, "term_days"), "no effect: a term of 0 days ends before it begins"
            )
        if one.kind == "sanction" and not one.closes:
            yield _warn("GH307", ("list", name), "no effect: this list closes nothing", "add closes = [...]")
    for name, behaviour in s.behaviour.items():
        if behaviour.suspended_share and not behaviour.suspension_days and not behaviour.disabled:
            path = ("behaviour", name, "suspended_share")
            yield _warn("GH305", path, "no effect: suspensions last 0 days", "set suspension_days")
    for name, rule in s.rule.items():
        if rule.points == 0 and not rule.disabled and (s.score is None or s.score.kind == "points"):
            yield _warn("GH305", ("rule", name, "points"), "no effect: the rule moves 0 points")
    if s.police:
        for index, days in enumerate(s.police.detention_days):
            if days == 0 and s.police.outcomes.detention and s.police.detention_shares[index]:
                yield _warn("GH305", ("police", "detention_days", index), "no effect: detention of 0 days")
        if s.police.owner_liable_share and not (s.police.owner_suspension_days or s.police.owner_points):
            yield _warn(
                "GH305",
                ("police", "owner_liable_share"),
                "no effect: the owner loses neither points nor access",
            )


def _idle(loaded: Loaded) -> Iterator[Problem]:
    """Settings of behaviours, rules and lists whose mechanism is off."""
    s = loaded.scenario
    for name, one in s.behaviour.items():
        path: Path = ("behaviour", name)
        if one.misattributed_share and not one.chat:
            yield _warn(
                "GH307", (*path, "misattributed_share"), "no effect: `chat` is not set", "add chat = true"
            )
        elif one.misattributed_share and not any(c.chat and not c.disabled for c in s.circle.values()):
            yield _warn("GH307", (*path, "misattributed_share"), "no effect: no circle is a chat group")
        if one.summons_share and s.police is None:
            yield _warn("GH307", (*path, "summons_share"), "no effect: there is no [police]")
        if one.removed_share and not one.seen_on:
            yield _warn("GH307", (*path, "removed_share"), "no effect: no platform sees it", "add seen_on")
        if one.suspended_share and not one.removed_share:
            yield _warn("GH307", (*path, "suspended_share"), "no effect: no post is removed")
    if s.rule and s.score is None:
        first = next(iter(s.rule))
        yield _warn(
            "GH307", ("rule", first), "no effect: there is no [score] for its points", "add a [score] table"
        )
    for name, listing in _lists(s).items():
        for index, mode in enumerate(listing.closes):
            if getattr(s.travel, mode) is None:
                message = f"no effect: nobody asks for tickets, [travel.{mode}] is absent"
                yield _warn("GH307", ("list", name, "closes", index), message)


def _idle_at_first(loaded: Loaded) -> Iterator[Problem]:
    """Lists that cannot hold anybody by their start score."""
    s = loaded.scenario
    for name in s.initial.listed_below_points:
        reason = "there is no [score]" if s.score is None else "only companies lead on to this list"
        if s.score is None or s.list[name].entry_companies:
            yield _warn("GH307", ("initial", "listed_below_points", name), f"no effect: {reason}")


def _idle_people(loaded: Loaded) -> Iterator[Problem]:
    """Settings of graph, travel and learning whose mechanism is off."""
    s = loaded.scenario
    if s.graph:
        for key in sorted(s.graph.model_fields_set - {"kind", *NEEDS[s.graph.kind]}):
            yield _warn(
                "GH307", ("graph", key), f"no effect: a graph of kind {s.graph.kind} does not use `{key}`"
            )
    for name in schema.MODES:
        mode = getattr(s.travel, name)
        if mode and mode.retry_share and not mode.retries_max:
            yield _warn(
                "GH307", ("travel", name, "retry_share"), "no effect: `retries_max` is 0", "set retries_max"
            )
    restrained = any(one.restrained and not one.disabled for one in s.behaviour.values())
    if s.learn.restraint != "none" and not restrained:
        yield _warn(
            "GH307",
            ("learn", "restraint"),
            "no effect: no behaviour is `restrained`",
            "add restrained = true",
        )
    if s.identity.login.per_day is not None:
        yield _warn(
            "GH307", ("identity", "login", "per_day"), "no effect: a login takes place on each online day"
        )
    if s.travel.rail is not None and s.travel.rail.substitute_share > 0:
        yield _warn(
            "GH307", ("travel", "rail", "substitute_share"), "no effect: an ordinary train is the substitute"
        )


def _tiny(loaded: Loaded) -> Iterator[Problem]:
    """Probabilities so small that one short random word could not tell them from zero: accepted, with a note."""
    for key, value in loaded.exact.items():
        if 0 < value < TINY and key.rsplit(".", 1)[-1].endswith(("_share", "per_day")):
            path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
            message = (
                f"{float(value):.3g} is a very small probability; thresholds of 64 bits (two words) keep it"
            )
            yield Problem("GH306", path, message, severity="note")


def _labels(loaded: Loaded) -> Iterator[Problem]:
    """Labels of the impact sheet that are missing in a scenario that gives others: accepted, with a note."""
    if not labelled(loaded.scenario):
        return
    for key in missing(loaded.scenario):
        *path, label = key.split(".")
        message = f"`{label}` is missing; `assess` takes a default by kind"
        yield Problem("GH308", tuple(path), message, f"add {label} = ...", severity="note")
