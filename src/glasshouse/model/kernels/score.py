"""Phase 5: records become points, friends count, the score recovers and is clamped once. Twin: oracle phase 5."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, bit, category, kernel, private
from glasshouse.model.kernels.lanes import (
    lowest,
    mask_above,
    mask_other,
    mask_within,
    ones,
    settle,
)
from glasshouse.model.kernels.people import of_group, rows_of
from glasshouse.model.kernels.scratch import (
    M_ACTIVE,
    M_MEMBER,
    N_ACTIVE,
    N_DECAY,
    N_FIRST_PROVINCE,
    N_RECOVERY,
    W_COUNTS,
    W_DEGREE,
    W_LIABLE,
    W_LOSS,
    W_LOSS_BEHAVIOUR,
    W_LOSS_ORIGIN,
    W_POINTS,
    W_RECORDS,
    W_WINS,
    W_WON,
    count,
    locate,
    shift_stock,
)
from glasshouse.model.layout import (
    B_FLOW,
    FLOW,
    FLOW_LOST_BY,
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_BASE,
    P_CEILING,
    P_CITIZENS,
    P_DECAY,
    P_DECAY_EVERY,
    P_FACTORS,
    P_FLOOR,
    P_GRADES,
    P_GROUPS,
    P_LISTS,
    P_MIN_FRIENDS,
    P_MIN_SHARE32,
    P_OWNER_POINTS,
    P_RECOVERY,
    P_RECOVERY_EVERY,
    P_RULES,
    P_SCORE,
    POINTS,
    R_ALLOWANCE,
    R_BEHAVIOUR,
    R_FLOW,
    R_POINTS,
    R_SLOT,
    STOCK,
    STOCK_ON,
    X_CLASSES,
    X_DECISION,
    X_FULL_AT,
    X_KIND,
    X_LEVEL,
    X_SLOT,
    X_WEIGHT,
)
from glasshouse.society.columns import (
    ASSOCIATION,
    COUNT_BITS,
    COUNT_MAX,
    IDENTITY,
    LOSS_MASK,
    LOSS_SHIFT,
)

LOST, LOST_ASSOCIATION, LOST_LIABILITY = (
    FLOW[f"points_lost.{name}"] for name in ("all", "association", "liability")
)
GAINED, RETURNED, RECOVERED, DECAYED, CLAMPED, RESET = (
    FLOW[name]
    for name in (
        "points_gained.all",
        "points_returned",
        "points_recovered",
        "points_decayed",
        "points_clamped",
        "points_reset",
    )
)
WON = FLOW["appeals.won"]
SCORE_SUM = STOCK["score_sum"]
WHOLE = 65536


@kernel
def score(tables, state, s, base, first_of_month):
    """Run phase 5 for a block: the active one by one, then all others at once."""
    scored = tables.scalars[P_SCORE] != 0
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        if s.w[j, W_WINS]:
            count(s, j, WON, s.w[j, W_WINS])
        if scored and bit(s.masks[M_MEMBER], j):
            score_one(tables, state, s, base + j, j, first_of_month)
    if moves_all(s):
        quiet = s.masks[M_MEMBER] & ~s.masks[M_ACTIVE] & mask_other(state.score, tables.scalars[P_BASE])
        if quiet != ZERO:
            settle_quiet(tables, state, s, quiet, base)


@kernel
def score_one(tables, state, s, i, j, first_of_month):
    """Bring the score of one active member up to date."""
    if s.w[j, W_RECORDS]:
        apply_rules(tables, state, s, i, j)
    if tables.scalars[P_SCORE] == POINTS:
        apply_others(tables, state, s, j, first_of_month)
        settle_points(tables, state, s, j)
    elif first_of_month:
        weigh(tables, state, s, i, j)


@kernel
def apply_rules(tables, state, s, i, j):
    """Turn the day's records of one citizen into points, free ones first, own before false before identity."""
    kinds = s.w[j, W_RECORDS]
    for r in range(tables.scalars[P_RULES]):
        b = tables.rules[r, R_BEHAVIOUR]
        if not (kinds >> b) & 1:
            continue
        own, wrong, other = s.records[3 * b, j], s.records[3 * b + 1, j], s.records[3 * b + 2, j]
        total = own + wrong + other
        slot, free = tables.rules[r, R_SLOT], 0
        if slot >= 0:
            counts = I64(state.month_counts[j])
            shift = COUNT_BITS * slot
            used = (counts >> shift) & COUNT_MAX
            free = max(0, tables.rules[r, R_ALLOWANCE] - used)
            state.month_counts[j] = (counts & ~(COUNT_MAX << shift)) | (min(COUNT_MAX, used + total) << shift)
        points = tables.rules[r, R_POINTS]
        if points == 0:
            continue
        cost_own = max(0, own - free)
        free = max(0, free - own)
        cost_wrong = max(0, wrong - free)
        free = max(0, free - wrong)
        cost_other = max(0, other - free)
        if points > 0:
            gain = points * (cost_own + cost_wrong + cost_other)
            s.w[j, W_POINTS] += gain
            count(s, j, GAINED, gain)
            count(s, j, tables.behaviours[b, B_FLOW] + 5, gain)
        else:
            lose(tables, s, r, b, j, 1, -points * cost_own)
            lose(tables, s, r, b, j, 2, -points * cost_wrong)
            lose(tables, s, r, b, j, IDENTITY, -points * cost_other)


