"""Failures that a user can do something about."""


class WarehouseError(Exception):
    """An expected failure. Its text is what the user reads: what, where, and what to do."""


class UsageError(WarehouseError):
    """The command was called in a way that cannot be right."""
