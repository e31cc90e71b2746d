"""Where things stand in the flat tables that the kernels read: names for columns, nothing else.

Kernels import this and not the plan, so that nothing compiled ever meets a scenario.
"""

from __future__ import annotations

import numpy as np

from glasshouse.ladder import RUNGS
from glasshouse.model import flows as flow_table
from glasshouse.model import stocks as stock_table
from glasshouse.society.columns import BLOCK, COMPANY_OFF, CORE, RARE

# Columns of `scalars` (int64).
(
    P_CITIZENS,
    P_BEHAVIOURS,
    P_RULES,
    P_LISTS,
    P_MODES,
    P_SLOTS,
    P_NEAR_SHIFT,
    P_VACANT,
    P_STEPS,
    P_SCORE,  # 0 none, POINTS, WEIGHTED
    P_BASE,
    P_FLOOR,
    P_CEILING,
    P_RECOVERY,
    P_RECOVERY_EVERY,
    P_DECAY,
    P_DECAY_EVERY,
    P_LOW_CUTOFF,
    P_MEMBER_MIN_AGE,
    P_ASSOCIATION_POINTS,
    P_MIN_FRIENDS,
    P_MIN_SHARE32,
    P_ASSOCIATION_DAILY,
    P_FACTORS,
    P_FLAG_LISTED,
    P_SANCTION_LISTS,  # mask
    P_POLICE,
    P_OUTCOMES,
    P_LENGTHS,
    P_OWNER_SUSPENSION,
    P_OWNER_POINTS,
    P_REDRESS,
    P_DECISION_DAYS,
    P_STRATEGIC,
    P_LEARN_OWN,
    P_LEARN_DECAY,
    P_OFFLINE_DAYS,
    P_LOGIN_FROM,
    P_LOGIN_FACE,
    P_GROUPS,
    P_PLATFORMS,
    P_FIRST_CHAT,  # circle, -1 none
    P_CIRCLES,
    P_RINGS,
    P_GRAPH,
    P_CUT_DECISION,
    P_GRADES,
    P_FIRST_BELOW,  # score below this may enter a list
    P_FIRST_AT_LEAST,
    P_COMPANY_LIST,
    P_START_CLASSES,
    P_START_DECISION,
    P_COMPANY_TERM,
    P_PROVINCES,
    P_BORROWERS,
    P_REPRESENTATIVES,  # row of their order
    P_SCORE_LISTS,  # mask of those that a score leads onto or off
    N_SCALARS,
) = range(58)

POINTS, WEIGHTED = 1, 2

# Columns of `thresholds` (uint64).
(
    T_INTERROGATED,
    T_OWNER,
    T_FILED,
    T_WON_FALSE,
    T_WON_TRUE,
    T_FORGED,
    T_FACE_BORROWED,
    T_BORROWED,
    T_MALE,
    T_RURAL,
    T_MEMBER,
    T_CUT,
    T_COMPANY_DEFAULT,
    T_COMPANY_PERFORMED,
    N_THRESHOLDS,
) = range(15)

# Columns of `behaviours` (int64).
(
    B_SPEECH,
    B_ONLINE,
    B_CHAT,
    B_RESTRAINED,
    B_SUSPENSION,
    B_DELAYS,
    B_SEEN,  # platforms in the table, 0: an office
    B_FLOW,
    B_DECISION,  # first of the decisions, in the order of DECISIONS
) = range(9)
DECISIONS = [
    "act",
    "false_alarm",
    "seen",
    "removed",
    "suspended",
    "passed_on",
    "caught",
    "misattributed",
    "target",
    "delay",
    "summons",
    "interrogated",
    "outcome",
    "length",
    "owner",
    "appeal",
    "appeal_won",
]
(
    D_ACT,
    D_ALARM,
    D_SEEN,
    D_REMOVED,
    D_SUSPENDED,
    D_PASSED_ON,
    D_CAUGHT,
    D_MISATTRIBUTED,
    D_TARGET,
    D_DELAY,
    D_SUMMONS,
    D_INTERROGATED,
    D_OUTCOME,
    D_LENGTH,
    D_OWNER,
    D_APPEAL,
    D_APPEAL_WON,
) = range(B_DECISION, B_DECISION + 17)
N_BEHAVIOUR = B_DECISION + 17
# Columns of `behaviour_thresholds` (uint64).
(
    BT_CAUGHT,
    BT_ALARM,
    BT_MISATTRIBUTED,
    BT_REMOVED,
    BT_SUSPENDED,
    BT_SUMMONS,
    BT_OFFICE,
    BT_SEEN,  # eight platforms
) = range(8)
BT_DELAY = BT_SEEN + 8
N_BEHAVIOUR_T = BT_DELAY + 8

# Columns of `activities` (int64): behaviours first, then modes.
A_DOER, A_CLASS, A_CLASSES, A_MIN_AGE, A_MAX_AGE, N_ACTIVITY = range(6)

