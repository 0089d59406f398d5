"""Where the accepted rows of each source stand in the build file, and when each happened."""

from orchestration.landing.schemas import SAMPLE_SOURCES

STAGED = {
    "cvat_events": ("staging.stg_cvat__events", "event_at"),
    "cvat_client_batches": ("staging.stg_cvat__batches", "received_at"),
    **{
        source: (
            "(from intermediate.int_sample_copies"
            f" where source = '{source}' and is_unit and is_accepted)",
            "started_at",
        )
        for source in SAMPLE_SOURCES
    },
}
"""Source -> its relation, and the column that holds the UTC time of a row."""
