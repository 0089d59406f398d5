"""Say how much was tried."""

from __future__ import annotations

from collections import Counter

import pytest

TRIED: pytest.StashKey[Counter[str]] = pytest.StashKey()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print how many cases of the law were tried, by how many builds."""
    if tried := config.stash.get(TRIED, None):
        parts = ", ".join(f"{count} {kind}" for kind, count in tried.items())
        terminalreporter.write_line(f"The law: {parts}")
