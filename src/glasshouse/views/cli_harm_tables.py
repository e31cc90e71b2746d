"""The study of harms in the terminal: three short tables, each figure with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from glasshouse.harm import Audit, Chilling, Harm, Recovery
    from glasshouse.harm.audit import Fairness
    from glasshouse.harm.chilling import Line
    from glasshouse.harm.intervals import Estimate
    from glasshouse.harm.traps import Confirmed

__all__ = ["grid", "print_harm", "spelled"]

ALL = "all"
NONE = "–"
AUDIT_WORDS = (
    "right: of the records, those of an own act; missed: of the acts, those not recorded on the doer;",
    "innocent, yet recorded: of the people who never did it, those with a record of it.",
)
GROUP_WORDS = (
    "People under no sanction before day 0. Doers did at least one thing that can cost something.",
    "Sanctioned: listed, refused, detained, fined, suspended or offline. Single behaviours: see --json.",
)


def print_harm(study: Harm, parts: Sequence[str] = ()) -> None:
    """Print the study, or some parts of it, on stdout."""
    from rich.console import Console
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout
    from glasshouse.views.cli_summary import print_notice

    console = console_for_stdout(Console)
    seeds = f"seed {study.seed}" if study.replicates == 1 else f"{study.replicates} seeds from {study.seed}"
    head = f"In this synthetic society of {study.citizens:,} citizens, over {study.days} days, {seeds}"
    console.print(Text(f"{head}: {clean(study.scheme.name, 60)}", style="bold"))
    console.print(Text("In brackets: 95 % interval.", style="dim"))
    wanted = parts or ("audit", "recovery", "chilling")
    if "audit" in wanted:
        print_audit(console, study.audit)
    if "recovery" in wanted:
        print_recovery(console, study.recovery, study.traps)
    if "chilling" in wanted:
        print_chilling(console, study.chilling, study.twin.name)
    print_notice(study.scheme.scenario.notice)


def grid(
    console: Any, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1
) -> None:
    """Print a table with a title; the first `words` columns are words, the others are figures."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(heads):
        told = number < words
        justify = "left" if told else "right"
        table.add_column(head, header_style="dim", justify=justify, no_wrap=told, overflow="fold")
    for cells in rows:
        table.add_row(*(Text(cell) for cell in cells))
    console.print()
    console.print(Text(title, style="bold"))
    if table.row_count:
        console.print(table)
    else:
        console.print(Text("nothing to tell"))


# ---- figures


def percent(one: Estimate) -> str:
    """Return a share in per cent with its interval."""
    if one.value is None:
        return NONE
    if one.low is None or one.high is None:
        return f"{spelled(100 * one.value)} %"
    return f"{spelled(100 * one.value)} % ({spelled(100 * one.low)}–{spelled(100 * one.high)})"


def points(one: Estimate) -> str:
    """Return a difference of shares in percentage points with its interval."""
    if one.value is None or one.low is None or one.high is None:
        return NONE
    return f"{signed(100 * one.value)} ({signed(100 * one.low)} to {signed(100 * one.high)})"


def times(one: Estimate) -> str:
    """Return a ratio with its interval."""
    if one.value is None or one.low is None:
        return NONE
    high = f"{one.high:.3g}" if one.high is not None else "…"
    return f"{one.value:.3g} ({one.low:.3g}–{high})"


def day_count(one: Estimate) -> str:
    """Return a number of days with its interval; a dash where the watching ended before."""
    if one.value is None:
        return "not reached"
    low = f"{one.low:.0f}" if one.low is not None else "…"
    high = f"{one.high:.0f}" if one.high is not None else "…"
    return f"{one.value:.0f} ({low}–{high})"


def spelled(value: float) -> str:
    """Return a figure in three digits."""
    if value == 0:
        return "0"
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1e}"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    return "0" if value == 0 else f"{'+' if value > 0 else '−'}{spelled(abs(value))}"


# ---- the three parts


def print_audit(console: Any, audit: Audit) -> None:
    """Print how well each behaviour is recorded, Bayes' rule, and how groups fare."""
    from rich.text import Text

    everything = [one for one in audit.detectors if one.group == ALL]
    whole = [one for one in everything if one.precision.of]
    silent = [one.behaviour for one in everything if not one.precision.of]
    grid(
        console,
        "Error audit: what records are worth",
        ("behaviour", "right", "missed", "false records", "innocent, yet recorded"),
        (
            (
                one.behaviour,
                percent(one.precision),
                percent(one.missed),
                f"{one.false_records:,}",
                percent(one.accused_innocent),
            )
            for one in whole
        ),
    )
    for line in AUDIT_WORDS if whole else ():
        console.print(Text(line, style="dim"))
    if silent:
        console.print(Text(f"  without any record: {clean(', '.join(silent), 400)}"))
    lines = [f"  {one.behaviour}: {one.base_rate.line()}" for one in whole if one.base_rate is not None]
    if lines:
        console.print()
        console.print(
            Text("The base rate in it: right = se × pi / (se × pi + (1 − sp) × (1 − pi))", style="dim")
        )
        for line in lines:
            console.print(Text(line))
    if audit.fairness:
        print_groups(console, audit)


