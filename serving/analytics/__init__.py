"""Questions about measures, answered from the published warehouse."""

from serving.analytics.query import ROW_LIMIT, answer

__all__ = ["ROW_LIMIT", "answer"]
