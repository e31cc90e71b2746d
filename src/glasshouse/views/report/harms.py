"""The part of a report about harms: the error audit, recovery and traps, chilling, and the impact sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views.figures import Figure
from glasshouse.views.figures_style import grouped, rounded, signed
from glasshouse.views.report.charts_harm import ALL, figures_of, judged, recorded
from glasshouse.views.report.impact import impact_section, sheet_table
from glasshouse.views.report.markup import esc, paragraphs, table
from glasshouse.views.report.parts import NONE, Part, percent, section, size_in_words, span
from glasshouse.views.report.sections import figure, files_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tree = Mapping[str, Any]

__all__ = ["harm_part"]

HOLDS = {True: "Confirmed in the run", False: "Not so in the run", None: "Cannot be said"}


def harm_part(tree: Tree, *, command: str) -> Part:
    """Return the part of a study of harms; `tree` is `harm.json`."""
    return Part(
        name=clean(tree["scheme"], 80),
        notice=clean(tree["notice"], 400),
        headline="What it does wrong, for how long, and what it silences",
        sentence=sentence(tree),
        size=size_in_words(tree),
        figures=(*figures_of(tree), recovery_table(tree), *sheets(tree)),
        told=lambda known, first: sections_of(tree, known, first),
        command=command,
    )


def sections_of(tree: Tree, known: Mapping[str, Figure], first: str) -> str:
    """Return the sections of a study of harms as HTML."""
    lead = (
        f"In this synthetic society of {esc(size_in_words(tree))}, under {esc(clean(tree['scheme'], 80))}. "
    )
    return "".join(
        (
            section("audit", "What records are worth", lead + KNOWN, first + audit(tree, known)),
            section("recovery", "How long it takes to be clean again", CLEAN, recovered(tree, known)),
            section("traps", "Traps: states with no way out under the rules", "", traps(tree)),
            section("chilling", "What was not said", _against(tree), chilling(tree, known)),
            impact_section(tree["assess"], known.get("impact-sheet")) if "assess" in tree else "",
        )
    )  # fmt: skip


def sheets(tree: Tree) -> tuple[Figure, ...]:
    """Return the impact sheet, where the study has one."""
    return (sheet_table(tree),) if "assess" in tree else ()


KNOWN = "Every act is known here, so every record can be checked."
CLEAN = (
    "Clean: on no sanction list, no day of detention, suspension or being offline to come, and a "
    "score above every line "
    "below which the scheme acts. The clock starts with the first sanction; the end of the run is the end of watching."
)


def sentence(tree: Tree) -> str:
    """Return the main finding as a sentence that can be printed."""
    people = tree["recovery"]["people"][0]
    within = span(int(tree["days"]))
    if not people["people"]:
        return f"In this synthetic society nobody was sanctioned within {within} under {clean(tree['scheme'], 80)}."
    told = (
        f"In this synthetic society, {percent(people['not_clean_at_end'])} of the people first sanctioned under "
        f"{clean(tree['scheme'], 80)} were not clean when {within} ended (in brackets: 95 % interval)."
    )
    worst = min(
        (one for one in recorded(tree, ALL) if one["precision"]["value"] is not None),
        key=lambda one: one["precision"]["value"],
        default=None,
    )
    if worst is None:
        return told
    wrong = (
        f"Of the records of {clean(worst['behaviour'], 60)}, {percent(worst['precision'])} stand for "
        "something that the person did"
    )
    return f"{told} {wrong}: the lowest share of all kinds of record."


# ---- the audit


def audit(tree: Tree, known: Mapping[str, Figure]) -> str:
    """Return the error audit."""
    found = recorded(tree, ALL)
    if not found:
        return "<p>Nothing was recorded.</p>"
    rows = [
        [
            esc(clean(one["behaviour"], 60)),
            percent(one["precision"]),
            percent(one["missed"]),
            grouped(int(one["false_records"])),
            percent(one["accused_innocent"]),
        ]
        for one in found
    ]
    head = ["Behaviour", "Right", "Missed", "False records", "Innocent, yet recorded"]
    drawn = [figure(known[name]) for name in ("detectors", "detectors-group") if name in known]
    silent = sorted(
        {clean(one["behaviour"], 60) for one in tree["audit"]["detectors"]}
        - {clean(one["behaviour"], 60) for one in found}
    )
    return (
        table(head, rows, kind="amounts", label="The error audit")
        + paragraphs(f"Without any record: {esc(', '.join(silent))}." if silent else "")
        + "".join(drawn)
        + base_rates(tree)
        + by_group(tree, known)
    )


def base_rates(tree: Tree) -> str:
    """Return Bayes' rule with the numbers of every behaviour."""
    rows = [
        [esc(clean(one["behaviour"], 60)), f"<code>{esc(clean(one['base_rate'], 200))}</code>"]
        for one in recorded(tree, ALL)
        if one["base_rate"]
    ]
    if not rows:
        return ""
    return (
        "<h3>The base rate in it</h3><p>Where few do a thing, most of what is found is wrong, however "
        "good the detector. Bayes' "
        "rule gives the share of records that are right, to the last digit: "
        "<code>right = se × pi / (se × pi + (1 − sp) × (1 − pi))</code>, with se the records on the "
        "doer per act, pi the acts "
        "and 1 − sp the false records per citizen-day.</p>"
        + table(["Behaviour", "right = …"], rows, kind="worded", label="Base rates")
    )


