"""The scenario language: every table and field a scheme may hold, with unit, bounds and meaning.

Strict and frozen: unknown keys, wrong types and values outside the bounds are refused at the edge, so
that nothing further in has to check again. Shares and probabilities lie in [0, 1]; `_per_day` is the
probability that something happens to one citizen on one day; `_points` are whole points of the score;
`_days` are whole days. A number may carry its evidence (`scenario.evidence`); that is taken off before
these models see it.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_CITIZENS = 4_000_000_000
MAX_BEHAVIOURS = 24
MAX_RULES = 32
MAX_LISTS = 8
MAX_TERMED_LISTS = 3
MAX_ALLOWANCES = 3
MAX_FRIENDS = 255
MODES = ("plane", "high_speed_rail", "rail")
GROUPS = ("a", "b", "c", "d", "e", "f", "g", "h")

Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
Text = Annotated[str, Field(max_length=2000)]
Share = Annotated[float, Field(ge=0, le=1)]
PerDay = Annotated[float, Field(ge=0, le=1)]
Multiplier = Annotated[float, Field(ge=0, le=1000)]
Points = Annotated[int, Field(ge=-10_000, le=10_000)]
ScorePoints = Annotated[int, Field(ge=-30_000, le=30_000)]
Spread = Annotated[int, Field(ge=0, le=60_000)]
Days = Annotated[int, Field(ge=0, le=3_650)]
ShortDays = Annotated[int, Field(ge=0, le=250)]
Age = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=1)]
Group = Literal["a", "b", "c", "d", "e", "f", "g", "h"]
Mode = Literal["plane", "high_speed_rail", "rail"]
ActivityCv = Literal["0.25", "0.5", "0.75", "1", "1.5", "2", "3"]
Gravity = Annotated[float, Field(ge=0, le=10)]
Severity = Annotated[float, Field(ge=0, le=1000)]
Context = Literal[
    "speech",
    "purchases",
    "internet",
    "finance",
    "travel",
    "ties",
    "identity",
    "conduct",
    "business",
    "civic",
    "employment",
    "education",
    "services",
]
Effect = Context | Literal["penalty"]


class Table(BaseModel):
    """A table of the scenario: strict, frozen, unknown keys refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def _array(item: type, low: int, high: int):  # noqa: ANN202 - a pydantic annotation
    """An array of `low` to `high` items: TOML gives lists, the models keep tuples."""
    return Annotated[tuple[item, ...], Field(strict=False, min_length=low, max_length=high)]


Weights = _array(Weight, 1, 16)
Multipliers = _array(Multiplier, 1, 16)


class Source(Table):
    """Where figures come from; numbers name it by its key."""

    title: Text = Field(description="Title of the page or document.")
    author: Text = Field(default="", description="Author or office.")
    date: Text = Field(default="", description="Date of the source as printed there.")
    url: Text = Field(default="", description="Public address.")
    locator: Text = Field(default="", description="Article, table, section or paragraph.")


class Society(Table):
    """Who lives there and for how long."""

    citizens: int = Field(default=100_000, ge=1, le=10**16, description="Number of citizens, all ages.")
    days: int = Field(default=365, ge=1, le=3_650, description="Days simulated.")
    start_date: dt.date = Field(default=dt.date(2019, 1, 1), description="Date of the first day.")
    seed: int = Field(default=1, ge=0, le=2**64 - 1, description="World seed; replicates differ in it.")
    female_share: Share = Field(default=0.4877, description="Share of women and girls.")
    urban_share: Share = Field(default=0.6389, description="Share living in towns.")
    age_from: _array(Age, 1, 16) = Field(
        default=(0, 15, 60, 65),
        description="First age of each age band; the first is 0, the last ends at 99.",
    )
    age_shares: Weights = Field(
        default=(0.1795, 0.6335, 0.0520, 0.1350), description="Share of citizens in each age band; sum 1."
    )
    online_from: _array(Age, 1, 16) = Field(default=(0,), description="First age of each online band.")
    online_shares: Weights = Field(default=(0.704,), description="Share of each online band that is online.")
    group_shares: dict[Group, Share] = Field(
        default={"a": 1.0}, description="Abstract groups a to h and their shares; sum 1."
    )


