"""Requests in CVAT's sense: exports of events, made in the background and kept for a set time."""

from serving.requests.router import router

__all__ = ["router"]
