"""A small scheme with two groups, fear, lists and posts, in which something happens soon."""

TOWN = """glasshouse = 1
title = "A small scheme"
notice = "Made up for a test."
[society]
citizens = 1500
days = 40
[society.group_shares]
a = 0.7
b = 0.3
[platform.messenger]
kind = "domestic"
passed_on_share = 1.0
[behaviour.games]
kind = "purchase"
per_day = 0.05
restrained = true
online = true
seen_on = { messenger = 1.0 }
false_alarm_per_day = 0.001
[behaviour.posts]
kind = "speech"
per_day = 0.05
restrained = true
online = true
seen_on = { messenger = 1.0 }
false_alarm_per_day = 0.002
[score]
base_points = 100
floor_points = 0
ceiling_points = 200
min_age = 18
recovery_points = 1
recovery_every_days = 30
low_cutoff_points = 80
[rule.games]
behaviour = "games"
points = -15
[rule.posts]
behaviour = "posts"
points = -20
[list.low]
entry_score_below = 80
exit_score_at_least = 95
closes = ["plane"]
[travel.plane]
requests_per_day = 0.05
[learn]
restraint = "proportional"
own_weight = 0.2
friend_weight = 0.2
bulletin_weight = 5.0
half_life_days = 60
"""
