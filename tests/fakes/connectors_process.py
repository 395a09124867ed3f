"""A connectors process for tests that kill it: ``python -m tests.fakes.connectors_process``.

Reads the settings of the environment like the real one; only its leases are short, so that a
test need not wait for those of a process it killed, and it asks nobody to be patient, so that the
answers are all that it says on however slow a machine.
"""

from __future__ import annotations

import argparse
import logging

from bot import settings
from connectors.app import make_server
from connectors.inbox import Pace
from connectors.service import Timing


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lease", type=float, default=1.0, help="seconds")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    pace = Pace(look=0.1, lease=options.lease, grace=3.0)
    timing = Timing(pace=pace, sending=options.lease * 12, patience=3600.0)
    make_server(settings.load(), timing, host="127.0.0.1").run()


if __name__ == "__main__":
    main()
