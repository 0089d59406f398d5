"""Minutes of the Helios clusters, where jobs wait for graphics processors (GPUs).

A cluster is a service, its pending jobs are the queue. A pod stands for 32 GPUs in use: with n GPUs
in use the pods 1 to n / 32, rounded up, are running. The first pod is sampled every minute, down
where nothing runs, and sees the queue; the others are sampled while they run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from .shape import sample

GPUS_OF_A_POD = 32
MINUTE_MS = 60_000


def samples(cluster: str, path: Path) -> Iterator[dict]:
    """Yield the samples of a cluster."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            moment = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC)
            start = int(moment.timestamp()) * 1000
            running = -(-int(row["running_gpu_num"]) // GPUS_OF_A_POD)
            for pod in range(1, max(1, running) + 1):
                context = {
                    "projectId": "helios",
                    "serviceId": cluster,
                    "podId": f"{cluster}-{pod}",
                    "podType": f"{GPUS_OF_A_POD} GPUs",
                }
                data: dict[str, object] = {"status": "running" if running else "down"}
                if pod == 1:
                    data["queueSize"] = int(row["pending_job_num"])
                yield sample("service", "activity", start, start + MINUTE_MS, context, data)
