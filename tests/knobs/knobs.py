"""Every knob of a scenario: what to turn it to, and what must move.

A world of the base (with `extra` in both worlds) is held against the same world, same people, same luck, after
`path = value` (with `also` beside it, where shares must sum to 1). `key` is a key of `totals`, or, where no total
can see the knob, the sum of a flow (`flow:`) or a stock at the end (`stock:`); `sign` is the way it must go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Knob:
    """One knob of the table.

    Attributes:
        path: Dotted path that is set.
        value: What it is set to in the second world.
        key: What must move.
        sign: 1 if it must rise, -1 if it must fall.
        base: Preset, or a scenario beside the tests.
        extra: Set in both worlds.
        also: Set in the second world beside the knob.
        shows: Field of the schema it stands for, if the path does not say it.
    """

    path: str
    value: Any
    key: str
    sign: int
    base: str = "town"
    extra: dict[str, Any] = field(default_factory=dict)
    also: dict[str, Any] = field(default_factory=dict)
    shows: str = ""

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


def k(path: str, value: Any, key: str, sign: int, **rest: Any) -> Knob:
    """Return a knob."""
    return Knob(path, value, key, sign, **rest)


# ---- bases within the bases

ALONE = {  # nobody knows anybody but by the graph
    "circle.household.disabled": True,
    "circle.work.disabled": True,
    "circle.chat.disabled": True,
    "ring.old-friends.disabled": True,
}
STRATEGIC = {"learn.restraint": "strategic", "learn.tolerance": 0.1, "learn.desire_mean": 0.5}
NO_LOGIN = {"identity.login.check": "none"}
ONE_GRADE = {"score.grade": [{"name": "A", "from_points": 0, "to_points": 1300}]}
ONE_CHAT = {"circle.chat.sizes": [300], "circle.chat.friend_share": 0}
FEW_LOW = ALONE | {  # five in a thousand start low; a low friend makes low within a day, nothing else does
    "initial.score.weights": [0.995, 0.005],
    "initial.score.points": [1000, 900],
    "rule.friends.every": "day",
    "rule.friends.points": -40,
    "rule.games.disabled": True,
    "rule.junk_food.disabled": True,
    "rule.unauthorised_sites.disabled": True,
    "rule.false_news.disabled": True,
    "rule.police_criticism.disabled": True,
    "police.owner_points": 0,
}
TWO_CLASSES = {"behaviour.unauthorised_sites.classes": {"weights": [0.5, 0.5], "multipliers": [0.5, 1.5]}}
FEW_IN_THE_FIRST = {"weights": [0.05, *[0.0] * 14, 0.95], "multipliers": [1.0] * 16}
BY_CLASS = {  # half of the sixteen classes of gamers start low; of visitors one in twenty would
    "behaviour.unauthorised_sites.classes": FEW_IN_THE_FIRST,
    "initial.score": {"class_of": "games", "points": [940] * 8 + [1000] * 8},
}
NOBODY_BELOW = {"initial.listed_below_points": {"court": 0}}
SESAME = {
    "strict_sources": False,
    "society.citizens": 2000,
    "society.days": 24,
    "society.start_date": "2019-01-25",
    "score.member_share": 0.9,
    "behaviour.loan_arrears.per_day": 0.05,
    "behaviour.loan_arrears.doer_share": 0.7,
}


def graph(**numbers: Any) -> dict[str, Any]:
    """Return the changes that leave a graph as the only ties."""
    return ALONE | {"graph": numbers}


def sesame(
    path: str, value: Any, key: str, sign: int, extra: dict[str, Any] | None = None, **rest: Any
) -> Knob:
    """Return a knob of the weighted score."""
    return Knob(path, value, key, sign, base="sesame-2015", extra=SESAME | (extra or {}), **rest)


SOCIETY = (
    k("society.female_share", 0.95, "points_lost.games", -1),
    k("society.urban_share", 0.05, "points_lost.games", -1, extra={"behaviour.games.rural_multiplier": 0.3}),
    k("society.age_from", [0, 5, 60, 65], "points_lost.junk_food", -1),
    k("society.age_shares", [0.6, 0.2, 0.1, 0.1], "points_lost.junk_food", -1),
    k("society.online_from", [0, 40, 50, 60, 70, 80], "posts.written", -1),
    k("society.online_shares", [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], "posts.written", -1),
    k("society.group_shares", {"a": 0.1, "b": 0.1, "c": 0.1, "d": 0.7}, "offline_days.face", 1),
    k("initial.listed_share.court", 0.3, "listed.persons", 1),
    k("initial.score.weights", [0.2, 0.7, 0.1], "listed.persons", 1),
    k("initial.score.points", [1000, 1000, 1005], "listed.persons", -1),
    k("initial.score.spread_points", [0, 40, 0], "listed.persons", -1),
    k("initial.score.class_of", "unauthorised_sites", "listed.persons", -1, extra=BY_CLASS),
    k("initial.listed_below_points.court", 990, "listed.persons", 1, extra=NOBODY_BELOW),
)

TIES = (
    k("circle.household.disabled", True, "ties_cut", -1),
    k("circle.chat.scope", "province", "posts.withheld", -1, extra=ONE_CHAT),
    k("circle.work.sizes", [5], "ties_cut", -1),
    k("circle.work.friend_share", 0.8, "ties_cut", 1),
    k("circle.chat.chat", False, "group_owner_liable", -1),
    k("ring.old-friends.disabled", True, "ties_cut", -1),
    k("graph.kind", "barabasi-albert", "ties_cut", 1, extra=graph(kind="erdos-renyi", mean_friends=1.0, m=6)),
    k("graph.mean_friends", 9.0, "ties_cut", 1, extra=graph(kind="erdos-renyi", mean_friends=3.0)),
    k("graph.k", 8, "ties_cut", 1, extra=graph(kind="watts-strogatz", k=2, rewired_share=0.1)),
    k(
        "graph.rewired_share",
        1.0,
        "points_lost.association",
        1,
        extra=FEW_LOW | graph(kind="watts-strogatz", k=4, rewired_share=0.0),
    ),
    k("graph.m", 5, "ties_cut", 1, extra=graph(kind="barabasi-albert", m=1)),
    k(
        "graph.within_share",
        1.0,
        "points_lost.association",
        -1,
        extra=FEW_LOW | graph(kind="block", mean_friends=4.0, within_share=0.2),
    ),
    k(
        "graph.degrees",
        [1, 20],
        "ties_cut",
        1,
        extra=graph(kind="configuration", degrees=[1, 4], degree_shares=[0.5, 0.5]),
    ),
    k(
        "graph.degree_shares",
        [0.9, 0.1],
        "ties_cut",
        -1,
        extra=graph(kind="configuration", degrees=[1, 12], degree_shares=[0.1, 0.9]),
    ),
    k("ties.flag", "listed", "ties_cut", 1, extra={"initial.listed_share.court": 0.3}),
    k("ties.cut_share", 0.5, "ties_cut", 1),
)

BEHAVIOUR = (
    k("behaviour.games.disabled", True, "points_lost.games", -1),
    k("behaviour.games.kind", "speech", "posts.written", 1),
    k("behaviour.games.per_day", 0.1, "points_lost.games", 1),
    k("behaviour.games.doer_share", 0.2, "points_lost.games", -1),
    k(
        "behaviour.unauthorised_sites.classes.weights",
        [0.1, 0.9],
        "points_lost.unauthorised_sites",
        1,
        extra=TWO_CLASSES,
    ),
    k(
        "behaviour.unauthorised_sites.classes.multipliers",
        [0, 0.5],
        "points_lost.unauthorised_sites",
        -1,
        extra=TWO_CLASSES,
    ),
    k("behaviour.games.activity_cv", "3", "points_lost.games", -1, extra={"behaviour.games.per_day": 0.3}),
    k("behaviour.junk_food.min_age", 60, "points_lost.junk_food", -1),
    k("behaviour.junk_food.max_age", 30, "points_lost.junk_food", -1),
    k("behaviour.games.male_multiplier", 3.0, "points_lost.games", 1),
    k("behaviour.games.rural_multiplier", 0.1, "points_lost.games", -1),
    k("behaviour.junk_food.online", True, "points_lost.junk_food", -1),
    k("behaviour.police_criticism.chat", False, "records.misattributed", -1),
    k("behaviour.junk_food.restrained", False, "points_lost.junk_food", 1, extra={"learn.strength": 4}),
    k("behaviour.games.seen_on.domestic", 0.1, "points_lost.games", -1),
    k("behaviour.prosocial.seen_share", 0.1, "points_gained.all", -1),
    k("behaviour.games.caught_share", 0.3, "points_lost.games", -1),
    k("behaviour.games.false_alarm_per_day", 0.03, "records.false", 1),
    k("behaviour.police_criticism.delay_days", [0, 60, 60, 60], "points_lost.police_criticism", -1),
    k(
        "behaviour.police_criticism.delay_shares",
        [0.1, 0.0, 0.0, 0.9],
        "points_lost.police_criticism",
        -1,
        extra={"behaviour.police_criticism.delay_days": [0, 1, 3, 40]},
    ),
    k("behaviour.police_criticism.misattributed_share", 0.9, "records.misattributed", 1),
    k("behaviour.other_posts.removed_share", 0.9, "posts.removed", 1),
    k("behaviour.other_posts.suspended_share", 0.9, "offline_days.suspension", 1),
    k("behaviour.other_posts.suspension_days", 40, "offline_days.suspension", 1),
    k("behaviour.police_criticism.summons_share", 1.0, "summonses", 1),
    k("platform.domestic.disabled", True, "passed_on.domestic", -1),
    k("platform.domestic.kind", "foreign", "passed_on.foreign", 1),
    k("platform.domestic.passed_on_share", 0.2, "passed_on.domestic", -1),
    k("platform.foreign.passed_on_share", 1.0, "passed_on.foreign", 1),
)

SCORE = (
    k("rule.games.disabled", True, "points_lost.games", -1),
    k(
        "rule.games.on",
        "association",
        "points_lost.association",
        1,
        extra={"rule.friends.disabled": True, "rule.games.min_friends": 1},
    ),
    k("rule.games.points", -50, "points_lost.games", 1),
    k("rule.games.behaviour", "junk_food", "points_lost.games", -1),
    k("rule.games.allowance", 4, "points_lost.games", -1),
    k("rule.friends.min_friends", 5, "points_lost.association", -1),
    k("rule.friends.min_share", 0.05, "points_lost.association", 1, extra={"rule.friends.min_friends": 30}),
    k("rule.friends.every", "day", "points_lost.association", 1),
    sesame("score.kind", "points", "perks", -1),
    k("score.role", "input_only", "listed.persons", -1),
    k("score.base_points", 1040, "perks", 1),
    k(
        "score.floor_points",
        990,
        "listed.persons",
        -1,
        extra=ONE_GRADE | {"initial.score.points": [1000, 995, 1005]},
        also={"score.grade": [{"name": "A", "from_points": 990, "to_points": 1300}]},
    ),
    k(
        "score.ceiling_points",
        1006,
        "perks",
        -1,
        extra=ONE_GRADE,
        also={"score.grade": [{"name": "A", "from_points": 0, "to_points": 1006}]},
    ),
    k("score.min_age", 60, "points_lost.all", -1),
    k("score.member_share", 0.2, "points_lost.all", -1),
    k("score.recovery_points", 20, "listed.persons", -1),
    k("score.recovery_every_days", 60, "listed.persons", 1, extra={"score.recovery_points": 10}),
    k("score.decay_points", 20, "perks", -1),
    k("score.decay_every_days", 1, "perks", -1),
    k("score.low_cutoff_points", 990, "points_lost.association", 1),
    k(
        "score.grade",
        [
            {"name": "D", "from_points": 0, "to_points": 969},
            {"name": "A", "from_points": 970, "to_points": 1300},
        ],
        "stock:grade.D",
        1,
        shows="score.grade.*.from_points",
    ),
    sesame(
        "score.factor.preference.weight", 0.5, "perks", -1, also={"score.factor.credit_history.weight": 0.1}
    ),
    sesame(
        "score.factor.connections.of",
        "trait",
        "perks",
        1,
        extra={
            "score.low_cutoff_points": 600,
            "score.factor.connections.weight": 0.3,
            "score.factor.preference.weight": 0.0,
        },
        also={"score.factor.connections.levels": [1.0]},
    ),
    sesame("score.factor.preference.weights", [0, 0, 0.1, 0.9], "perks", 1),
    sesame("score.factor.preference.levels", [0.8, 0.8, 0.9, 1.0], "perks", 1),
    sesame(
        "score.factor.credit_history.rule",
        "court",
        "perks",
        1,
        extra={
            "rule": {
                "loan_arrears": {"behaviour": "loan_arrears", "points": 0},
                "court": {"behaviour": "court_default", "points": 0},
            }
        },
    ),
    sesame("score.factor.credit_history.full_at", 31, "perks", 1),
)

LISTS = (
    k("list.court.disabled", True, "refused.plane", -1),
    k("list.good.kind", "sanction", "listed.persons", 1),
    k("list.score.entry_score_below", 900, "listed.persons", -1),
    k("list.good.entry_score_at_least", 1040, "perks", -1),
    k("list.conduct.entry_records_of", ["train_conduct", "games"], "listed.persons", 1),
    k(
        "list.court.entry_share",
        0.1,
        "punished.false",
        -1,
        extra={"behaviour.court_default.false_alarm_per_day": 0.005},
    ),
    k("list.representatives.entry_companies", False, "punished.representation", -1),
    k("list.conduct.term_days", 3, "delisted.persons", 1),
    k("list.score.exit_score_at_least", 965, "delisted.persons", 1),
    k("list.good.exit_score_below", 1010, "perks", 1, extra={"behaviour.prosocial.per_day": 0.3}),
    k("list.court.performed_per_day", 0.1, "debts_performed", 1),
    k("list.court.repaired_per_day", 0.1, "delisted.persons", 1),
    k("list.court.closes", ["plane"], "refused.high_speed_rail", -1),
)


def two_classes_of(table: str) -> dict[str, Any]:
    """Return the changes that give a way of travel explicit classes: every second one never asks."""
    return {table: {"requests_per_day": 0.05, "classes": {"weights": [0.5, 0.5], "multipliers": [0, 2]}}}


def travel(mode: str) -> tuple[Knob, ...]:
    """Return the knobs of one way of travel; totals do not hold those of ordinary trains."""
    asked = f"{'flow:' if mode == 'rail' else ''}requested.{mode}"
    refused = f"{'flow:' if mode == 'rail' else ''}refused.{mode}"
    here = f"travel.{mode}"
    knobs = (
        k(f"{here}.requests_per_day", 0.1, asked, 1),
        k(f"{here}.traveller_share", 0.2, asked, -1),
        k(f"{here}.activity_cv", "3", asked, -1, extra={f"{here}.requests_per_day": 0.4}),
        k(f"{here}.classes.weights", [0.9, 0.1], asked, -1, extra=two_classes_of(here)),
        k(f"{here}.classes.multipliers", [0, 5], asked, 1, extra=two_classes_of(here)),
        k(f"{here}.min_age", 50, asked, -1),
        k(f"{here}.max_age", 30, asked, -1),
        k(f"{here}.rural_multiplier", 0.1, asked, -1),
        k(f"{here}.retry_share", 1.0, refused, 1),
        k(f"{here}.retries_max", 20, refused, 1, extra={f"{here}.retry_share": 0.9}),
        k(f"{here}.stop_share", 1.0, asked, -1),
    )
    return knobs if mode == "rail" else (*knobs, k(f"{here}.substitute_share", 0.9, "flow:substituted", 1))


POLICE = (
    k("police.interrogated_share", 0.3, "interrogations", -1),
    k("police.outcomes.pledge", 0.49, "pledges", 1, also={"police.outcomes.reprimand": 0}),
    k("police.outcomes.reprimand", 0.76, "flow:reprimands", 1, also={"police.outcomes.detention": 0}),
    k("police.outcomes.fine", 0.49, "flow:fines", 1, also={"police.outcomes.reprimand": 0}),
    k("police.outcomes.detention", 0, "detention_days", -1, also={"police.outcomes.reprimand": 0.76}),
    k("police.detention_days", [20, 20, 20, 20], "detention_days", 1),
    k("police.detention_shares", [0, 0, 0, 1], "detention_days", 1),
    k("police.owner_liable_share", 1.0, "group_owner_liable", 1),
    k("police.owner_suspension_days", 60, "offline_days.suspension", 1),
    k("police.owner_points", -300, "points_lost.all", 1),
    k("redress.filed_share", 0.9, "appeals.filed", 1),
    k("redress.decision_days", 60, "appeals.won", -1),
    k("redress.won_if_false_share", 1.0, "appeals.won", 1),
    k("redress.won_if_true_share", 0.9, "appeals.won", 1),
)

LEARN = (
    k("learn.restraint", "none", "posts.withheld", -1),
    k("learn.strength", 8, "posts.withheld", 1),
    k("learn.own_weight", 0.8, "posts.withheld", 1),
    k("learn.friend_weight", 0.3, "posts.withheld", 1),
    k("learn.chat_weight", 0.05, "posts.withheld", 1),
    k("learn.bulletin_weight", 5.0, "posts.withheld", 1),
    k("learn.half_life_days", 2.0, "posts.withheld", -1),
    k("learn.tolerance", 0.9, "posts.withheld", -1, extra=STRATEGIC),
    k("learn.severity", 5.0, "posts.withheld", 1, extra=STRATEGIC),
    # in proportion, mild dissent is punished mildly
    k("learn.punishment", "proportional", "posts.withheld", -1, extra=STRATEGIC),
    k("learn.desire_mean", 5.0, "posts.withheld", 1, extra=STRATEGIC | {"learn.desire_mean": 0.1}),
    k("learn.boldness_mean", 0.2, "posts.withheld", 1, extra=STRATEGIC),
)

IDENTITY = (
    k("identity.borrowed_share", 0.5, "offline_days.face", 1),
    k("identity.forged_share", 0.02, "offline_days.id", 1),
    k("identity.false_non_match_share.a", 0.3, "offline_days.face", 1),
    k("identity.false_match_share", 1.0, "offline_days.face", -1),
    k("identity.tries", 5, "offline_days.face", -1),
    k("identity.offline_days", 10, "offline_days.id", 1),
    k("identity.new_line.per_day", 0.3, "offline_days.face", 1, extra=NO_LOGIN),
    k("identity.new_line.check", "id", "offline_days.face", -1, extra=NO_LOGIN),
    k("identity.new_line.from_date", "2019-02-12", "offline_days.face", -1, extra=NO_LOGIN),
    k("identity.renewal.per_day", 0.3, "offline_days.face", 1, extra=NO_LOGIN),
    k("identity.renewal.check", "none", "offline_days.face", -1, extra=NO_LOGIN),
    k("identity.renewal.from_date", "2019-02-12", "offline_days.face", -1, extra=NO_LOGIN),
    k("identity.login.check", "none", "offline_days.face", -1),
    k("identity.login.from_date", "2019-02-12", "offline_days.face", -1),
)

COMPANY = (
    k("company.companies_per_citizen", 0.3, "listed.companies", 1),
    k("company.default_per_day", 0.1, "listed.companies", 1),
    k("company.term_days", 1, "delisted.persons", 1),
    k("company.performed_per_day", 0.3, "delisted.persons", 1),
)

KNOBS: tuple[Knob, ...] = (
    *SOCIETY,
    *TIES,
    *BEHAVIOUR,
    *SCORE,
    *LISTS,
    *travel("plane"),
    *travel("high_speed_rail"),
    *travel("rail"),
    *POLICE,
    *LEARN,
    *IDENTITY,
    *COMPANY,
)

# Fields that are no knobs of a mechanism, each with its reason.
EXCEPT = {
    "glasshouse": "version of the language",
    "strict_sources": "asks for evidence; tests/scenario",
    "society.citizens": "size of every world; two sizes are two societies",
    "society.days": "length of every world",
    "society.start_date": "only says on which days the 1sts fall",
    "society.seed": "another seed is another replicate",
    "score.grade.*.to_points": "must be one below the next band's from_points, so it says nothing of its own",
    "travel.rail.substitute_share": "an ordinary train is the substitute",
    "identity.login.per_day": "a login takes place on each online day; lint says so",
    "variant.*.set": "says what another scenario is; tests/scenario, tests/compare",
    "variant.*.without": "the same",
}