class InitialScore(Table):
    """Start scores by class: a class is drawn once per member, or is the activity class of a behaviour."""

    weights: Weights | None = Field(
        default=None, description="Share of members in each class; sum 1. Absent with `class_of`."
    )
    class_of: Id | None = Field(
        default=None, description="Behaviour whose activity classes, in their order, are the classes."
    )
    points: _array(ScorePoints, 1, 16) = Field(description="Start score of each class, in points.")
    spread_points: _array(Spread, 1, 16) | None = Field(
        default=None, description="Start scores of a class lie evenly between its points and so many more."
    )


class Initial(Table):
    """The state before day 0."""

    listed_share: dict[Id, Share] = Field(
        default={}, description="List id -> share of citizens within the list's ages already on it on day 0."
    )
    listed_below_points: dict[Id, ScorePoints] = Field(
        default={}, description="List id -> members whose start score is below are on it on day 0."
    )
    score: InitialScore | None = Field(default=None, description="Start scores other than the base.")


class Circle(Table):
    """A partition of the citizens into groups: household, work, chat group. Nothing is stored."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    scope: Literal["province", "nation"] = Field(description="Groups stay in a province, or span the nation.")
    sizes: _array(Annotated[int, Field(ge=1, le=500)], 1, 16) = Field(
        description="Group sizes, repeated in this order over the permuted citizens."
    )
    friend_share: Share = Field(default=0.0, description="Probability that two members are friends.")
    chat: bool = Field(default=False, description="A messenger group with an owner; members see punishments.")


class Ring(Table):
    """A ring of all citizens in a keyed order: every citizen befriends the next and the previous one."""

    disabled: bool = Field(default=False, description="As if the table were absent.")


class Graph(Table):
    """An explicit friend graph, stored; for populations that can afford it."""

    kind: Literal[
        "erdos-renyi", "watts-strogatz", "barabasi-albert", "block", "configuration", "complete"
    ] = Field(description="How the graph is drawn.")
    mean_friends: float | None = Field(
        default=None, ge=0, le=200, description="Mean number of friends (erdos-renyi, block)."
    )
    k: int | None = Field(
        default=None, ge=1, le=200, description="Neighbours on the lattice, even (watts-strogatz)."
    )
    rewired_share: Share | None = Field(default=None, description="Share of ties rewired (watts-strogatz).")
    m: int | None = Field(
        default=None, ge=1, le=100, description="Ties each newcomer makes (barabasi-albert)."
    )
    within_share: Share | None = Field(
        default=None, description="Share of ties that stay inside the block of the province (block)."
    )
    degrees: _array(Annotated[int, Field(ge=0, le=255)], 1, 64) | None = Field(
        default=None, description="Degrees of the published distribution (configuration)."
    )
    degree_shares: _array(Weight, 1, 64) | None = Field(
        default=None, description="Share of citizens with each degree; sum 1 (configuration)."
    )


class Classes(Table):
    """Activity classes: a class is drawn once per citizen and multiplies the rate."""

    weights: Weights = Field(description="Share of citizens in each class; sum 1.")
    multipliers: Multipliers = Field(description="Factor on the rate in each class.")


class Behaviour(Table):
    """Something citizens do at most once a day, who sees it, and what it leads to."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    label: Text = Field(default="", description="Words for people.")
    kind: Literal["speech", "purchase", "site", "offence", "prosocial", "default", "other"] = Field(
        description="What it is: speech counts as a post; default is an unpaid judgment debt."
    )
    data_context: Context | None = Field(
        default=None, description="Part of life that records of it come from; a label for `assess`."
    )
    gravity: Gravity | None = Field(
        default=None,
        description="How grave one act is, whatever the scheme says: 0 nobody's business, 10 grave violence;"
        " a label for `assess`.",
    )
    per_day: PerDay = Field(description="Probability on one day for a citizen of class multiplier 1.")
    doer_share: Share = Field(default=1.0, description="Share of citizens who ever do it.")
    classes: Classes | None = Field(default=None, description="Explicit activity classes.")
    activity_cv: ActivityCv | None = Field(
        default=None, description="Coefficient of variation of gamma activity classes with mean 1."
    )
    min_age: Age = Field(default=0, description="Youngest age.")
    max_age: Age = Field(default=100, description="Oldest age.")
    male_multiplier: Multiplier = Field(default=1.0, description="Factor on the rate of men and boys.")
    rural_multiplier: Multiplier = Field(default=1.0, description="Factor on the rate in the countryside.")
    online: bool = Field(default=False, description="Needs access to the internet that day.")
    chat: bool = Field(
        default=False, description="Under a screen name in a chat group: may be misattributed."
    )
    restrained: bool = Field(default=False, description="People who feel watched do it less.")
    seen_on: dict[Id, Share] = Field(
        default={}, description="Platform id -> probability that the act is seen there; sum at most 1."
    )
    seen_share: Share | None = Field(
        default=None, description="Probability that an office sees it directly, without a platform."
    )
    caught_share: Share = Field(
        default=1.0, description="Sensitivity: probability that a seen act is recorded."
    )
    false_alarm_per_day: PerDay = Field(
        default=0.0,
        description="Probability of a false record on a day without the act, for those with access.",
    )
    delay_days: _array(ShortDays, 1, 8) = Field(default=(0,), description="Days from act to record.")
    delay_shares: _array(Weight, 1, 8) = Field(
        default=(1.0,), description="Probability of each delay; sum 1."
    )
    misattributed_share: Share = Field(
        default=0.0, description="Share of chat records put on another member of the chat group."
    )
    removed_share: Share = Field(
        default=0.0, description="Probability that the platform removes a seen post."
    )
    suspended_share: Share = Field(
        default=0.0, description="Probability that a removed post suspends the account."
    )
    suspension_days: ShortDays = Field(default=0, description="Length of that suspension.")
    summons_share: Share = Field(
        default=0.0, description="Probability that the day's records of it lead to a police summons."
    )


