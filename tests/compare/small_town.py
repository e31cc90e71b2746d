"""A small scheme in which something happens soon, with variants of its own."""

from __future__ import annotations

TOWN = """glasshouse = 1
title = "Town"
notice = "Made up for a test."
[society]
citizens = 700
days = 40
start_date = 2019-01-20
group_shares = { a = 0.6, b = 0.4 }
[circle.household]
scope = "province"
sizes = [1, 2, 3]
friend_share = 1.0
[behaviour.games]
kind = "purchase"
per_day = 0.05
seen_share = 1.0
false_alarm_per_day = 0.001
restrained = true
[score]
base_points = 100
floor_points = 0
ceiling_points = 200
recovery_points = 1
recovery_every_days = 10
low_cutoff_points = 80
[rule.games]
behaviour = "games"
points = -15
[rule.friends]
on = "association"
min_friends = 1
points = -5
[list.low]
entry_score_below = 80
exit_score_at_least = 95
closes = ["plane"]
[travel.plane]
requests_per_day = 0.05
[learn]
restraint = "proportional"
own_weight = 0.2
half_life_days = 60
[variant.gentle]
label = "a third of the points"
set = { "rule.games.points" = -5 }
[variant.alone]
without = ["friends"]
"""
