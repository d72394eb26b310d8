# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells what redrawing the studio in a terminal takes of a core, ten times a second while it plays."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import BenchRow
from tests.benchmarks.screen import stage
from tests.terminals import Pty

ROOT = Path(__file__).parents[2]
SIZES = ((80, 24), (200, 50))
LIMIT_S = 180.0
MOST_SHARE = 3.0
TIMES_A_SECOND = 10.0


def rows() -> list[BenchRow]:
    """Measure percent of a core, as medians of spans with the redrawing less those without, in one process."""
    out = []
    with stage() as (environment, _server):
        for columns, n_rows in SIZES:
            told = _measured(columns, n_rows, environment)
            on, off = (100.0 * statistics.median(told["thread"][name]) for name in ("on", "off"))
            # A machine that is busy with other things leaves some out.
            share = (on - off) * TIMES_A_SECOND / told["redrawn"]
            out.append(
                BenchRow(
                    f"redrawing a terminal of {columns}×{n_rows} ten times a second",
                    share,
                    "% of a core",
                    "the same thread while nothing is redrawn",
                    off,
                    f"<= {MOST_SHARE:g} %",
                )
            )
    return out


def _measured(columns: int, n_rows: int, environment: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Pty(columns, n_rows) as terminal:
        file = Path(folder) / "told.json"
        command = [sys.executable, "-m", "tests.benchmarks.terminal_script", str(file)]
        process = subprocess.Popen(
            command,
            env={**environment, "TERM": "xterm-256color"},
            cwd=ROOT,
            stdin=terminal.slave,
            stdout=terminal.slave,
            stderr=terminal.slave,
            start_new_session=True,
        )
        try:
            process.wait(LIMIT_S)
        finally:
            process.kill()
            process.wait()
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return told
