"""`python -m orchestration`: the command line, where the `warehouse` script is not installed."""

import sys

from orchestration.cli import main

sys.exit(main())