def print_groups(console: Any, audit: Audit) -> None:
    """Print how often people of each group are sanctioned, and how rightly; of single behaviours the files tell."""
    from rich.text import Text

    from glasshouse.harm.records import SANCTIONED

    kinds: tuple[tuple[str, Callable[[Fairness], str]], ...] = (
        ("sanctioned", lambda one: percent(one.hit_rate)),
        ("  ratio", lambda one: times(one.hit_ratio)),
        ("not sanctioned", lambda one: percent(one.spared_rate)),
        ("  ratio (four-fifths)", lambda one: times(one.spared_ratio)),
        ("of doers, sanctioned", lambda one: percent(one.tpr)),
        ("  gap (equalised odds)", lambda one: points(one.tpr_gap)),
        ("of others, sanctioned", lambda one: percent(one.fpr)),
        ("  gap (equalised odds)", lambda one: points(one.fpr_gap)),
        ("of sanctioned, doers", lambda one: percent(one.ppv)),
        ("  gap (predictive parity)", lambda one: points(one.ppv_gap)),
    )
    groups = [one for one in audit.fairness if one.what == SANCTIONED]
    reference = groups[0].reference
    if not any(one.hit_rate.count for one in groups):
        console.print()
        console.print(Text("Sanctions by group: nobody was sanctioned in the run", style="bold"))
        return
    grid(
        console,
        f"Sanctions by group: ratios and gaps (percentage points) to group {reference}, the largest",
        ("", *(f"group {one.group}" for one in groups)),
        ((name, *(show(one) for one in groups)) for name, show in kinds),
    )
    for line in GROUP_WORDS:
        console.print(Text(line, style="dim"))
    rule = audit.four_fifths[SANCTIONED]
    spared, hit = rule["spared_lowest_to_highest"], rule["hit_lowest_to_highest"]
    if spared is not None and hit is not None:
        told = "below" if rule["below_four_fifths"] else "not below"
        line = f"  lowest to highest: not sanctioned {spared:.3g} ({told} four fifths), sanctioned {hit:.3g}"
        console.print(Text(line))


def print_recovery(console: Any, people: Sequence[Recovery], traps: Sequence[Confirmed]) -> None:
    """Print how long people take to be clean again, and the traps."""
    from rich.text import Text

    grid(
        console,
        "Recovery: days from the first sanction to a clean state",
        (
            "group",
            "people",
            "half",
            "95 %",
            "clean within 30 days",
            "never, within the run",
            "sanctioned again",
        ),
        (
            (
                one.group,
                f"{one.people:,}",
                day_count(one.median_days) if one.people else NONE,
                day_count(one.p95_days) if one.people else NONE,
                percent(one.clean_within_30),
                percent(one.never),
                percent(one.again),
            )
            for one in people
        ),
    )
    if people and people[0].before:
        console.print(
            Text(
                f"  {people[0].before:,} people were under a sanction before day 0 and are not in the table;"
                f" never clean in the run: {percent(people[0].before_still)}"
            )
        )
    console.print()
    if not traps:
        console.print(Text("Traps: the rules have none of the kinds that are looked for"))
        return
    console.print(Text("Traps: states with no way out under the rules", style="bold"))
    for one in traps:
        held = {True: "confirmed", False: "not so in the run", None: "cannot be said"}[one.holds]
        console.print(Text(f"  {one.trap.key} ({one.trap.kind}): {one.trap.text}"))
        console.print(Text(f"    {held}: {one.text}"))


def print_chilling(console: Any, chilling: Chilling, twin: str) -> None:
    """Print what people who were never punished did not say."""
    from rich.text import Text

    heads = ("written", "withheld", "share withheld", "lost against the twin", "share lost")
    posts = [one for one in chilling.lines if one.topic == "speech" and ALL in {one.group, one.distance}]
    topics = [one for one in chilling.lines if one.group == one.distance == ALL and one.topic != "speech"]
    title = f"Chilling: posts of people never punished, against {clean(twin, 60)}; means per seed"
    grid(console, title, ("whose", *heads), ((whose(one), *silence(one)) for one in posts))
    title = "All restrained acts of the same people, by topic"
    grid(console, title, ("topic", *heads), ((one.topic, *silence(one)) for one in topics))
    told = chilling.faded.as_dict()
    risk, held = told["risk_half_life_days"], told["withholding_half_life_days"]
    longest = told["longest_watched_days"]
    console.print()
    if not told["watched"]:
        console.print(Text("Nobody's perceived risk rose."))
        return
    console.print(
        Text(
            f"After the last punishment that somebody saw, half of the perceived risk is gone in"
            f" {halved(risk, longest)}, half of the withholding in {halved(held, longest)}."
        )
    )
    if chilling.replicates == 1:
        console.print(Text("one seed gives no interval here; --replicates 8 does"))


def whose(one: Line) -> str:
    """Return the people of a row in words."""
    if one.group != ALL:
        return f"group {one.group}"
    return one.distance


def silence(one: Line) -> tuple[str, ...]:
    """Return the figures of a row."""
    return (
        f"{one.written:,.0f}",
        f"{one.withheld:,.0f}",
        percent(one.withheld_share),
        counted(one.lost),
        percent(one.lost_share),
    )


def halved(days: int | None, longest: int) -> str:
    """Return a half-life in words."""
    return f"{days} days" if days is not None else f"more than {longest} days"


def counted(one: Estimate) -> str:
    """Return a count with its interval."""
    if one.value is None:
        return NONE
    if one.low is None or one.high is None:
        return f"{one.value:,.0f}"
    return f"{one.value:,.0f} ({one.low:,.0f} to {one.high:,.0f})"