# Columns of `rules` (int64).
R_BEHAVIOUR, R_POINTS, R_ALLOWANCE, R_SLOT, R_FLOW, N_RULE = range(6)

# Columns of `lists` (int64) and `list_thresholds` (uint64).
(
    L_PERK,
    L_COMPANY,
    L_ENTRY_BELOW,
    L_ENTRY_AT_LEAST,
    L_ENTRY_BEHAVIOURS,  # mask
    L_TERM,
    L_SLOT,
    L_EXIT_AT_LEAST,
    L_EXIT_BELOW,
    L_CLOSES,
    L_FLOW,
    L_D_ENTRY,
    L_D_INITIAL,
    L_D_INITIAL_TERM,
    L_BY_SCORE,  # a score leads onto it or off it
    L_START_BELOW,
    N_LIST,
) = range(17)
LT_ENTRY, LT_INITIAL, N_LIST_T = range(3)
NO_LINE_BELOW, NO_LINE_AT_LEAST = -32768, 32767  # of a list without such a line

# Columns of `modes` (int64) and `mode_thresholds` (uint64).
M_MODE, M_RETRIES, M_D_RETRY, M_D_STOP, M_D_SUBSTITUTE, N_MODE = range(6)
MT_RETRY, MT_STOP, MT_SUBSTITUTE, N_MODE_T = range(4)

DEGREE = COMPANY_OFF + 1  # a message that only kernels know: how many uncut friends somebody has

# Kinds of slots: what a screened draw decides.
ACT, ALARM, REQUEST, PERFORMED, REPAIRED, CHECK, LOGIN_CARD, LOGIN_FACE, N_KINDS = range(9)

# Columns of `factors` (int64): kind 0 trait, 1 records, 2 friends; then 16 levels.
X_KIND, X_WEIGHT, X_DECISION, X_CLASSES, X_SLOT, X_FULL_AT, X_LEVEL = range(7)
FACTOR_KINDS = ("trait", "records", "friends")
BY_FRIENDS = FACTOR_KINDS.index("friends")

# Columns of `checks` (int64): new_line, renewal.
C_FROM, C_FACE, C_D_ID, C_D_FACE, N_CHECK = range(5)

# Columns of `circles` (int64); then 16 starts.
K_PROVINCIAL, K_SIZES, K_PERIOD, K_FRIENDS, K_CHAT, K_KEYS, K_START = range(7)

# Rows of `traits` (uint64, 100 columns).
TR_AGE, TR_ONLINE, TR_GROUP, TR_START, TR_OUTCOME, TR_LENGTH, N_TRAITS = range(7)

FLOW = {name: k for k, name in enumerate(flow_table.BUILTIN)}
FLOW_MODE = len(flow_table.BUILTIN)
STOCK = {name: k for k, name in enumerate(stock_table.BUILTIN)}
STOCK_PUNISHED = len(stock_table.BUILTIN)  # + origin code - 1
STOCK_ON = STOCK_PUNISHED + 5  # + list; the grades follow
FLOW_REQUESTED, FLOW_REFUSED = FLOW_MODE, FLOW_MODE + 3
FLOW_PUNISHED = FLOW_MODE + 6 - 1  # + origin code 1..5
FLOW_LOST_BY = FLOW_PUNISHED + 5
FLOW_BEHAVIOUR = FLOW_MODE + 16
PER_BEHAVIOUR = len(flow_table.PER_BEHAVIOUR)


# Largest sizes; `pack` refuses more. Everything has a fixed place in one record, so that kernels get one pointer.
BEHAVIOURS, RULES, LISTS, MODES, FACTORS, CIRCLES, GROUPS, PROVINCES = 24, 32, 8, 3, 16, 8, 8, 31
ORDERS = 16 + CIRCLES * PROVINCES + 1  # rings, circles (one per province if provincial), representatives
SLOTS, CLASSES, PLATFORMS, FLOWS, STOCKS = 64, 16, 8, 400, 40
VACANT = 8  # places at which nobody lives, at most
NEAR = 4096  # places at which the province is noted, so that it need not be searched for
STEPS = SLOTS * RUNGS
ACTIVITIES = BEHAVIOURS + MODES

