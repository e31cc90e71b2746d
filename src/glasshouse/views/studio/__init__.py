"""The studio: a local web page on which a society is seen changing, and the server behind it.

The way of a world: `wish` (what the page asks for) -> `order` (checked, compiled, within the caps) -> `line` (the queue
and the one thread that runs the engine) -> `job` (one world, or two side by side) -> `watch` (days and pictures, to
the page that looks on). `guards` stands before everything. Nothing here is imported before `glasshouse studio` asks.
"""