def by_group(tree: Tree, known: Mapping[str, Figure]) -> str:
    """Return how groups fare beside the largest one."""
    groups = judged(tree)
    if not groups:
        return ""
    reference = clean(groups[0]["reference"], 20)
    names = [esc(clean(one["group"], 20)) for one in groups]
    rates = [
        [name, *(percent(one[key]) for key in ("hit_rate", "tpr", "fpr", "ppv"))]
        for name, one in zip(names, groups, strict=True)
    ]
    beside = [
        [
            name,
            *(times(one[key]) for key in ("hit_ratio", "spared_ratio")),
            *(points(one[key]) for key in ("tpr_gap", "fpr_gap", "ppv_gap")),
        ]
        for name, one in zip(names, groups, strict=True)
    ]
    head = ["Group", "Sanctioned, of all", "Of doers", "Of others", "Doers, of those sanctioned"]
    gaps = ["Group", "Ratio, sanctioned", "Ratio, not sanctioned", "Gap, of doers", "Gap, of others"]
    gaps.append("Gap, doers of those sanctioned")
    rule = tree["audit"]["four_fifths"].get("sanctioned") or {}
    spared, hit = rule.get("spared_lowest_to_highest"), rule.get("hit_lowest_to_highest")
    told = ""
    if spared is not None and hit is not None:
        word = "below" if rule["below_four_fifths"] else "not below"
        told = (
            f"Lowest group to highest: not sanctioned {rounded(spared)} ({word} four fifths), "
            f"sanctioned {rounded(hit)}."
        )
    return (
        "<h3>Sanctions by group</h3>"
        + table(head, rates, kind="amounts", label="Sanctions by group")
        + f"<p>Beside group {esc(reference)}, the largest: ratios, and gaps in percentage points. Gaps of doers and of "
        "others: equalised odds; of doers among those sanctioned: predictive parity; the ratio of "
        "those not sanctioned: "
        "the four-fifths rule.</p>"
        + table(gaps, beside, kind="amounts", label="Sanctions by group, beside the largest")
        + paragraphs(esc(told))
        + (figure(known["fairness"]) if "fairness" in known else "")
    )


def times(one: Tree) -> str:
    """Return a ratio with its interval."""
    if one["value"] is None or one["low"] is None:
        return NONE
    high = rounded(one["high"]) if one["high"] is not None else "no bound"
    return f"{rounded(one['value'])} ({rounded(one['low'])} to {high})"


def points(one: Tree) -> str:
    """Return a difference of shares in percentage points with its interval."""
    if one["value"] is None or one["low"] is None or one["high"] is None:
        return NONE
    return f"{signed(100 * one['value'])} ({signed(100 * one['low'])} to {signed(100 * one['high'])})"


# ---- recovery


def days(one: Tree) -> str:
    """Return a number of days with its interval."""
    if one["value"] is None:
        return "not reached"
    low, high = (rounded(end) if end is not None else "not reached" for end in (one["low"], one["high"]))
    return f"{rounded(one['value'])} ({low} to {high})"


