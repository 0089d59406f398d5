"""`warehouse query`: the answer to one payload of the API of measures, without a service."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from orchestration.errors import UsageError, WarehouseError
from orchestration.home import Home


def run(arguments: Namespace, home: Home) -> int:
    """Print the answer as JSON."""
    from serving.analytics import answer
    from serving.callers.caller import LOCAL
    from serving.callers.sight import sight_of
    from serving.publications import Publications
    from serving.refusal import Refused
    from serving.wire import parsed

    is_piped = arguments.payload == "-"
    body = sys.stdin.buffer.read() if is_piped else Path(arguments.payload).read_bytes()
    publications = Publications(home.published_file)
    try:
        with publications.reading() as warehouse:
            found = answer(parsed(body), sight_of(LOCAL), warehouse)
    except Refused as refused:
        error = WarehouseError if refused.status >= 500 else UsageError
        raise error(refused.message) from refused
    finally:
        publications.close()
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0
