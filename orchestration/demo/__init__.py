"""Demo logs: believable weeks of two annotation platforms, in the forms in which logs land.

The same arguments give the same bytes. Beside the logs stands `_truth/`, which is never landed:
what the simulation decided, for comparison with what the warehouse says.
"""

from orchestration.demo.simulation import DemoSummary, write_demo

__all__ = ["DemoSummary", "write_demo"]
