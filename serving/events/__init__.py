"""CVAT's API of events: who asks for which events gets them as CVAT's CSV."""

from serving.events.router import router

__all__ = ["router"]
