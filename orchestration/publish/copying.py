"""Copying a file, or parts of it, without copying bytes where the file system can share them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

Part = tuple[int, int]
"""Where a part of a file begins, and where the next byte after it is."""

_AT_ONCE = 8 * 1024 * 1024
_CANNOT = (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
"""What systems say that do not copy between these two files by themselves."""


def clone(source: Path, copy: Path, parts: Iterable[Part] | None = None) -> None:
    """Copy the file, as large as it is; of its bytes only these parts, in their order.

    What is not copied reads as zeros and takes no room on disk, as what the source has no room for
    (`parts` left out). btrfs and XFS let both files share their blocks.
    """
    with source.open("rb", buffering=0) as old, copy.open("wb", buffering=0) as new:
        size = os.fstat(old.fileno()).st_size
        for start, end in _written(old.fileno(), size) if parts is None else parts:
            _copy(old.fileno(), new.fileno(), start, end)
        new.truncate(size)


def bytes_on_disk(file: Path) -> int:
    """Return what room the file takes: what a published file leaves out takes none."""
    return 512 * file.stat().st_blocks


def _copy(old: int, new: int, start: int, end: int) -> None:
    while start < end:
        start += _copied_by_system(old, new, start, end) or _copied(old, new, start, end)


def _copied_by_system(old: int, new: int, start: int, end: int) -> int:
    """Return how many bytes the system copied or shared, 0 where it does neither."""
    if not hasattr(os, "copy_file_range"):
        return 0
    try:
        return os.copy_file_range(old, new, end - start, start, start)
    except OSError as error:
        if error.errno in _CANNOT:
            return 0
        raise


def _copied(old: int, new: int, start: int, end: int) -> int:
    data = os.pread(old, min(_AT_ONCE, end - start), start)
    if not data:
        raise OSError(errno.EIO, "the file ended while it was copied")
    return os.pwrite(new, data, start)


def _written(file: int, size: int) -> Iterator[Part]:
    """Yield the parts of a file that take room."""
    end = 0
    while end < size:
        try:
            start = os.lseek(file, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing but a hole is left
                return
            raise
        end = os.lseek(file, start, os.SEEK_HOLE)
        yield start, end
