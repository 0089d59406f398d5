"""Which copies of a content count: the n-th copy in a file is the n-th copy in any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def accepted(files: Iterable[Iterable[T]]) -> list[T]:
    """Return each content as often as the file that holds it most often, in any fixed order."""
    copies: Counter[T] = Counter()
    for rows in files:
        copies |= Counter(rows)  # the union of counters takes the larger count of each content
    return sorted(copies.elements(), key=repr)
