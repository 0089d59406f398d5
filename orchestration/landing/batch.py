"""Files in batches: small ones of one kind are staged together, a large one by itself.

What becomes of a file does not depend on its company: where a group cannot be staged, each of
its files is staged alone, and each is told of in its turn.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from orchestration.landing import lake
from orchestration.landing.load import Load, StagedFile
from orchestration.landing.outcome import FileOutcome, RefusedError, landed
from orchestration.landing.read import (
    Given,
    Reading,
    already,
    as_text,
    read,
    refuse_if_changed,
    refused,
)
from orchestration.landing.stage import Counts, Stage, Tables, Target, counts, in_order, stage
from orchestration.landing.text import Part, Text, joined

FILES_AT_ONCE = 500
BYTES_AT_ONCE = 16 << 20
"""When a batch ends. A file of more than a MiB ends it, too."""

Found = dict[str, Counts | RefusedError]
"""The hash of a content -> what came of it."""


def land_files(files: Iterable[Given | FileOutcome], load: Load) -> Iterator[FileOutcome]:
    """Stage files and yield what became of each, in their order; outcomes pass through."""
    batch: list[FileOutcome | Reading] = []
    size = 0
    for file in files:
        one = read(file, load) if isinstance(file, Given) else file
        batch.append(one)
        if isinstance(one, Reading):
            size += BYTES_AT_ONCE if one.data is None else len(one.data)
        if len(batch) >= FILES_AT_ONCE or size >= BYTES_AT_ONCE:
            yield from _outcomes(batch, load)
            batch, size = [], 0
    yield from _outcomes(batch, load)


def _outcomes(batch: Sequence[FileOutcome | Reading], load: Load) -> Iterator[FileOutcome]:
    readings: dict[str, Reading] = {}
    for one in batch:
        if isinstance(one, Reading):
            readings.setdefault(one.sha256, one)
    found = _staged(list(readings.values()), load)
    for one in batch:
        if isinstance(one, FileOutcome):
            yield one
        elif one.sha256 in load.by_content:
            yield already(one.given.path, load.by_content[one.sha256])
        elif isinstance(result := found[one.sha256], RefusedError):
            yield refused(one.given, result)
        else:
            yield _landed(one, result, load)


def _landed(one: Reading, counted: Counts, load: Load) -> FileOutcome:
    outcome = landed(one.given.path, one.kind.source, one.kind.format, one.file_id, *counted)
    file = lake.LandedFile(
        one.sha256,
        as_text(one.given.path.name),
        one.place,
        one.stat.st_size,
        one.stat.st_mtime_ns // 1000,
        load.stamp.landed_at,
    )
    load.staged.append(StagedFile(outcome, file))
    load.by_content[one.sha256] = file
    return outcome


def _staged(readings: Sequence[Reading], load: Load) -> Found:
    """Stage files of different content; return what came of each by its hash."""
    groups: dict[object, list[Reading]] = {}
    for one in readings:
        shape = one.scan and (one.scan.is_regular, one.scan.line_end)
        groups.setdefault((one.kind, shape, one.large), []).append(one)
    found: Found = {}
    by_source: dict[str, list[Stage]] = {}
    for group in groups.values():
        with tempfile.TemporaryDirectory(dir=load.scratch) as inputs:
            stages, of_group = _stage(load, group, _files(group, Path(inputs)))
        large = group[0].large
        if large is not None and large not in [stage.files for stage in stages]:
            shutil.rmtree(large.parent)
        found |= of_group
        by_source.setdefault(group[0].kind.source, []).extend(stages)
    file_ids = [one.file_id for one in readings]
    for source, stages in by_source.items():
        if len(stages) > 1:
            merged = Target(load.new_folder(), load.stamp.landed_at_sql)
            stages = [in_order(load.connection, source, stages, file_ids, merged)]
        load.stages += stages
    return found


def _files(group: Sequence[Reading], folder: Path) -> Text | Tables:
    """Write a group of small files to where DuckDB reads them; a large one is there."""
    first = group[0]
    if first.large is not None:
        if first.scan is None:
            return Tables((first.large,), is_large=True)
        part = Part(first.file_id, first.scan.line_count)
        return Text(first.large, (part,), first.scan.is_regular)
    if first.scan is not None:
        return joined(folder / "text", [(one.file_id, one.data, one.scan) for one in group])
    for one in group:
        (folder / one.file_id).write_bytes(one.data)
    return Tables(tuple(folder / one.file_id for one in group))


def _stage(load: Load, group: Sequence[Reading], files: Text | Tables) -> tuple[list[Stage], Found]:
    """Stage a group, else each file of it alone."""
    first = group[0]
    target = Target(load.new_folder(), load.stamp.landed_at_sql)
    try:
        done = stage(load.connection, first.kind, files, target)
        if first.large is not None:
            refuse_if_changed(first.given.path, first.stat)
    except RefusedError as error:
        return [], {first.sha256: error}
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise
        if len(group) == 1:
            problem = f"DuckDB cannot read it: {str(error).splitlines()[0]}"
            return [], {first.sha256: RefusedError(problem)}
        stages: list[Stage] = []
        found: Found = {}
        for one, file in zip(group, files.alone(), strict=True):
            some, of_one = _stage(load, [one], file)
            stages += some
            found |= of_one
        return stages, found
    counted = counts(load.connection, done)
    return [done], {one.sha256: counted.get(one.file_id, (0, [], 0)) for one in group}
