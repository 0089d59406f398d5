"""Where the accepted rows of each source stand in the build file, and when each happened."""

STAGED = {
    "cvat_events": ("staging.stg_cvat__events", "event_at"),
    "cvat_client_batches": ("staging.stg_cvat__batches", "received_at"),
    "platform_samples": ("staging.stg_platform__samples", "started_at"),
}
"""Source -> its relation, and the column that holds the UTC time of a row."""
