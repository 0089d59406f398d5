"""Bytes that are not UTF-8 in a record that is accepted: kept as text, and named."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

KEPT_BYTES = ("not_utf8_columns", "not_utf8_text")
"""What is told of them: the columns, and the text of the first."""

_SHOWN = 200
_IN_JSON = "bytes-in-json"


def _in_json(error: UnicodeError) -> tuple[str, int]:
    r"""Show bytes as \\xNN, which JSON reads as \xNN; \xNN alone would break it."""
    assert isinstance(error, UnicodeDecodeError)
    found = error.object[error.start : error.end]
    return "".join(f"\\\\x{byte:02x}" for byte in found), error.end


codecs.register_error(_IN_JSON, _in_json)


class KeptBytes:
    """How the records of a file show such bytes."""

    def __init__(self, columns: Sequence[str], json_columns: Sequence[str]) -> None:
        """Remember which of the columns hold JSON."""
        self._columns = columns
        self._errors = [
            _IN_JSON if name in json_columns else "backslashreplace" for name in columns
        ]

    def shown(self, fields: Sequence[str]) -> list[str | None]:
        """Return fields as text, from surrogateescape, and what is told of their bytes."""
        texts: list[str] = []
        bad: list[tuple[str, str]] = []
        for name, field, errors in zip(self._columns, fields, self._errors, strict=True):
            try:
                field.encode("utf-8")
            except UnicodeEncodeError:
                field = field.encode("utf-8", "surrogateescape").decode("utf-8", errors)
                bad.append((name, field))
            texts.append(field)
        if not bad:
            return [*texts, None, None]
        return [*texts, ", ".join(name for name, _ in bad), bad[0][1][:_SHOWN]]
