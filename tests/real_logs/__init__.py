"""Converters of public logs into platform samples, the shape in which other platforms can land.

Each module has `samples(path)`, which yields one sample after another and drops no row: what cannot
be true, such as an end before its start, is for landing to judge.
"""
