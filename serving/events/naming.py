"""What a downloaded file is called: a name for the other side, never a path on this one."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote

LONGEST = 200
"""Characters of a name; file systems take 255 bytes."""

ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is, beside letters and digits."""


def clean_name(asked: str | None) -> str | None:
    """Return the name without folders and control characters; None where nothing is left."""
    if asked is None:
        return None
    last = re.split(r"[/\\]", asked)[-1]
    printable = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return printable.strip(" .")[:LONGEST] or None


def default_name(at: datetime) -> str:
    """Return the name that CVAT gives to an export of that time."""
    return f"logs_{at:%Y_%m_%d_%H_%M_%S}.csv"


def content_disposition(name: str) -> str:
    """Return the header of a download of that name (RFC 6266)."""
    # Clients that read no filename* often read no escapes either.
    plain = re.sub(r'[^ -~]|["\\;%]', "_", name)
    header = f'attachment; filename="{plain}"'
    if plain != name:
        header += f"; filename*=UTF-8''{quote(name, safe=ATTRIBUTE_CHARACTERS)}"
    return header