class Platform(Table):
    """A company whose service sees what users do."""

    disabled: bool = Field(default=False, description="As if it passed nothing on.")
    kind: Literal["domestic", "foreign"] = Field(description="Home of the company; never a real name.")
    passed_on_share: Share = Field(description="Probability that a seen act is passed on to the authorities.")


class Rule(Table):
    """Points for the records of a behaviour, or for having low-scoring friends."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    label: Text = Field(default="", description="Words for people.")
    on: Literal["record", "association"] = Field(default="record", description="What the points follow.")
    points: Points = Field(description="Points per record (or per evaluation); negative is a loss.")
    behaviour: Id | None = Field(default=None, description="Whose records (on = record).")
    allowance: int = Field(
        default=0, ge=0, le=30, description="Free records per calendar month; the next and later ones cost."
    )
    min_friends: int | None = Field(
        default=None, ge=1, le=255, description="Flagged friends needed (on = association)."
    )
    min_share: Share | None = Field(
        default=None, description="Share of flagged friends needed (on = association)."
    )
    every: Literal["month", "day"] = Field(default="month", description="When associations are evaluated.")
    data_context: Context | None = Field(
        default=None, description="Part of life it looks at; its behaviour's if absent. A label for `assess`."
    )


class Grade(Table):
    """A band of the score."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9+_-]{1,16}$")] = Field(description="Name of the band.")
    from_points: ScorePoints = Field(description="Lowest score of the band.")
    to_points: ScorePoints = Field(description="Highest score of the band.")


class Factor(Table):
    """One factor of a weighted score, a value from 0 to 1."""

    weight: Weight = Field(description="Weight of the factor; all weights sum to 1.")
    of: Literal["trait", "records", "friends"] = Field(description="What moves it.")
    weights: Weights = Field(default=(1.0,), description="Share of members in each class (trait); sum 1.")
    levels: _array(Share, 1, 16) = Field(default=(1.0,), description="Value of each class (trait).")
    rule: Id | None = Field(
        default=None, description="Rule with an allowance whose records of the month lower it (records)."
    )
    full_at: int = Field(
        default=1, ge=1, le=31, description="Records in a month that take it to 0 (records)."
    )