@kernel
def lose(tables, s, r, b, j, origin, loss):
    """Take points for the records of one origin under rule r."""
    if loss == 0:
        return
    s.w[j, W_POINTS] -= loss
    s.lost[b, j] += loss
    count(s, j, LOST, loss)
    count(s, j, tables.behaviours[b, B_FLOW] + 4, loss)
    count(s, j, FLOW_LOST_BY + origin, loss)
    count(s, j, tables.rules[r, R_FLOW] + origin, loss)
    weigh_loss(s, j, loss, origin, b + 1)


@kernel
def weigh_loss(s, j, loss, origin, behaviour):
    """Keep the largest single loss of the day; the first of equals stays."""
    if loss > s.w[j, W_LOSS]:
        s.w[j, W_LOSS] = loss
        s.w[j, W_LOSS_ORIGIN] = origin
        s.w[j, W_LOSS_BEHAVIOUR] = behaviour


@kernel
def apply_others(tables, state, s, j, first_of_month):
    """Apply the association rule and a group owner's liability, and keep the origin of the largest loss."""
    if first_of_month or tables.scalars[P_ASSOCIATION_DAILY]:
        points = tables.scalars[P_ASSOCIATION_POINTS]
        if points and associates(tables, state, s, j):
            give_or_take(s, j, points, LOST_ASSOCIATION)
    points = tables.scalars[P_OWNER_POINTS] * s.w[j, W_LIABLE]
    if points:
        give_or_take(s, j, points, LOST_LIABILITY)
    if s.w[j, W_LOSS_ORIGIN]:
        marks = I64(state.marks[j]) & ~LOSS_MASK
        state.marks[j] = marks | (s.w[j, W_LOSS_ORIGIN] << LOSS_SHIFT)


@kernel
def give_or_take(s, j, points, flow):
    """Add points that follow other people, not own records."""
    s.w[j, W_POINTS] += points
    if points > 0:
        count(s, j, GAINED, points)
        return
    count(s, j, LOST, -points)
    count(s, j, flow, -points)
    count(s, j, FLOW_LOST_BY + ASSOCIATION, -points)
    weigh_loss(s, j, -points, ASSOCIATION, 0)


@kernel
def associates(tables, state, s, j):
    """Say whether enough friends of a citizen are flagged."""
    low = I64(state.low_friends[j])
    if low == 0:
        return False
    if low >= tables.scalars[P_MIN_FRIENDS]:
        return True
    share = tables.scalars[P_MIN_SHARE32]
    if share < 0:
        return False
    degree = s.w[j, W_DEGREE]
    return degree > 0 and low << 32 >= share * degree


@kernel
def note_due(scalars, s, day):
    """Note by how much scores recover and decay today, 0 when that is not due."""
    moves = scalars[P_SCORE] == POINTS
    s.counters[N_RECOVERY] = scalars[P_RECOVERY] if moves and day % scalars[P_RECOVERY_EVERY] == 0 else 0
    s.counters[N_DECAY] = scalars[P_DECAY] if moves and day % scalars[P_DECAY_EVERY] == 0 else 0


@kernel
def moves_all(s):
    """Say whether scores recover or decay today, so that nobody can be passed over."""
    return s.counters[N_RECOVERY] != 0 or s.counters[N_DECAY] != 0


@kernel
def settle_points(tables, state, s, j):
    """Add the points of one member, recover or decay, and clamp once."""
    if s.w[j, W_WON]:
        count(s, j, RETURNED, s.w[j, W_WON])
    now = I64(state.score[j]) + s.w[j, W_POINTS] + s.w[j, W_WON]
    rescore(tables, state, s, j, settled(tables.scalars, s, j, now))


@kernel
def rescore(tables, state, s, j, after):
    """Give a member a new score, and move them between the grades."""
    before = I64(state.score[j])
    if before == after:
        return
    state.score[j] = after
    shift_stock(s, j, SCORE_SUM, after - before)
    regrade(tables, s, j, before, after)


