"""Phases 10 learn and 11 publish: perceived risk, and what others see of the citizen from tomorrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.society.columns import MARK_FLAG

if TYPE_CHECKING:
    from glasshouse.model.oracle_day import Day
    from glasshouse.model.oracle_state import CitizenState
    from glasshouse.model.oracle_traits import Traits
    from glasshouse.model.plan import Plan

FULL = 65535


def learn(day: Day) -> None:
    """Phase 10: risk rises by own punishment and by the bulletin, then decays; others' punishment came overnight."""
    state, plan = day.state, day.plan.learn
    rise = plan.own * day.punished + day.bulletin
    if rise:
        day.tell("learned", f"perceived risk rises by {rise / 65536:.4f}", "learn", 0, rise)
    risk = min(FULL, state.risk + rise)
    state.risk = risk - (risk * plan.decay + (1 << 15) >> 16)


def publish(day: Day) -> None:
    """Phase 11: the flag that friends see, and whether today's punishment is seen."""
    flag = bad_status(day.plan, day.traits, day.state)
    day.flip = flag != day.state.marked(MARK_FLAG)
    if day.flip:
        (day.state.mark if flag else day.state.unmark)(MARK_FLAG)
        day.count("flagged" if flag else "unflagged")
        day.tell(
            "flagged" if flag else "unflagged", f"friends see the flag {'on' if flag else 'off'}", "ties.flag"
        )
    day.count("punished_days", int(day.punished))


def bad_status(plan: Plan, traits: Traits, state: CitizenState) -> bool:
    """Say whether the status that friends see is bad: on a sanction list, or a low score."""
    if plan.flag_listed:
        return any(state.is_on(number) and not one.perk for number, one in enumerate(plan.lists))
    return plan.score is not None and traits.member and state.score < plan.score.low_cutoff
