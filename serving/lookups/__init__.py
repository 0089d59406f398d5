"""Projects, datasets, items and users by id and name, as Dataloop's SDK asks for them."""

from serving.lookups.router import router

__all__ = ["router"]
