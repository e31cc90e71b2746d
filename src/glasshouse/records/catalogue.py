"""The table behind `measures`: what each flow and stock is, in words.

Name -> (unit, formula, denominator, phase of the day). `<id>` stands for the table key of a behaviour, list,
way of travel or grade, or for an origin.
"""

from __future__ import annotations

Row = tuple[str, str, str, str]

# Who a count is fairly divided by.
_ALL = "citizens"
_ONLINE = "citizens online"
_MEMBERS = "members"
_WRITERS = "posts written and withheld"
_ACTS = "acts"
_RECORDS = "records"
_SUMMONS = "summonses"
_ASKED = "requests of that kind"
_COMPANIES = "companies"

FLOWS: dict[str, Row] = {
    "offline_days.face": ("person-days", "people online kept off by a failed face check", _ONLINE, "access"),
    "offline_days.id": (
        "person-days",
        "people online kept off by a refused identity card",
        _ONLINE,
        "access",
    ),
    "offline_days.suspension": ("person-days", "people online whose account is suspended", _ONLINE, "access"),
    "offline_days.detention": ("person-days", "people online who are detained", _ONLINE, "access"),
    "detention_days": ("person-days", "people who are detained", _ALL, "access"),
    "failed_checks.face": ("checks", "identity checks failed by the face", _ONLINE, "access"),
    "failed_checks.id": ("checks", "identity checks failed by the card", _ONLINE, "access"),
    "posts.written": ("posts", "acts of speech", _WRITERS, "act"),
    "posts.withheld": (
        "posts",
        "acts of speech that would have been made at no perceived risk",
        _WRITERS,
        "act",
    ),
    "posts.removed": ("posts", "posts that a platform took down", "posts written", "observe"),
    "offences_withheld": ("acts", "restrained acts other than speech, not made for fear", _ACTS, "act"),
    "suspensions": ("suspensions", "accounts that a platform suspended", _ONLINE, "observe"),
    "passed_on.domestic": (
        "reports",
        "acts that a domestic platform reported",
        "acts seen by one",
        "observe",
    ),
    "passed_on.foreign": ("reports", "acts that a foreign platform reported", "acts seen by one", "observe"),
    "records.true": ("records", "records of own acts that arrived", _RECORDS, "observe"),
    "records.false": ("records", "records of what the person did not do that arrived", _RECORDS, "observe"),
    "records.misattributed": (
        "records",
        "records sent to another chat member, at the doer",
        _RECORDS,
        "observe",
    ),
    "records.borrowed": (
        "records",
        "records sent to the owner of a borrowed card, at the doer",
        _RECORDS,
        "observe",
    ),
    "points_lost.all": ("points", "points lost by all rules and liability", _MEMBERS, "score"),
    "points_lost.association": ("points", "points lost for low-scoring friends", _MEMBERS, "score"),
    "points_lost.liability": (
        "points",
        "points lost for what a chat group's member wrote",
        _MEMBERS,
        "score",
    ),
    "points_gained.all": ("points", "points gained by all rules", _MEMBERS, "score"),
    "points_returned": ("points", "points given back after won appeals", _MEMBERS, "score"),
    "points_recovered": ("points", "points that came back with time", _MEMBERS, "score"),
    "points_decayed": ("points", "points above the base that went with time", _MEMBERS, "score"),
    "points_clamped": ("points, signed", "what keeping scores in their range added", _MEMBERS, "score"),
    "points_reset": ("points, signed", "change of weighted scores on the 1st", _MEMBERS, "score"),
    "appeals.filed": ("appeals", "appeals filed", _RECORDS, "redress"),
    "appeals.won": ("appeals", "won appeals that took effect", "appeals filed", "score"),
    "first_listed": ("people", "people listed for the first time", _ALL, "list"),
    "delisted.persons": ("exits", "exits of people from sanction lists", _ALL, "list"),
    "perks": ("entries", "entries of people to perk lists", _ALL, "list"),
    "debts_performed": ("exits", "exits by performing the duty", _ALL, "list"),
    "repaired": ("exits", "exits by credit repair", _ALL, "list"),
    "substituted": ("journeys", "refused journeys made by ordinary rail", "requests refused", "travel"),
    "stopped": ("people", "people who stopped asking for a kind of ticket", "requests refused", "travel"),
    "first_refused": ("people", "people refused for the first time", _ALL, "travel"),
    "summonses": ("summonses", "people called in by the police", _RECORDS, "police"),
    "interrogations": ("interrogations", "summoned people who were interrogated", _SUMMONS, "police"),
    "pledges": ("people", "interrogations that ended with a signed pledge", _SUMMONS, "police"),
    "reprimands": ("people", "interrogations that ended with a reprimand", _SUMMONS, "police"),
    "fines": ("people", "interrogations that ended with a fine", _SUMMONS, "police"),
    "detentions": ("people", "interrogations that ended with detention", _SUMMONS, "police"),
    "group_owner_liable": ("cases", "chat group owners held liable for a member", _SUMMONS, "police"),
    "punished_days": ("person-days", "people punished that day", _ALL, "publish"),
    "flagged": ("people", "published flags that went on", _ALL, "publish"),
    "unflagged": ("people", "published flags that went off", _ALL, "publish"),
    "ties_cut": ("ties", "ties cut, at the citizen who cut", "ties", "end of the day"),
    "listed.companies": (
        "companies",
        "companies listed for the first time, at the representative",
        _COMPANIES,
        "end of the day",
    ),
    "entered.companies": (
        "entries",
        "entries of companies, at the representative",
        _COMPANIES,
        "end of the day",
    ),
    "left.companies": ("exits", "exits of companies, at the representative", _COMPANIES, "end of the day"),
    "requested.<id>": ("requests", "requests for tickets, <id>, retries included", _ALL, "travel"),
    "refused.<id>": (
        "refusals",
        "refused requests, <id>, retries included: refusals, not people",
        _ASKED,
        "travel",
    ),
    "punished.<id>": ("people", "people punished for the first time with the origin <id>", _ALL, "publish"),
    "points_lost_by.<id>": ("points", "points lost with the origin <id>", _MEMBERS, "score"),
    "acts.<id>": ("acts", "acts, <id>", _ALL, "act"),
    "withheld.<id>": ("acts", "acts not made for fear, <id>", _ACTS, "act"),
    "records_true.<id>": ("records", "records of own acts that arrived, <id>", _ACTS, "observe"),
    "records_false.<id>": ("records", "false records that arrived, <id>", _RECORDS, "observe"),
    "points_lost.<id>": ("points", "points lost for <id>", _MEMBERS, "score"),
    "points_gained.<id>": ("points", "points gained for <id>", _MEMBERS, "score"),
    "entered.<id>": ("entries", "entries of people to the list <id>", _ALL, "list"),
    "left.<id>": ("exits", "exits of people from the list <id>", _ALL, "list"),
}

STOCKS: dict[str, Row] = {
    "members": ("people", "people who are scored", _ALL, "census"),
    "score_sum": ("points", "sum of the scores of members", _MEMBERS, "census"),
    "risk_sum": ("2^-16", "sum of perceived risk", _ALL, "census"),
    "flagged": ("people", "people whose bad status is published", _ALL, "census"),
    "detained": ("people", "people with days of detention to come", _ALL, "census"),
    "suspended": ("people", "people with days of suspension to come", _ONLINE, "census"),
    "offline": ("people", "people with days offline to come", _ONLINE, "census"),
    "ever_listed": ("people", "people who were ever on a sanction list", _ALL, "census"),
    "ever_refused": ("people", "people who were ever refused a ticket", _ALL, "census"),
    "punished_ever.<id>": ("people", "people ever punished with the origin <id>", _ALL, "census"),
    "on.<id>": ("people", "people on the list <id>", _ALL, "census"),
    "grade.<id>": ("people", "members in the grade <id>", _MEMBERS, "census"),
}
