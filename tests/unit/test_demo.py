"""The demo log: the same seed gives the same bytes, and its truth is true."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.demo import DemoSummary, write_demo

SIZE = {"events": 12_000, "days": 24, "users": 6}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return write_demo(tmp_path_factory.mktemp("demo") / "logs", **SIZE, seed=3)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def csv_rows(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def json_lines(folder: Path) -> Iterator[dict]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)
            yield from value if isinstance(value, list) else [value]


def iso_ms(text: str) -> Decimal:
    moment = datetime.fromisoformat(text)
    seconds = int(moment.replace(microsecond=0).timestamp())
    return Decimal(seconds * 1000) + Decimal(moment.microsecond) / 1000


def stored_events(folder: Path) -> Counter[tuple]:
    """Return the events of all files by content; a file's copies count, other files' do not."""
    found: Counter[tuple] = Counter()
    for path in sorted((folder / "cvat").iterdir()):
        if ".csv" in path.name:
            events = [{**row, "timestamp": int(iso_ms(row["timestamp"]))} for row in csv_rows(path)]
        else:
            events = [json.loads(line) for line in path.read_text().splitlines()]
            for event in events:
                event["timestamp"] = int(Decimal(event["timestamp"]) * 1000)
        found |= Counter(
            tuple(sorted((key, str(value)) for key, value in event.items() if value not in ("", 0)))
            for event in map(without_zero_duration, events)
        )
    return found


def without_zero_duration(event: dict) -> dict:
    return {key: value for key, value in event.items() if (key, str(value)) != ("duration", "0")}


def utc_day(ms: int) -> str:
    return str(datetime.fromtimestamp(ms // 1000, UTC).date())


def recount(batch: dict) -> list[tuple]:
    """Return (job, task, project, ms, stamp) of a captured batch, by CVAT's rule."""
    shift = iso_ms(batch["received_at"]) - iso_ms(batch["timestamp"])
    previous, sums = batch["previous_event"], {}
    now = None
    if previous:
        now = iso_ms(previous["timestamp"]) + frame_ms(previous)
    for event in batch["events"]:
        at = iso_ms(event["timestamp"])
        before = at if now is None else now
        owner = tuple((previous or event).get(f"{k}_id") for k in ("job", "task", "project"))
        earned = at - before if 0 < at - before < 100_000 else 0
        now = max(before, at)
        earned += max(0, at + frame_ms(event) - now)
        now = max(now, at + frame_ms(event))
        sums.setdefault(owner, [0, at + shift])[0] += earned
        previous = event
    return [(*owner, int(ms), int(stamp)) for owner, (ms, stamp) in sums.items()]


def frame_ms(event: dict) -> int:
    return event.get("duration", 0) if event["scope"] == "change:frame" else 0


def test_same_seed_gives_the_same_bytes(demo: DemoSummary, tmp_path: Path) -> None:
    write_demo(tmp_path / "again", **SIZE, seed=3)
    assert contents(tmp_path / "again") == contents(demo.out)


def test_another_seed_gives_another_log(demo: DemoSummary, tmp_path: Path) -> None:
    write_demo(tmp_path / "other", **SIZE, seed=4)
    first, other = contents(demo.out), contents(tmp_path / "other")
    same = {name for name in first.keys() & other.keys() if first[name] == other[name]}
    assert same == set()


@pytest.mark.parametrize(
    ("events", "days", "users"), [(4_000, 10, 3), (9_000, 40, 2), (30_000, 30, 30)]
)
def test_size_is_met_within_a_tenth(tmp_path: Path, events: int, days: int, users: int) -> None:
    told: list[tuple[int, int]] = []
    summary = write_demo(
        tmp_path / "logs",
        events=events,
        days=days,
        users=users,
        seed=1,
        report=lambda done, total: told.append((done, total)),
    )
    assert abs(summary.rows + summary.samples - events) <= 0.1 * events
    assert 0.7 <= summary.rows / (summary.rows + summary.samples) <= 0.9
    assert told[-1] == (events, events)
    assert told == sorted(told)