@kernel
def regrade(tables, s, j, before, after):
    """Move a member between the grades, if the score crossed a line."""
    first = STOCK_ON + tables.scalars[P_LISTS]
    for g in range(1, tables.scalars[P_GRADES]):
        edge = tables.grade_from[g]
        crossed = I64(after >= edge) - I64(before >= edge)
        if crossed:
            shift_stock(s, j, first + g - 1, -crossed)
            shift_stock(s, j, first + g, crossed)


@kernel
def settle_quiet(tables, state, s, quiet, base):
    """Let the quiet members of a mask recover or decay, all at once, and count what it moved."""
    recovery, decay = s.counters[N_RECOVERY], s.counters[N_DECAY]
    near = ZERO
    for g in range(1, tables.scalars[P_GRADES]):
        near |= mask_within(state.score, tables.grade_from[g] - recovery, recovery + decay)
    settle(state.score, s.moved, quiet, tables.scalars[P_BASE], recovery, decay)
    up = quiet & mask_above(s.moved, 0)
    down = quiet & ~up
    odd = (up & mask_other(s.moved, recovery)) | (down & mask_other(s.moved, -decay))
    rows = min(64, tables.scalars[P_CITIZENS] - base)
    province, start = s.counters[N_FIRST_PROVINCE], 0
    while start < rows:  # a block may reach into the next provinces
        end = min(rows, tables.province_start[province + 1] - base)
        for group in range(tables.scalars[P_GROUPS]):
            people = quiet & rows_of(start, end) & of_group(s.planes, group)
            if people != ZERO:
                gained = sum_moved(s, people & up, odd, recovery)
                lost = -sum_moved(s, people & down, odd, -decay)
                s.flows[province, group, RECOVERED] += gained
                s.flows[province, group, DECAYED] += lost
                s.stocks[province, group, SCORE_SUM] += gained - lost
        start, province = end, province + 1
    near &= quiet
    while near != ZERO:
        j = lowest(near)
        near &= near - ONE
        locate(tables, s, base, j)
        regrade(tables, s, j, I64(state.score[j]) - I64(s.moved[j]), I64(state.score[j]))


@kernel
def sum_moved(s, people, odd, usual):
    """Return by how much the scores of a mask moved: all of them by the same, but the odd ones."""
    others = people & odd
    total = usual * (ones(people) - ones(others))
    while others != ZERO:
        total += I64(s.moved[lowest(others)])
        others &= others - ONE
    return total


@kernel
def settled(scalars, s, j, now):
    """Return a score after recovery or decay and the clamp, and count what they moved."""
    usual = scalars[P_BASE]
    if now < usual:
        moved = min(usual, now + s.counters[N_RECOVERY])
        if moved != now:
            count(s, j, RECOVERED, moved - now)
        now = moved
    elif now > usual:
        moved = max(usual, now - s.counters[N_DECAY])
        if moved != now:
            count(s, j, DECAYED, now - moved)
        now = moved
    clamped = max(scalars[P_FLOOR], min(scalars[P_CEILING], now))
    if clamped != now:
        count(s, j, CLAMPED, clamped - now)
    return clamped


@kernel
def weigh(tables, state, s, i, j):
    """Compute a weighted score anew from its factors."""
    total = 0
    for x in range(tables.scalars[P_FACTORS]):
        total += tables.factors[x, X_WEIGHT] * factor(tables, state, s, x, i, j)
    low, high = tables.scalars[P_FLOOR], tables.scalars[P_CEILING]
    before = I64(state.score[j])
    now = low + (((total >> 16) * (high - low) + 32768) >> 16)
    clamped = max(low, min(high, now))
    count(s, j, RESET, now - before)
    if clamped != now:
        count(s, j, CLAMPED, clamped - now)
    rescore(tables, state, s, j, clamped)


@kernel
def factor(tables, state, s, x, i, j):
    """Return the value of one factor in 2^-16."""
    kind = tables.factors[x, X_KIND]
    if kind == 0:
        size, level = tables.factors[x, X_CLASSES], 0
        if size > 1:
            u = private(tables.key, tables.factors[x, X_DECISION], i, 0, 0)
            level = category(u, tables.factor_classes[x], size)
        return tables.factors[x, X_LEVEL + level]
    if kind == 1:
        slot = tables.factors[x, X_SLOT]
        if slot < 0:
            return WHOLE
        seen = (s.w[j, W_COUNTS] >> (COUNT_BITS * slot)) & COUNT_MAX
        full = tables.factors[x, X_FULL_AT]
        return WHOLE - WHOLE * min(seen, full) // full
    low = I64(state.low_friends[j])
    if low == 0:
        return WHOLE
    degree = s.w[j, W_DEGREE]
    return WHOLE - WHOLE * low // degree if degree > 0 else WHOLE
