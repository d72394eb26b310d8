# SPDX-License-Identifier: GPL-3.0-or-later
"""This program searches in a process of its own, and tells what it found and how much memory that took.

``python -m tests.engine.loops.searching FILE`` prints one JSON object; ``peak_mib`` is of the whole process, by Linux.
"""

from __future__ import annotations

import json
import sys

from engine.loops import find_loops
from tests.memory import peak_mib


def main() -> None:
    findings = find_loops(sys.argv[1])
    regions = [(one.region.loop_start, one.region.loop_end, one.score) for one in findings.candidates]
    sys.stdout.write(json.dumps({"regions": regions, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