def test_summary_counts_what_the_files_hold(demo: DemoSummary) -> None:
    counts = {}
    for path in sorted(demo.out.rglob("*")):
        if ".csv" in path.name and path.parent.name == "cvat":
            counts[f"cvat/{path.name}"] = len(csv_rows(path))
        elif path.suffix == ".jsonl":
            lines = (json.loads(line) for line in path.read_text().splitlines())
            count = sum(len(line) if isinstance(line, list) else 1 for line in lines)
            counts[f"{path.parent.name}/{path.name}"] = count
    written = json.loads((demo.out / "_truth" / "summary.json").read_text())
    assert written["rows_by_file"] == counts
    assert demo.files == len(counts)
    assert demo.rows == sum(n for name, n in counts.items() if name.startswith("cvat/"))
    assert demo.distinct_events == sum(stored_events(demo.out).values())
    assert demo.distinct_events < demo.rows


def test_batch_account_is_what_the_batches_earn(demo: DemoSummary) -> None:
    with (demo.out / "_truth" / "batches.csv").open(newline="") as file:
        truth = [
            (
                row["file"],
                int(row["line_number"]),
                int(row["user_id"]),
                *(int(row[key]) if row[key] else None for key in ("job_id", "task_id")),
                int(row["project_id"]) if row["project_id"] else None,
                int(row["working_ms"]),
                int(iso_ms(row["reported_at"])),
            )
            for row in csv.DictReader(file)
        ]
    counted = []
    for path in sorted((demo.out / "client_batches").iterdir()):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            batch = json.loads(line)
            name = f"client_batches/{path.name}"
            counted += [(name, number, batch["user_id"], *row) for row in recount(batch)]
    assert sorted(truth, key=str) == sorted(counted, key=str)
    assert any(row[6] == 0 for row in truth)


def test_working_time_is_what_the_stored_rows_report(demo: DemoSummary) -> None:
    counted: Counter[tuple] = Counter()
    for content, copies in stored_events(demo.out).items():
        event = dict(content)
        ms = json.loads(event["payload"]).get("working_time")
        start = int(event["timestamp"])
        if ms and event["source"] == "client":
            start += frame_ms({**event, "duration": int(event.get("duration", 0))}) - ms
        if ms:
            ids = (event.get(key, "") for key in ("job_id", "task_id", "project_id"))
            counted[event["user_id"], utc_day(start), *ids] += ms * copies
    with (demo.out / "_truth" / "working_time.csv").open(newline="") as file:
        truth = {tuple(row[:5]): int(row[5]) for row in list(csv.reader(file))[1:]}
    assert truth == counted


def test_eras_follow_each_other(demo: DemoSummary) -> None:
    old, new = [], []
    for content in stored_events(demo.out):
        event = dict(content)
        if event["scope"] == "send:working_time":
            new.append(int(event["timestamp"]))
        elif "working_time" in json.loads(event["payload"]):
            old.append(int(event["timestamp"]))
    assert old
    assert max(old) < min(new)


def test_activity_and_actions_are_what_the_rows_say(demo: DemoSummary) -> None:
    activity: Counter[tuple] = Counter()
    actions: Counter[tuple] = Counter()
    for sample in json_lines(demo.out / "platform"):
        context, data = sample["context"], sample["data"]
        day = utc_day(sample["startTime"])
        if sample["eventType"] == "activity":
            spent = sample["endTime"] - sample["startTime"]
            activity[context["userId"], day, sample["action"], data["surface"]] += spent
        elif sample["eventType"] == "annotation":
            key = (day, context["userId"], context["assignmentId"], sample["action"])
            actions[key] += data.get("count", 1)
    for content, copies in stored_events(demo.out).items():
        event = dict(content)
        action, kind = event["scope"].split(":")
        if kind in ("tags", "shapes", "tracks"):
            day = utc_day(int(event["timestamp"]))
            key = (day, event["user_id"], event["job_id"], f"{action}d")
            actions[key] += int(event["count"]) * copies
    for name, counted in (("activity", activity), ("actions", actions)):
        with (demo.out / "_truth" / f"{name}.csv").open(newline="") as file:
            truth = {tuple(row[:4]): int(row[4]) for row in list(csv.reader(file))[1:]}
        assert truth == counted


