"""The jobs of the demo: which there are, in which stage, and who takes which next."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from orchestration.demo.people import Person
from orchestration.demo.timeline import DAY_MS

ORGANIZATIONS = ((1, "meridian"), (2, "harborview"))
STALE_MS = 4 * DAY_MS
"""A job whose annotator has been away for so long goes to somebody else."""


@dataclass(frozen=True)
class Project:
    """A project: what is drawn in it, and how long one object takes (seconds, average pace)."""

    project_id: int
    name: str
    org: tuple[int, str]
    labels: tuple[str, ...]
    kind: str  # shapes, tracks, tags: the word in CVAT's scope
    shape: str | None
    seconds: float
    per_frame: tuple[int, int]

    @property
    def label_ids(self) -> range:
        """The ids of the labels, in their order."""
        return range(self.project_id * 10, self.project_id * 10 + len(self.labels))


PROJECTS = tuple(
    Project(11 + index, name, ORGANIZATIONS[org], tuple(labels.split()), *rest)
    for index, (name, org, labels, *rest) in enumerate(
        (
            ("City streets", 0, "car pedestrian cyclist bus", "shapes", "rectangle", 56, (4, 9)),
            ("Leaf disease", 0, "healthy rust mildew", "shapes", "polygon", 80, (2, 5)),
            ("Forklift video", 0, "forklift pallet person", "tracks", "rectangle", 72, (1, 2)),
            ("Shelf products", 1, "bottle can box label", "shapes", "rectangle", 50, (6, 12)),
            ("Lane markings", 1, "solid dashed crossing", "shapes", "polyline", 68, (3, 7)),
            ("Product condition", 1, "intact damaged", "tags", None, 55, (1, 1)),
        )
    )
)


@dataclass(eq=False)
class Issue:
    """A reviewer's complaint about a frame."""

    issue_id: int
    frame: int
    is_open: bool = True


@dataclass(eq=False)
class Job:
    """A job and how far it has come. Times are epoch ms."""

    job_id: int
    task_id: int
    project: Project
    start: int
    stop: int  # last frame, inclusive
    stage: str = "annotation"
    state: str = "new"
    assignee: int | None = None
    annotator: Person | None = None
    next_frame: int = 0
    round: int = 1
    objects: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    ready_at: int = 0
    touched_at: int = 0

    @property
    def owner(self) -> tuple[int, int, int]:
        """Job, task, project: the ids that an event of this job carries."""
        return (self.job_id, self.task_id, self.project.project_id)


@dataclass
class Board:
    """The queues, and who has which job open (by the person's number)."""

    rng: Random
    queues: dict[str, list[Job]] = field(
        default_factory=lambda: {"annotate": [], "fix": [], "review": [], "accept": []}
    )
    doing: dict[int, tuple[str, Job]] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    tasks: list[tuple[int, str]] = field(default_factory=list)
    object_count: int = 0
    issue_count: int = 0


def new_task(board: Board, org: tuple[int, str]) -> list[Job]:
    """Cut a new task of one of the organization's projects into jobs and queue them."""
    project = board.rng.choice([project for project in PROJECTS if project.org == org])
    task_id = 101 + len(board.tasks)
    board.tasks.append((task_id, f"{project.name} batch {len(board.tasks) + 1:03d}"))
    frames = board.rng.randint(12, 30) * (2 if project.kind == "tags" else 1)
    jobs = []
    for number in range(board.rng.randint(3, 6)):
        start = number * frames
        job = Job(1001 + len(board.jobs), task_id, project, start, start + frames - 1)
        job.next_frame = start
        board.jobs.append(job)
        board.queues["annotate"].append(job)
        jobs.append(job)
    return jobs


def new_ids(board: Board, count: int) -> list[int]:
    """Return ids for new objects."""
    first = board.object_count + 1
    board.object_count += count
    return list(range(first, first + count))


def next_work(board: Board, person: Person, now: int, *, alone: bool) -> tuple[str, Job] | None:
    """Return what a person does next: what is open, else what waits longest, else nothing.

    Only what others had finished by `now` is there to take. `alone` lets people review their own.
    """
    if person.number in board.doing:
        return board.doing[person.number]
    order = ("accept", "review", "fix", "annotate") if person.is_reviewer else ("fix", "annotate")
    for kind in order:
        if kind == "annotate" and (stale := _take_over(board, person, now)):
            return stale
        jobs = [job for job in board.queues[kind] if _may_take(kind, job, person, now, alone)]
        jobs.sort(key=lambda job: (job.project.org != ORGANIZATIONS[person.home], job.ready_at))
        if jobs:
            board.queues[kind].remove(jobs[0])
            if kind == "fix":
                jobs[0].annotator = person
            board.doing[person.number] = (kind, jobs[0])
            return kind, jobs[0]
    return None


def hand_over(board: Board, person: Person, kind: str, job: Job, now: int) -> None:
    """Close a person's job and put it into the next queue."""
    del board.doing[person.number]
    job.ready_at = now
    job.next_frame = job.start
    board.queues[kind].append(job)


def _may_take(kind: str, job: Job, person: Person, now: int, alone: bool) -> bool:
    if job.ready_at > now:
        return False
    if kind == "fix":
        return job.annotator is person or now - job.ready_at > STALE_MS
    return kind != "review" or alone or job.annotator is not person


def _take_over(board: Board, person: Person, now: int) -> tuple[str, Job] | None:
    for number, (kind, job) in sorted(board.doing.items()):
        if kind == "annotate" and now - job.touched_at > STALE_MS:
            del board.doing[number]
            job.annotator = person
            board.doing[person.number] = (kind, job)
            return kind, job
    return None
