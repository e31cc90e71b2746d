"""Pieces of small schemes."""

from __future__ import annotations

HEAD = """glasshouse = 1
title = "Rules that can be told apart"
[society]
citizens = 400
days = 40
online_shares = [1.0]
[behaviour.games]
kind = "purchase"
per_day = 0.05
online = true
seen_share = 1.0
false_alarm_per_day = 0.002
[score]
base_points = 100
floor_points = 0
ceiling_points = 200
min_age = 0
low_cutoff_points = 80
[travel.plane]
requests_per_day = 0.1
[learn]
restraint = "proportional"
own_weight = 0.2
half_life_days = 60
"""
RULE = """[rule.{name}]
behaviour = "games"
points = {points}
"""
LIST = """[list.{name}]
entry_records_of = ["games"]
term_days = 10
closes = ["plane"]
"""
SCORE_LIST = """[list.low]
entry_score_below = 90
exit_score_at_least = 100
closes = ["plane"]
"""
