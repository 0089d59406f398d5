"""Campaigns of Appraise, where people mark errors in translations.

A login is one assignment, a text of it one item; the error spans that were saved are the
annotation, labelled by the worst severity among them. The mapping tells who used a login; a login
that it does not know stands for a person of its own.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from .shape import work_on_an_item

SEVERITIES = ("undecided", "minor", "major", "critical")


def rows(path: Path) -> list[list[str]]:
    """Return the rows of a campaign: it has no header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def people(mapping: Path) -> dict[str, str]:
    """Return login -> person."""
    with mapping.open(encoding="utf-8-sig", newline="") as file:
        return {row["login"]: row["AnnotatorID"] for row in csv.DictReader(file)}


def samples(campaign: str, rows: Iterable[list[str]], person: dict[str, str]) -> Iterator[dict]:
    """Yield the samples of a campaign's rows."""
    for login, _, item, *_, document, _, spans, start, end in rows:
        context = {
            "userId": person.get(login, login),
            "projectId": campaign,
            "assignmentId": login,
            "itemId": f"{document}:{item}",
        }
        yield from work_on_an_item(
            int(Decimal(start) * 1000),
            int(Decimal(end) * 1000),
            context,
            annotation_id=f"{login}:{item}:{end}",
            label=_worst(json.loads(spans)),
        )


def _worst(spans: list[dict]) -> str | None:
    known = [span["severity"] for span in spans if span["severity"] in SEVERITIES]
    return max(known, key=SEVERITIES.index, default=None)