class Score(Table):
    """The score of a scheme."""

    kind: Literal["points", "weighted"] = Field(
        default="points", description="Sum of points, or weighted factors."
    )
    role: Literal["output", "input_only"] = Field(
        default="output", description="output: sanctions follow from the score; input_only: it is only kept."
    )
    base_points: ScorePoints = Field(description="Score that members start at and recover to.")
    floor_points: ScorePoints = Field(description="Lowest score.")
    ceiling_points: ScorePoints = Field(description="Highest score.")
    min_age: Age = Field(default=18, description="Youngest member.")
    member_share: Share = Field(default=1.0, description="Share of those old enough who are scored.")
    recovery_points: int = Field(default=0, ge=0, le=1000, description="Points won back below the base.")
    recovery_every_days: int = Field(default=1, ge=1, le=365, description="Days between recoveries.")
    decay_points: int = Field(default=0, ge=0, le=1000, description="Points lost above the base.")
    decay_every_days: int = Field(default=1, ge=1, le=365, description="Days between decays.")
    low_cutoff_points: ScorePoints | None = Field(
        default=None, description="A score below this is published as low."
    )
    grade: _array(Grade, 0, 16) = Field(default=(), description="Bands from low to high, without gaps.")
    factor: dict[Id, Factor] = Field(default={}, description="Factors of a weighted score.")


