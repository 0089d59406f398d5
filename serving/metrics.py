"""What the service counts of itself, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"
"""The route of a request that none takes."""


class Metrics:
    """The counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        """Register them; all start at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        labels = ("method", "route", "status")
        self.requests = Counter(
            "warehouse_requests", "Requests answered", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "warehouse_request_seconds",
            "From the first byte of a request to the last of its answer",
            ("method", "route"),
            registry=self.registry,
        )
        self.running = Gauge(
            "warehouse_requests_running", "Requests not answered yet", registry=self.registry
        )
        self.publication = Gauge(
            "warehouse_publication_info",
            "1, with the build that readers see",
            ("build_id",),
            registry=self.registry,
        )
        self.published_at = Gauge(
            "warehouse_publication_timestamp_seconds",
            "When what readers see was published (epoch)",
            registry=self.registry,
        )
        self.data_through = Gauge(
            "warehouse_data_through_timestamp_seconds",
            "Time of the last event that readers see (epoch)",
            registry=self.registry,
        )
        self.export_jobs = Gauge(
            "warehouse_export_jobs_running", "Exports under way", registry=self.registry
        )
        self.taken = Counter(
            "warehouse_ingested_rows",
            "Rows that came in through the API, by what they are",
            ("kind",),
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request. What the caller made up is no label."""
        method = method if method in METHODS else "other"
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)
