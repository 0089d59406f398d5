"""Converters of public logs into platform samples, the shape in which other platforms can land.

Each module has `samples(path)`, which yields one sample after another and drops no row: what cannot
be true is for landing to judge. Logs that land as they are need none.
"""
