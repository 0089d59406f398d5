"""What callers send: client events as CVAT's browser posts them, samples as Dataloop's SDK does."""

from serving.ingest.router import router

__all__ = ["router"]
