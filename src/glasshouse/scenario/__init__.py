"""Data in: the scenario language, from a TOML file to a checked, frozen `Scenario`.

The way of a file: `reading` (bytes to a tree) -> `evidence` (sources and grades put aside)
-> `schema` (values checked) -> `lint` (meaning checked); `load` joins them, `positions` knows
where each key stands, `explain` says in plain words what is wrong.

Import from the modules themselves, for instance `from glasshouse.scenario.load import load`;
this package imports nothing, so that looking at one part does not load the others.
"""
