"""A file's bytes: how they are compressed, what they hash to, what their lines are like."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from orchestration.landing.outcome import RefusedError, UnfinishedError

BLOCK_BYTES = 1 << 20

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_CONTROL = (b"\x00", b"\x01", b"\x02")
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class Head:
    """The first MiB of a file, uncompressed."""

    data: bytes
    is_all: bool
    """Nothing comes after it."""
    compression: str | None


@dataclass(frozen=True)
class Scan:
    """What one pass over a text showed."""

    line_count: int
    """Physical lines up to the last that is not empty."""
    line_end: bytes
    is_regular: bool
    """UTF-8 with line ends of one sense, no control bytes, no very long lines: what DuckDB's
    reader takes without changing anything."""


def compression(path: Path) -> str | None:
    """Return 'gzip', 'zstd' or None, by the file's first bytes."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_GZIP):
        return "gzip"
    return "zstd" if start.startswith(_ZSTD) else None


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading its uncompressed bytes.

    Raises RefusedError where the compressed data is damaged or ends early.
    """
    packed = compression(path)
    try:
        if packed == "gzip":
            with gzip.open(path, "rb") as file:
                yield file
        elif packed == "zstd":
            # Arrow opens no path that is not UTF-8.
            with path.open("rb") as raw, pa.CompressedInputStream(raw, "zstd") as file:
                yield file
        else:
            with path.open("rb") as file:
                yield file
    except EOFError as error:
        raise UnfinishedError("the gzip data is truncated: the file ends too early") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise RefusedError(f"the gzip data is damaged: {error}") from error
    except OSError as error:
        if packed == "zstd" and error.errno is None:
            raise UnfinishedError(f"the zstd data is truncated or damaged: {error}") from error
        raise


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes as they lie on disk, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def head(path: Path) -> Head:
    """Return how a file begins. Raises RefusedError like `opened`."""
    with opened(path) as file:
        data = b"".join(_blocks(file, BLOCK_BYTES))
        return Head(data, is_all=not file.read(1), compression=compression(path))


def scan(data: bytes) -> Scan:
    """Scan a text that is in memory."""
    return _scan(iter([data]))


def scan_plain(path: Path) -> tuple[Scan, str]:
    """Scan a plain file and return the hash of its bytes, too, in one pass."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        scanned = _scan(_through(_blocks(file), digest.update))
    return scanned, digest.hexdigest()


def unpack(path: Path, target: Path) -> Scan:
    """Write a compressed file's text to `target` and scan it on the way."""
    with opened(path) as file, target.open("wb") as out:
        return _scan(_through(_blocks(file), out.write))


def _blocks(file: BinaryIO, limit: int | None = None) -> Iterator[bytes]:
    left = limit
    while block := file.read(BLOCK_BYTES if left is None else left):
        yield block
        if left is not None:
            left -= len(block)


def _through(blocks: Iterator[bytes], consume: Callable[[bytes], object]) -> Iterator[bytes]:
    for block in blocks:
        consume(block)
        yield block


def _scan(blocks: Iterator[bytes]) -> Scan:
    decode = codecs.getincrementaldecoder("utf-8")().decode
    feeds = content_feeds = returns = pairs = 0
    is_regular, after_return = True, False
    for number, block in enumerate(blocks):
        returns += block.count(b"\r")
        pairs += block.count(b"\r\n") + (after_return and block.startswith(b"\n"))
        after_return = block.endswith(b"\r")
        content = block.rstrip(b"\r\n")
        if content:
            content_feeds = feeds + content.count(b"\n")
        new_feeds = block.count(b"\n")
        feeds += new_feeds
        if is_regular:
            # A block without a line end is part of a line that may outgrow the reader's limit.
            very_long = new_feeds == 0 and len(block) == BLOCK_BYTES
            two_marks = number == 0 and block.startswith(2 * BYTE_ORDER_MARK)
            is_regular = not (very_long or two_marks or any(byte in block for byte in _CONTROL))
            try:
                decode(block)
            except UnicodeDecodeError:
                is_regular = False
    if is_regular:
        try:
            decode(b"", True)
        except UnicodeDecodeError:
            is_regular = False
    one_line_end = returns == pairs and pairs in (0, feeds)
    return Scan(content_feeds + 1, b"\r\n" if pairs else b"\n", is_regular and one_line_end)
