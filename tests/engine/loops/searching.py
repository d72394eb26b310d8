# SPDX-License-Identifier: GPL-3.0-or-later
"""A search in a process of its own, which tells what it found and how much memory it took.

``python -m tests.engine.loops.searching FILE`` prints one JSON object; ``peak_mib`` is of the whole process, by Linux.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from engine.loops import find_loops


def main() -> None:
    findings = find_loops(sys.argv[1])
    regions = [(one.region.loop_start, one.region.loop_end, one.score) for one in findings.candidates]
    # Not getrusage's, which begins with what the parent took.
    peak_kib = re.search(r"VmHWM:\s*([0-9]+) kB", Path("/proc/self/status").read_text())
    assert peak_kib is not None
    peak_mib = int(peak_kib[1]) / 1024
    sys.stdout.write(json.dumps({"regions": regions, "peak_mib": peak_mib}))


if __name__ == "__main__":
    main()
