"""The platform's machines: executions, pipeline runs, pods that come and go with the load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from orchestration.demo.timeline import DAY_MS, HOUR_MS

SERVICES = {
    "svc-prelabel": ("prelabel", "gpu-t4", "detect_objects", 14.0),
    "svc-thumbnails": ("thumbnails", "regular-s", "make_thumbnail", 2.2),
}
"""Id: name, instance type, function, typical seconds."""
PIPELINE = "pipe-intake"


@dataclass
class Machines:
    """The pods of the services: how often they are sampled, what one does in an hour."""

    rng: Random
    context: dict[str, str]
    interval_ms: int
    pod_capacity: int  # executions an hour
    run_count: int = 0
    restarts: Counter[str] = field(default_factory=Counter)


def sample(
    kind: str,
    action: str,
    start: int,
    end: int,
    context: dict[str, object],
    data: dict[str, object],
) -> dict:
    """Shape one sample; times are epoch ms."""
    return {
        "startTime": start,
        "endTime": end,
        "context": context,
        "eventType": kind,
        "entityType": kind,
        "action": action,
        "data": data,
    }


def run_pipeline(machines: Machines, item_id: str, at: int) -> list[dict]:
    """Run an item through the pipeline: one pipeline run, one execution for each node."""
    rng = machines.rng
    machines.run_count += 1
    run = f"run-{machines.run_count:06d}"
    context = machines.context | {"pipelineId": PIPELINE, "pipelineExecutionId": run}
    samples = [sample("pipeline_execution", "pending", at, at, context, {"status": "pending"})]
    began, status = at, "success"
    at += rng.randint(200, 4_000)
    data = {"status": "in-progress"}
    samples.append(sample("pipeline_execution", "in-progress", at, at, context, data))
    for number, (service_id, (_, _, function, typical)) in enumerate(SERVICES.items(), 1):
        node = {
            "pipelineNodeId": f"node-{number}",
            "serviceId": service_id,
            "triggerId": "trg-item-completed",
            "itemId": item_id,
        }
        for step in ("created", "in-progress"):
            data = {"status": step, "functionName": function}
            samples.append(sample("execution", step, at, at, context | node, data))
            at += rng.randint(100, 9_000)
        seconds = round(typical * rng.lognormvariate(0.0, 0.5), 4)
        at += int(seconds * 1000)
        status = "failed" if rng.random() < 0.03 else "success"
        data = {
            "status": status,
            "functionName": function,
            "duration": seconds,
            "functionDuration": round(seconds * 0.9, 4),
        }
        samples.append(sample("execution", status, at, at, context | node, data))
        if status == "failed":
            break
    data = {"status": status, "duration": round((at - began) / 1000, 3)}
    samples.append(sample("pipeline_execution", status, at, at, context, data))
    return samples


def pod_samples(machines: Machines, day: int, executions: Sequence[dict]) -> list[dict]:
    """Sample every pod of the day; their number follows the executions of the hour."""
    load: Counter[tuple[str, int]] = Counter()
    for item in executions:
        if item["eventType"] == "execution" and item["action"] == "created":
            hour = (item["startTime"] - day * DAY_MS) // HOUR_MS
            load[item["context"]["serviceId"], hour] += 1
    samples = []
    for service_id in SERVICES:
        previous = 0
        for hour in range(24):
            wanted = load[service_id, hour]
            # A last pod lingers for an hour before the service sleeps.
            pods = -(-wanted // machines.pod_capacity) if wanted else min(previous, 1)
            if not wanted and pods and not load[service_id, hour - 1]:
                pods = 0
            for pod in range(pods):
                start = day * DAY_MS + hour * HOUR_MS + pod * 700
                is_new = pod >= previous
                is_last = not wanted and pod == pods - 1
                samples += _pod_hour(machines, service_id, pod, start, wanted, is_new, is_last)
            previous = pods
    return samples


def _pod_hour(
    machines: Machines,
    service_id: str,
    pod: int,
    start: int,
    load: int,
    is_new: bool,
    is_last: bool,
) -> list[dict]:
    rng, interval = machines.rng, machines.interval_ms
    name, instance, _, _ = SERVICES[service_id]
    pod_id = f"{name}-{start // DAY_MS % 1000:03d}-{pod}"
    context = machines.context | {
        "serviceId": service_id,
        "podId": pod_id,
        "podType": instance,
        "serviceType": "regular",
    }
    count = HOUR_MS // interval
    samples = []
    for number in range(count):
        queue = max(0, int(rng.gauss(load / 3, 2)))
        status = "full" if queue > machines.pod_capacity else "running"
        if is_new and number == 0:
            status = "initializing"
        elif is_last and number == count - 1:
            status = "terminating"
        elif rng.random() < 0.002:
            status = "failed"
            machines.restarts[pod_id] += 1
        data = {
            "status": status,
            "numRestarts": machines.restarts[pod_id],
            "cpu": round(rng.uniform(0.05, 0.9), 3),
            "ram": round(rng.uniform(0.2, 0.8), 3),
            "queueSize": queue,
            "numExecutions": load * (number + 1) // count,
            "interval": interval // 1000,
            "concurrencyLimit": 4,
            "concurrencyCount": min(4, queue),
            "cpuLimit": 2,
            "ramLimit": 8192,
            "serviceName": name,
        }
        at = start + number * interval
        samples.append(sample("service", "activity", at, at + interval, context, data))
    return samples


def training_samples(machines: Machines, day: int) -> list[dict]:
    """Train a model in the evening: loss and accuracy by epoch."""
    rng = machines.rng
    context = machines.context | {
        "modelId": "model-detector",
        "snapshotId": f"snapshot-{day % 10_000}",
        "datasetId": "ds-street",
    }
    samples, at = [], day * DAY_MS + 19 * HOUR_MS
    for epoch in range(1, rng.randint(8, 12) + 1):
        at += rng.randint(240_000, 420_000)
        for legend, gap in (("train", 0.0), ("validation", 0.06)):
            loss = round(1.4 / epoch**0.6 + gap + rng.uniform(0, 0.04), 4)
            for figure, y in (("loss", loss), ("accuracy", round(1 / (1 + loss), 4))):
                data = {"figure": figure, "legend": legend, "x": epoch, "y": y}
                samples.append(sample("model_metric", "sample", at, at, context, data))
    return samples