def recovery_table(tree: Tree) -> Figure:
    """Return the table of recovery as rows for files."""
    shown = ("median_days", "p95_days", "clean_within_30", "never", "not_clean_at_end", "again")
    rows = []
    for one in tree["recovery"]["people"]:
        row = {"group": clean(one["group"], 20), "people": one["people"], "before": one["before"]}
        for key in shown:
            row |= {key: one[key]["value"], f"{key}_low": one[key]["low"], f"{key}_high": one[key]["high"]}
        rows.append(row)
    columns = {key: key for row in rows[:1] for key in row}
    return Figure("recovery-table", "Recovery", columns, rows, [])


def recovered(tree: Tree, known: Mapping[str, Figure]) -> str:
    """Return the table and the curves of recovery."""
    people = tree["recovery"]["people"]
    rows = [
        ["All" if one["group"] == ALL else f"Group {esc(clean(one['group'], 20))}", grouped(int(one["people"])),
         days(one["median_days"]) if one["people"] else NONE, days(one["p95_days"]) if one["people"] else NONE,
         *map(percent, (one["clean_within_30"], one["never"], one["again"]))]
        for one in people
    ]  # fmt: skip
    head = [
        "Group",
        "People",
        "Days until half are clean",
        "Days until 95\u00a0% are",
        "Clean within 30 days",
        "Never, within the run",
        "Of these, not clean again at the end",
    ]
    head[-1] = "Clean, then sanctioned again"
    before = people[0]["before"]
    told = (
        f"{grouped(int(before))} people were under a sanction before day 0 and are in neither table "
        "nor curves, for nobody knows when "
        f"theirs began; never clean in the run: {percent(people[0]['before_still'])}."
        if before
        else ""
    )
    return (
        table(head, rows, kind="amounts", label="Days until clean again")
        + files_of(known.get("recovery-table"))
        + paragraphs(told)
        + (figure(known["recovery"]) if "recovery" in known else "")
    )


def traps(tree: Tree) -> str:
    """Return the traps and what the run says of each."""
    found = tree["recovery"]["traps"]
    if not found:
        return "<p>The rules have none of the kinds that are looked for.</p>"
    rows = [
        [f"{esc(clean(one['key'], 80))}<br><small>{esc(clean(one['kind'], 60))}</small>", esc(clean(one["why"], 400)),
         f"<b>{HOLDS[one['holds']]}</b>: {esc(clean(one['in_the_run'], 400))}", percent(one["in_state"])]
        for one in found
    ]  # fmt: skip
    return table(
        ["Trap", "Why there is no way out", "In the run", "In it at the end"],
        rows,
        kind="rules",
        label="Traps",
    )


# ---- silence


def _against(tree: Tree) -> str:
    """Return what silence is measured against."""
    return (
        f"Of people never punished, against the twin world: {esc(clean(tree['twin'], 80))}. Withheld "
        "is what fear held back on "
        "the day; lost adds what follows from it."
    )


def chilling(tree: Tree, known: Mapping[str, Figure]) -> str:
    """Return what people never punished did not say, and how fast that fades."""
    drawn = "".join(figure(known[name]) for name in ("chilling-topic", "chilling-whose") if name in known)
    found = tree["chilling"]["fading"]
    if not found["watched"]:
        return (drawn or "<p>Nothing was held back.</p>") + "<p>Nobody's perceived risk rose.</p>"
    risk, held = (
        halved(found[key], found["longest_watched_days"])
        for key in ("risk_half_life_days", "withholding_half_life_days")
    )
    told = (
        "After the last punishment that somebody saw, half of the perceived risk is gone in "
        f"<b>{risk}</b>, half of the withholding in <b>{held}</b>."
    )
    key = (
        '<p class="key"><span><i class="line w0"></i>risk perceived</span><span><i class="line '
        'w1"></i>withholding</span></p>'
    )
    return (
        (drawn or "<p>Nothing was held back.</p>")
        + f"<h3>Half-life</h3><p>{told}</p>"
        + (figure(known["fading"], key) if "fading" in known else "")
    )


def halved(days: int | None, longest: int) -> str:
    """Return a half-life in words."""
    return f"{int(days)} days" if days is not None else f"more than {int(longest)} days"
