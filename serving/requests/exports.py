"""Exports of events in the background: made by a few workers, kept on disk, removed in time."""

from __future__ import annotations

import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread

import duckdb
from filelock import FileLock, Timeout

from orchestration.errors import WarehouseError
from orchestration.export import EventFilter, csv_of_events, opened, to_file
from orchestration.home import Home
from serving.callers.caller import Caller
from serving.refusal import Refused
from serving.requests.creation import created_at
from serving.requests.job import ENDED, Job, Status, load, now, save
from serving.settings import Settings

log = logging.getLogger(__name__)

STARTS = 3
"""How often an export is begun that ended with the process before it is given up."""

STOP_S = 10.0
"""How long workers have to notice that the service stops."""

SWEEP_S = 30.0
"""How often, at the least, is looked for what has expired."""


class _Stopped(Exception):
    """The service stops; what was not made yet is made when it is started again."""


class Exports:
    """The exports of one home: a record and a CSV file each, in a folder of their own.

    What was asked for is on disk before it is answered, so that it outlives the process.
    """

    def __init__(self, home: Home, settings: Settings) -> None:
        """Name the home; nothing is read or begun before `start`."""
        self._published = home.published_file
        self._folder = home.exports
        self._spill = home.exports / "spill"
        self._settings = settings
        self._process_lock = FileLock(home.exports / "lock", thread_local=False)
        self._lock = Lock()
        self._jobs: dict[str, Job] = {}
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._running: dict[str, duckdb.DuckDBPyConnection] = {}
        self._stopping = Event()
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Take up what was left behind and begin to work; nothing where it runs already.

        Raises WarehouseError where another process serves the home.
        """
        if self._threads:
            return
        # Exports hold people's names and mail addresses.
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._process_lock.acquire(timeout=0)
        except Timeout:
            raise WarehouseError(
                f"Another process serves {self._folder.parent} already. Stop it first, or serve"
                " another home."
            ) from None
        self._stopping.clear()
        self._jobs, self._waiting = {}, SimpleQueue()
        self._take_up()
        tasks = [self._sweep, *[self._work] * self._settings.exports]
        # They must not keep a process alive that has to end.
        self._threads = [Thread(target=task, daemon=True) for task in tasks]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the work. What is not made yet is made after the next start."""
        if not self._threads:
            return
        self._stopping.set()
        for _ in range(self._settings.exports):
            self._waiting.put(None)
        patience = time.monotonic() + STOP_S
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < patience:
            # Again and again: an interrupt before a query began does not stop it.
            with self._lock:
                for connection in self._running.values():
                    connection.interrupt()
            for thread in self._threads:
                thread.join(0.05)
        self._threads = []
        self._process_lock.release()

    def submit(self, caller: Caller, chosen: EventFilter, filename: str | None) -> Job:
        """Note an export of the chosen events; it is made in its turn.

        Raises Refused: 429 where the caller has too many that are not made yet, 503 where it cannot
        be noted.
        """
        if not self._threads:
            raise Refused(503, "Another process serves this home: ask that one for exports")
        name = caller.name or caller.email or caller.user_id
        job = Job(str(uuid.uuid4()), caller.user_id, name, chosen, filename, now())
        with self._lock:
            waiting = sum(one.status not in ENDED for one in self._of(caller))
            if waiting >= self._settings.export_waiting:
                raise Refused(429, f"{waiting} exports of yours are not made yet: wait for them")
            try:
                save(job, self._record(job.id))
            except OSError as error:
                raise Refused(503, f"The export cannot be noted: {error.strerror}") from None
            self._jobs[job.id] = job
        self._waiting.put(job.id)
        return job

    def find(self, id: str) -> Job | None:
        """Return the export of that id; None where there is none, or none any more."""
        with self._lock:
            job = self._jobs.get(id)
        return None if job is None or _is_over(job) else job

    def of(self, caller: Caller) -> list[Job]:
        """Return the caller's exports, the latest first."""
        with self._lock:
            jobs = [job for job in self._of(caller) if not _is_over(job)]
        return sorted(jobs, key=lambda job: job.created_at, reverse=True)

    def under_way(self) -> int:
        """Return how many exports wait or are being made."""
        with self._lock:
            return sum(job.status not in ENDED for job in self._jobs.values())

    def file(self, job: Job) -> Path:
        """Return where the export's CSV is, once it is finished."""
        return self._folder / f"{job.id}.csv"

    def remove(self, job: Job) -> None:
        """Forget an export that has ended, and its file. Who still reads the file reads on."""
        with self._lock:
            self._forget(job)

    def cancel(self, id: str) -> bool:
        """Forget an export that was not begun yet; False where it was."""
        with self._lock:
            job = self._jobs.get(id)
            if job is None or job.status is not Status.QUEUED:
                return False
            self._forget(job)
        return True

    def _record(self, id: str) -> Path:
        return self._folder / f"{id}.json"

    def _of(self, caller: Caller) -> list[Job]:
        return [job for job in self._jobs.values() if job.owner_id == caller.user_id]

    def _forget(self, job: Job) -> None:
        # The record last: without it nobody would know whose file is left.
        self.file(job).unlink(missing_ok=True)
        self._record(job.id).unlink(missing_ok=True)
        self._jobs.pop(job.id, None)

    def _note(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job
            try:
                save(job, self._record(job.id))
            except OSError as error:
                # It goes on without: after a kill the export would be made again.
                log.warning("export %s: not noted: %s", job.id, error.strerror)

    def _take_up(self) -> None:
        shutil.rmtree(self._spill, ignore_errors=True)
        self._spill.mkdir(exist_ok=True)
        for left in self._folder.glob(".*.unfinished"):
            left.unlink()
        for record in self._folder.glob("*.json"):
            try:
                job = load(record)
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.warning("export record %s cannot be read: %s", record, error)
                continue
            self._jobs[job.id] = job
        for file in self._folder.glob("*.csv"):
            if not self._record(file.stem).exists():
                file.unlink()
        for job in sorted(self._jobs.values(), key=lambda job: job.created_at):
            if job.status in ENDED:
                continue
            if job.starts >= STARTS:
                self._end(job, message=f"The service ended {STARTS} times while it was made")
            else:
                self._note(replace(job, status=Status.QUEUED))
                self._waiting.put(job.id)

    def _work(self) -> None:
        while not self._stopping.is_set():
            id = self._waiting.get()
            with self._lock:
                job = self._jobs.get(id)
                if job is None:
                    # Cancelled, or there is nothing more to do.
                    continue
                job = replace(job, status=Status.STARTED, starts=job.starts + 1, started_at=now())
                self._jobs[job.id] = job
            self._note(job)
            self._make(job)

    def _make(self, job: Job) -> None:
        try:
            size = self._write(job)
        except _Stopped:
            self._note(replace(job, status=Status.QUEUED, starts=job.starts - 1))
        except WarehouseError as error:
            self._end(job, message=str(error))
        except OSError as error:
            self._end(job, message=f"The file cannot be written: {error.strerror}")
        except Exception:
            log.exception("export %s failed", job.id)
            self._end(job, message="The service failed at it; its log says why")
        else:
            self._end(job, size=size)

    def _end(self, job: Job, *, message: str = "", size: int | None = None) -> None:
        status = Status.FAILED if size is None else Status.FINISHED
        at = now()
        expires_at = at + timedelta(seconds=self._settings.export_keep_s)
        self._note(
            replace(
                job, status=status, ended_at=at, expires_at=expires_at, message=message, size=size
            )
        )

    def _write(self, job: Job) -> int:
        """Write the file and return its bytes."""
        if not self._published.exists():
            raise WarehouseError("Nothing is published yet. Run: warehouse refresh")
        try:
            with (
                opened(self._published, self._spill) as warehouse,
                self._interruptible(job.id, warehouse),
                to_file(self.file(job)) as path,
                path.open("wb") as out,
            ):
                chosen = job.chosen
                if chosen.first_at is None:
                    chosen = replace(chosen, first_at=created_at(warehouse, chosen))
                for piece in csv_of_events(warehouse, chosen):
                    if self._stopping.is_set():
                        raise _Stopped
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
                return out.tell()
        except WarehouseError:
            if self._stopping.is_set():
                raise _Stopped from None
            raise

    @contextmanager
    def _interruptible(self, id: str, warehouse: duckdb.DuckDBPyConnection) -> Iterator[None]:
        with self._lock:
            self._running[id] = warehouse
        try:
            yield
        finally:
            with self._lock:
                del self._running[id]

    def _sweep(self) -> None:
        while not self._stopping.wait(min(SWEEP_S, self._settings.export_keep_s / 4)):
            with self._lock:
                for job in [job for job in self._jobs.values() if _is_over(job)]:
                    with suppress(OSError):
                        self._forget(job)


def _is_over(job: Job) -> bool:
    return job.expires_at is not None and job.expires_at <= now()