TABLES = np.dtype(
    [
        ("key", np.uint64, (3,)),  # of traits: two words of the seed, and a mask laid over what is drawn
        ("luck", np.uint64, (3,)),  # the same of days
        ("scalars", np.int64, (N_SCALARS,)),
        ("thresholds", np.uint64, (N_THRESHOLDS,)),
        ("behaviours", np.int64, (BEHAVIOURS, N_BEHAVIOUR)),
        ("behaviour_thresholds", np.uint64, (BEHAVIOURS, N_BEHAVIOUR_T)),
        ("delays", np.int64, (BEHAVIOURS, 8)),  # days
        ("activities", np.int64, (ACTIVITIES, N_ACTIVITY)),
        ("doers", np.uint64, (ACTIVITIES,)),
        ("classes", np.uint64, (ACTIVITIES, CLASSES)),  # cumulative
        ("rates", np.uint64, (ACTIVITIES, CLASSES, 4)),
        ("rules", np.int64, (RULES, N_RULE)),
        ("lists", np.int64, (LISTS, N_LIST)),
        ("list_thresholds", np.uint64, (LISTS, N_LIST_T)),
        ("modes", np.int64, (MODES, N_MODE)),
        ("mode_thresholds", np.uint64, (MODES, N_MODE_T)),
        ("factors", np.int64, (FACTORS, X_LEVEL + CLASSES)),
        ("factor_classes", np.uint64, (FACTORS, CLASSES)),  # cumulative
        ("checks", np.int64, (2, N_CHECK)),
        ("faces", np.uint64, (GROUPS,)),
        ("platforms", np.uint64, (PLATFORMS,)),  # passed on
        ("foreign", np.int64, (PLATFORMS,)),
        ("slot_kinds", np.uint8, (SLOTS,)),
        ("slot_of", np.uint8, (SLOTS,)),  # number of the behaviour, mode, list or check
        ("slot_activities", np.int64, (SLOTS,)),  # -1 none
        ("slot_decisions", np.uint64, (SLOTS,)),
        ("slot_tops", np.uint64, (SLOTS,)),  # no draw at or above it matters
        ("slot_doers", np.uint64, (SLOTS,)),
        ("slot_doer_decisions", np.uint64, (SLOTS,)),
        ("slot_class_decisions", np.uint64, (SLOTS,)),
        ("slot_next_decisions", np.uint64, (SLOTS,)),  # of the draw that follows on a hit
        ("slot_too_young", np.uint64, (SLOTS,)),  # draws of age below it
        ("slot_old_enough", np.uint64, (SLOTS,)),  # draws of age below it are not too old
        ("step_slots", np.uint8, (STEPS,)),
        ("step_rungs", np.uint8, (STEPS,)),
        ("step_decisions", np.uint64, (STEPS,)),
        ("step_first_decisions", np.uint64, (STEPS,)),  # of the trait asked for first
        ("step_first_low", np.uint64, (STEPS,)),
        ("step_first_high", np.uint64, (STEPS,)),  # first draw that does not pass
        ("step_counters", np.uint64, (STEPS,)),
        ("step_starts", np.uint64, (STEPS,)),  # draws of the step: start + (u >> shift) * times >> less
        ("step_shifts", np.uint64, (STEPS,)),
        ("step_times", np.uint64, (STEPS,)),
        ("step_less", np.uint64, (STEPS,)),
        ("step_limits", np.uint32, (STEPS,)),  # words from here on have a member
        ("step_seconds", np.uint32, (STEPS,)),  # words from here on have two
        ("ladder", np.uint64, (RUNGS, BLOCK)),
        ("restraint", np.int64, (256, 256)),
        ("traits", np.uint64, (N_TRAITS, 100)),
        ("start_points", np.int64, (CLASSES,)),
        ("start_spread", np.int64, (CLASSES,)),
        ("lengths", np.int64, (8,)),  # days of detention
        ("grade_from", np.int64, (16,)),
        ("province_start", np.int64, (PROVINCES + 1,)),
        ("vacant", np.int64, (VACANT,)),
        ("province_near", np.uint8, (NEAR,)),  # province of citizen k << P_NEAR_SHIFT
        ("circles", np.int64, (CIRCLES, K_START + 16)),
        ("circle_friends", np.uint64, (CIRCLES,)),
        ("permutations", np.uint64, (ORDERS, 6)),  # round keys
    ],
    align=True,
)

# The state of a block of 64 citizens: the columns kept for everybody side by side, 10 bytes a citizen.
# A block lies together in the first cache, and a loop over one of its columns becomes vector instructions.
STATE = np.dtype([(c.name, c.dtype, (BLOCK,)) for c in CORE])

# The columns that are 0 for nearly everybody, by place in a row of values; terms by slot from V_UNTIL.
V_DETAINED, V_SUSPENDED, V_OFFLINE, V_UNTIL, _, _, V_HISTORY, N_RARE = range(8)
assert [c.name for c in RARE][V_HISTORY] == "history"
assert len(RARE) == N_RARE

# Rows of the four blocks of a quad lie in pages, sorted by place 0..255, each page naming the next; page 0 is none.
QUAD, PAGE_ROWS = 4 * BLOCK, 8
PAGES_OF_QUAD = QUAD // PAGE_ROWS  # at most
PAGE = np.dtype(
    [
        ("next", np.uint32),
        ("rows", np.uint32),
        ("places", np.uint8, (PAGE_ROWS,)),
        ("values", np.uint16, (PAGE_ROWS, N_RARE)),
    ],
    align=True,
)