class ListRule(Table):
    """A list people are put on: sanctions close doors, perks open them."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    label: Text = Field(default="", description="Words for people.")
    kind: Literal["sanction", "perk"] = Field(default="sanction", description="Closes doors or opens them.")
    entry_score_below: ScorePoints | None = Field(default=None, description="Entry when the score is below.")
    entry_score_at_least: ScorePoints | None = Field(
        default=None, description="Entry when the score reaches it."
    )
    entry_records_of: _array(Id, 0, 8) = Field(
        default=(), description="Entry on records of these behaviours."
    )
    entry_share: Share = Field(default=1.0, description="Probability that a day's records lead to entry.")
    entry_companies: bool = Field(
        default=False, description="Representatives are on it while their company is listed; no other entry."
    )
    term_days: Days | None = Field(default=None, description="Longest stay; absent: no term.")
    exit_score_at_least: ScorePoints | None = Field(
        default=None, description="Exit when the score reaches it."
    )
    exit_score_below: ScorePoints | None = Field(default=None, description="Exit when the score falls below.")
    performed_per_day: PerDay = Field(
        default=0.0, description="Daily probability to perform the debt and leave."
    )
    repaired_per_day: PerDay = Field(default=0.0, description="Daily probability to be repaired and leave.")
    closes: _array(Mode, 0, 3) = Field(default=(), description="Ways of travel refused to those on it.")
    effect_context: Effect | None = Field(
        default=None, description="Part of life that being on it bars; a label for `assess`."
    )
    weight: Severity | None = Field(
        default=None, description="How heavy one day on it is; a day of detention is 1. A label for `assess`."
    )


class Sanction(Table):
    """What a sanction that is no list does to a life; labels for `assess`."""

    effect_context: Effect | None = Field(
        default=None, description="Part of life that it bars; `penalty` is an answer to the act itself."
    )
    weight: Severity | None = Field(
        default=None, description="How heavy one day of it, or one of it, is; a day of detention is 1."
    )


class Sanctions(Table):
    """Sanctions that are no lists."""

    detention: Sanction = Field(default=Sanction(), description="A day of detention.")
    suspension: Sanction = Field(default=Sanction(), description="A day of a suspended account.")
    offline: Sanction = Field(default=Sanction(), description="A day offline after a failed check.")
    fine: Sanction = Field(default=Sanction(), description="A fine.")
    reprimand: Sanction = Field(default=Sanction(), description="A reprimand.")
    pledge: Sanction = Field(default=Sanction(), description="A written pledge.")


class TravelMode(Table):
    """Requests for tickets of one kind, at most one a day, and what a refusal leads to."""

    requests_per_day: PerDay = Field(description="Probability of asking on one day, class multiplier 1.")
    traveller_share: Share = Field(default=1.0, description="Share of citizens who ever ask.")
    classes: Classes | None = Field(default=None, description="Explicit activity classes.")
    activity_cv: ActivityCv | None = Field(default=None, description="Variation between travellers.")
    min_age: Age = Field(default=0, description="Youngest age.")
    max_age: Age = Field(default=100, description="Oldest age.")
    rural_multiplier: Multiplier = Field(default=1.0, description="Factor on the rate in the countryside.")
    retry_share: Share = Field(default=0.0, description="Probability of asking again after each refusal.")
    retries_max: int = Field(default=0, ge=0, le=30, description="Most retries on one day.")
    stop_share: Share = Field(
        default=0.0, description="Probability after a day of refusal to stop asking until off the list."
    )
    substitute_share: Share = Field(
        default=0.0, description="Probability of an ordinary-rail trip the same day instead."
    )


class Travel(Table):
    """Ways of travel that a list may close."""

    plane: TravelMode | None = Field(default=None, description="Planes.")
    high_speed_rail: TravelMode | None = Field(default=None, description="High-speed trains.")
    rail: TravelMode | None = Field(default=None, description="Ordinary trains.")


class Outcomes(Table):
    """Exactly one outcome follows an interrogation; shares sum to 1."""

    pledge: Share = Field(description="A written pledge.")
    reprimand: Share = Field(description="A formal reprimand.")
    fine: Share = Field(description="A fine.")
    detention: Share = Field(description="Administrative detention.")


class Police(Table):
    """What follows a summons."""

    interrogated_share: Share = Field(
        default=1.0, description="Share of summonses that end in an interrogation."
    )
    outcomes: Outcomes = Field(description="Outcome of an interrogation.")
    detention_days: _array(ShortDays, 1, 8) = Field(default=(5,), description="Lengths of detention.")
    detention_shares: _array(Weight, 1, 8) = Field(default=(1.0,), description="Share of each length; sum 1.")
    owner_liable_share: Share = Field(
        default=0.0, description="Probability that a summons over a chat post reaches the group's owner."
    )
    owner_suspension_days: ShortDays = Field(default=0, description="Suspension of the owner's account.")
    owner_points: Points = Field(default=0, description="Points for the owner.")


class Redress(Table):
    """Appeals against the records of a day."""

    filed_share: Share = Field(description="Probability that a costly record is appealed.")
    decision_days: ShortDays = Field(description="Days from filing to decision, exactly.")
    won_if_false_share: Share = Field(description="Probability of winning when no record was true.")
    won_if_true_share: Share = Field(description="Probability of winning otherwise.")


class Learn(Table):
    """How people come to feel watched, and what they stop doing."""

    restraint: Literal["none", "proportional", "strategic"] = Field(
        default="none", description="none; proportional to perceived risk; strategic dissent."
    )
    strength: float = Field(default=1.0, ge=0, le=100, description="Restraint per unit of perceived risk.")
    own_weight: Share = Field(default=0.0, description="Rise of perceived risk on own punishment.")
    friend_weight: Share = Field(default=0.0, description="Rise for each friend punished the day before.")
    chat_weight: Share = Field(default=0.0, description="Rise for each chat member punished the day before.")
    bulletin_weight: float = Field(
        default=0.0, ge=0, le=1000, description="Rise per share of citizens sanctioned last month."
    )
    half_life_days: float = Field(default=90.0, ge=1, le=3650, description="Half-life of perceived risk.")
    tolerance: Share = Field(default=0.25, description="Dissent the scheme lets pass (strategic).")
    severity: float = Field(default=0.6, ge=0, le=100, description="Punishment feared (strategic).")
    punishment: Literal["uniform", "proportional"] = Field(
        default="uniform", description="Feared punishment: the same for all, or by excess (strategic)."
    )
    desire_mean: float = Field(default=0.25, gt=0, le=10, description="Mean desire to dissent (strategic).")
    boldness_mean: float = Field(default=2.0, gt=0, le=100, description="Mean boldness (strategic).")


class Ties(Table):
    """What friends see of each other, and whether ties are cut."""

    flag: Literal["low_score", "listed"] = Field(
        default="low_score", description="Which published status of a friend counts as bad."
    )
    cut_share: Share = Field(
        default=0.0, description="Probability on the 1st to cut each tie to a flagged friend, for 12 months."
    )


class Check(Table):
    """An identity check at an event."""

    per_day: PerDay | None = Field(
        default=None, description="Probability of the event on one day (absent for login: each online day)."
    )
    check: Literal["none", "id", "id_and_face"] = Field(default="none", description="What is compared.")
    from_date: dt.date | None = Field(default=None, description="First day of the check.")


class Identity(Table):
    """Real-name and face checks, and accounts on borrowed cards. Error rates only, no images."""

    borrowed_share: Share = Field(
        default=0.0, description="Share of online citizens whose account is on another citizen's card."
    )
    forged_share: Share = Field(
        default=0.0, description="Probability that the card fails a check as not genuine."
    )
    false_non_match_share: dict[Group, Share] = Field(
        default={}, description="Group -> probability that one try rejects the right face."
    )
    false_match_share: Share = Field(
        default=0.0, description="Probability that one try accepts a wrong face."
    )
    tries: int = Field(default=3, ge=1, le=10, description="Independent tries at one check.")
    offline_days: ShortDays = Field(default=1, description="Days offline after a failed check, from today.")
    new_line: Check = Field(default=Check(), description="Check when a line is opened.")
    renewal: Check = Field(default=Check(), description="Check when a line is renewed.")
    login: Check = Field(default=Check(), description="Check at login, once each online day.")


class Company(Table):
    """Companies with one representative each."""

    companies_per_citizen: Share = Field(description="Companies per citizen.")
    default_per_day: PerDay = Field(
        description="Daily probability that an unlisted company defaults and is listed."
    )
    term_days: Days = Field(default=730, description="Longest listing of a company.")
    performed_per_day: PerDay = Field(
        default=0.0, description="Daily probability that a listed company performs."
    )


class Variant(Table):
    """Another form of the scheme to compare it with, as --without and --set make one; no part of the plan."""

    label: Text = Field(default="", description="Words for people.")
    without: _array(Id, 0, 64) = Field(
        default=(), description="Rules, lists, behaviours or platforms that are switched off."
    )
    set: dict[str, Any] = Field(
        default={}, description="Dotted key -> value, with its evidence or without: `rule.games.points`."
    )


class Scenario(Table):
    """A scheme imposed on a society."""

    glasshouse: Literal[1] = Field(description="Version of the scenario language.")
    title: Annotated[str, Field(min_length=1, max_length=120)] = Field(description="Title in words.")
    summary: Text = Field(default="", description="One sentence.")
    notice: Text = Field(default="", description="Line shown wherever results of this scenario are shown.")
    limits: _array(Text, 0, 20) = Field(default=(), description="Known limits of the scenario.")
    strict_sources: bool = Field(default=False, description="Every number must carry its evidence.")
    society: Society = Field(description="Who lives there and for how long.")
    initial: Initial = Field(default=Initial(), description="The state before day 0.")
    circle: dict[Id, Circle] = Field(default={}, description="Household, work, chat groups.")
    ring: dict[Id, Ring] = Field(default={}, description="Rings of friends.")
    graph: Graph | None = Field(default=None, description="Explicit friend graph.")
    behaviour: dict[Id, Behaviour] = Field(default={}, description="What citizens do.")
    platform: dict[Id, Platform] = Field(default={}, description="Companies that see it.")
    score: Score | None = Field(default=None, description="The score, if the scheme has one.")
    rule: dict[Id, Rule] = Field(default={}, description="Points.")
    list: dict[Id, ListRule] = Field(default={}, description="Lists that close or open doors.")
    travel: Travel = Field(default=Travel(), description="Tickets.")
    police: Police | None = Field(default=None, description="Summons and outcomes.")
    redress: Redress | None = Field(default=None, description="Appeals.")
    learn: Learn = Field(default=Learn(), description="Perceived risk and restraint.")
    ties: Ties = Field(default=Ties(), description="What friends see and do.")
    identity: Identity = Field(default=Identity(), description="Real-name and face checks.")
    company: Company | None = Field(default=None, description="Companies.")
    sanction: Sanctions = Field(
        default=Sanctions(), description="What sanctions do; labels, no part of the plan."
    )
    variant: dict[Id, Variant] = Field(default={}, description="Forms of the scheme to compare it with.")
    source: dict[Id, Source] = Field(default={}, description="Sources by key.")
