"""What people of a scenario do and who sees it: behaviours, platforms, tickets, checks, companies."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from glasshouse.scenario.schema_types import (
    ActivityCv,
    Age,
    Context,
    Days,
    Gravity,
    Group,
    Id,
    Multiplier,
    Multipliers,
    PerDay,
    Share,
    ShortDays,
    Table,
    Text,
    Weight,
    Weights,
    array,
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
    delay_days: array(ShortDays, 1, 8) = Field(default=(0,), description="Days from act to record.")
    delay_shares: array(Weight, 1, 8) = Field(default=(1.0,), description="Probability of each delay; sum 1.")
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
