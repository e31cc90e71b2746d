"""The single numbers and thresholds of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.model.layout import (
    N_SCALARS,
    N_THRESHOLDS,
    NO_LINE_AT_LEAST,
    NO_LINE_BELOW,
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_BASE,
    P_BEHAVIOURS,
    P_BORROWERS,
    P_CEILING,
    P_CIRCLES,
    P_CITIZENS,
    P_COMPANY_LIST,
    P_COMPANY_TERM,
    P_CUT_DECISION,
    P_DECAY,
    P_DECAY_EVERY,
    P_DECISION_DAYS,
    P_FACTORS,
    P_FIRST_AT_LEAST,
    P_FIRST_BELOW,
    P_FIRST_CHAT,
    P_FLAG_LISTED,
    P_FLOOR,
    P_GRADES,
    P_GRAPH,
    P_GROUPS,
    P_LEARN_DECAY,
    P_LEARN_OWN,
    P_LENGTHS,
    P_LISTS,
    P_LOGIN_FACE,
    P_LOGIN_FROM,
    P_LOW_CUTOFF,
    P_MEMBER_MIN_AGE,
    P_MIN_FRIENDS,
    P_MIN_SHARE32,
    P_MODES,
    P_OFFLINE_DAYS,
    P_OUTCOMES,
    P_OWNER_POINTS,
    P_OWNER_SUSPENSION,
    P_PLATFORMS,
    P_POLICE,
    P_PROVINCES,
    P_RECOVERY,
    P_RECOVERY_EVERY,
    P_REDRESS,
    P_RINGS,
    P_RULES,
    P_SANCTION_LISTS,
    P_SCORE,
    P_SCORE_LISTS,
    P_START_CLASSES,
    P_START_DECISION,
    P_STRATEGIC,
    T_BORROWED,
    T_COMPANY_DEFAULT,
    T_COMPANY_PERFORMED,
    T_CUT,
    T_FACE_BORROWED,
    T_FILED,
    T_FORGED,
    T_INTERROGATED,
    T_MALE,
    T_MEMBER,
    T_OWNER,
    T_RURAL,
    T_WON_FALSE,
    T_WON_TRUE,
)

if TYPE_CHECKING:
    from glasshouse.model.plan import Plan
    from glasshouse.model.plan_parts import ListPlan


def pack_thresholds(plan: Plan) -> np.ndarray:
    """Return the single thresholds."""
    out = np.zeros(N_THRESHOLDS, np.uint64)
    people, identity = plan.population, plan.identity
    values = {
        T_FORGED: identity.forged,
        T_FACE_BORROWED: identity.face_borrowed,
        T_BORROWED: identity.borrowed if plan.citizens > 1 else 0,
        T_MALE: people.male_threshold,
        T_RURAL: people.rural_threshold,
        T_MEMBER: people.member_threshold,
        T_CUT: plan.ties.cut_threshold,
    }
    if plan.police:
        values |= {T_INTERROGATED: plan.police.interrogated, T_OWNER: plan.police.owner_liable}
    if plan.redress:
        values |= {
            T_FILED: plan.redress.filed,
            T_WON_FALSE: plan.redress.won_if_false,
            T_WON_TRUE: plan.redress.won_if_true,
        }
    if plan.company:
        values |= {T_COMPANY_DEFAULT: plan.company.default, T_COMPANY_PERFORMED: plan.company.performed}
    for k, value in values.items():
        out[k] = value
    return out


def pack_scalars(plan: Plan) -> np.ndarray:
    """Return the single numbers."""
    out = np.zeros(N_SCALARS, np.int64)
    for values in (scalars_of_score(plan), scalars_of_rest(plan), scalars_of_login(plan)):
        for k, value in values.items():
            out[k] = value
    return out


def scalars_of_score(plan: Plan) -> dict[int, int]:
    """Return the numbers of score, association and list lines."""
    score = plan.score
    if score is None:
        return {P_FIRST_BELOW: -32768, P_FIRST_AT_LEAST: 32767, P_MIN_FRIENDS: 256, P_MIN_SHARE32: -1,
                P_RECOVERY_EVERY: 1, P_DECAY_EVERY: 1, P_LOW_CUTOFF: -32768}  # fmt: skip
    rule = score.association
    entries = [one for one in plan.lists if not one.company and (one.perk or score.sanctions_follow)]
    return {
        P_SCORE: 2 if score.weighted else 1,
        P_BASE: score.base,
        P_FLOOR: score.floor,
        P_CEILING: score.ceiling,
        P_RECOVERY: score.recovery,
        P_RECOVERY_EVERY: score.recovery_every,
        P_DECAY: score.decay,
        P_DECAY_EVERY: score.decay_every,
        P_LOW_CUTOFF: score.low_cutoff,
        P_ASSOCIATION_POINTS: rule.points if rule else 0,
        P_MIN_FRIENDS: rule.min_friends if rule else 256,
        P_MIN_SHARE32: rule.min_share32 if rule else -1,
        P_ASSOCIATION_DAILY: int(rule.daily) if rule else 0,
        P_FACTORS: len(score.factors),
        P_GRADES: len(score.grade_from),
        P_START_CLASSES: len(score.start_points),
        P_START_DECISION: score.start_decision,
        P_FIRST_BELOW: max([one.entry_below for one in entries], default=-32768),
        P_FIRST_AT_LEAST: min([one.entry_at_least for one in entries], default=32767),
        P_SCORE_LISTS: sum(1 << k for k, one in enumerate(plan.lists) if leaves_by_score(one)),
        P_RULES: len(score.rules),
    }


def leaves_by_score(one: ListPlan) -> bool:
    """Say whether a score can end a listing."""
    return not one.company and (one.exit_at_least, one.exit_below) != (NO_LINE_AT_LEAST, NO_LINE_BELOW)


def scalars_of_rest(plan: Plan) -> dict[int, int]:
    """Return the counts of tables and the numbers of police, redress, learning, ties and companies."""
    police, chats = plan.police, [k for k, c in enumerate(plan.ties.circles) if c.chat]
    return {
        P_CITIZENS: plan.citizens,
        P_BEHAVIOURS: len(plan.behaviours),
        P_LISTS: len(plan.lists),
        P_MODES: len(plan.modes),
        P_MEMBER_MIN_AGE: plan.population.member_min_age,
        P_FLAG_LISTED: int(plan.flag_listed),
        P_SANCTION_LISTS: sum(1 << k for k, one in enumerate(plan.lists) if not one.perk),
        P_POLICE: int(police is not None),
        P_OUTCOMES: 4,
        P_LENGTHS: len(police.detention_days) if police else 0,
        P_OWNER_SUSPENSION: police.owner_suspension if police else 0,
        P_OWNER_POINTS: police.owner_points if police else 0,
        P_REDRESS: int(plan.redress is not None),
        P_DECISION_DAYS: plan.redress.decision_days if plan.redress else 0,
        P_STRATEGIC: int(plan.learn.strategic),
        P_LEARN_OWN: plan.learn.own,
        P_LEARN_DECAY: plan.learn.decay,
        P_GROUPS: len(plan.population.group_names),
        P_PLATFORMS: len(plan.platform_ids),
        P_FIRST_CHAT: chats[0] if chats else -1,
        P_CIRCLES: len(plan.ties.circles),
        P_RINGS: len(plan.ties.rings),
        P_GRAPH: int(plan.ties.indptr is not None),
        P_CUT_DECISION: plan.ties.cut_decision,
        P_COMPANY_LIST: int(plan.company_list),
        P_COMPANY_TERM: plan.company.term if plan.company else 0,
        P_PROVINCES: len(plan.population.province_names),
        P_BORROWERS: int(plan.identity.borrowed > 0 and plan.citizens > 1),
    }


def scalars_of_login(plan: Plan) -> dict[int, int]:
    """Return the numbers of the check at login."""
    login = plan.identity.checks[2]
    return {
        P_OFFLINE_DAYS: plan.identity.offline_days,
        P_LOGIN_FROM: login.from_day,
        P_LOGIN_FACE: int(login.face),
    }