def test_user_activity_is_sent_but_never_stored(demo: DemoSummary) -> None:
    sent = Counter(
        event["scope"]
        for batch in json_lines(demo.out / "client_batches")
        for event in batch["events"]
    )
    stored = Counter(dict(content)["scope"] for content in stored_events(demo.out))
    assert sent["user:activity"] > 0
    assert stored["user:activity"] == 0


def test_batches_come_with_their_oddities(demo: DemoSummary) -> None:
    batches = list(json_lines(demo.out / "client_batches"))
    times = [[event["timestamp"] for event in batch["events"]] for batch in batches]
    assert any(order != sorted(order) for order in times)
    assert any(batch["previous_event"] is None for batch in batches)
    assert any(batch["previous_event"] is not None for batch in batches)


def test_csv_exports_look_like_cvat_s(demo: DemoSummary) -> None:
    paths = sorted(path for path in (demo.out / "cvat").iterdir() if ".csv" in path.name)
    widths = set()
    for path in paths:
        data = path.read_bytes()
        if path.suffix == ".gz":
            assert data[4:8] == bytes(4)  # no time in the header
            data = gzip.decompress(data)
        assert data.count(b"\r\n") == data.count(b"\n")
        widths.add(data.split(b"\r\n")[0].count(b",") + 1)
        assert all(row["scope"] != "send:exception" for row in csv_rows(path))
    assert {path.suffix for path in paths} == {".csv", ".gz"}
    assert widths == {17, 18}


def test_every_kind_of_sample_is_there(demo: DemoSummary) -> None:
    samples = list(json_lines(demo.out / "platform"))
    assert {sample["eventType"] for sample in samples} == {
        "service",
        "execution",
        "pipeline_execution",
        "annotation",
        "activity",
        "item_status",
        "assignment",
        "issue",
        "model_metric",
    }
    assert all(sample["startTime"] <= sample["endTime"] for sample in samples)


def test_working_days_are_believable(tmp_path: Path) -> None:
    summary = write_demo(tmp_path / "logs", events=60_000, days=28, users=8, seed=5)
    hours: Counter[tuple[str, str]] = Counter()
    with (summary.out / "_truth" / "working_time.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            hours[row["user_id"], row["day"]] += int(row["reported_ms"]) / 3_600_000
    weekend = sum(
        value for (_, day), value in hours.items() if datetime.fromisoformat(day).weekday() >= 5
    )
    typical = sorted(hours.values())[len(hours) // 2]
    assert {user for user, _ in hours} == {str(number + 1) for number in range(8)}
    assert 4 <= typical <= 8
    assert max(hours.values()) < 10
    assert weekend < 0.06 * hours.total()


def test_refuses_to_mix_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("kept")
    with pytest.raises(FileExistsError, match="is not empty"):
        write_demo(tmp_path, **SIZE, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


@pytest.mark.parametrize(
    ("events", "days", "users", "message"),
    [
        (999, 10, 3, "at least 1,000 events"),
        (5_000, 3, 3, "4 days"),
        (5_000, 10, 0, "1 user"),
        (900_000, 10, 3, "more users or more days"),
    ],
)
def test_refuses_sizes_that_do_not_fit(
    tmp_path: Path, events: int, days: int, users: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        write_demo(tmp_path / "logs", events=events, days=days, users=users, seed=1)
    assert list(tmp_path.iterdir()) == []
