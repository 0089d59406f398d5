"""What the service does not answer, and why: one clear line with an HTTP status."""

from __future__ import annotations


class Refused(Exception):
    """A request that is not answered. Its text is what the caller reads; it names the field."""

    def __init__(self, status: int, message: str) -> None:
        """Take the HTTP status (4xx, 503) and the line that the caller reads."""
        super().__init__(message)
        self.status = status
        self.message = message
