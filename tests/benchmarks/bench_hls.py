# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark asks nginx for a radio's HLS as fast as it answers, and the radio itself, which serves the same files.

wrk asks, by a thread of its own on the same processors: for the playlist and for the newest whole segment in turn, as a
player does each time that a segment ends.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from engine.broadcast.playlist import PLAYLIST, TARGET_S
from engine.values.radio import RadioPlan
from tests.benchmarks.rows import BenchRow
from tests.engine.broadcast.airing import Airing
from tests.engine.broadcast.playing_hls import listed
from tests.engine.broadcast.webservers import nginx

SECONDS = 15
CONNECTIONS = 200
_SCRIPT = """
local paths, at = {{"/hls/{playlist}", "/hls/{segment}"}}, 0
function request()
    at = at + 1
    return wrk.format("GET", paths[at % 2 + 1])
end
"""


def rows() -> list[BenchRow]:
    """Return the table's lines: nginx's figure, and the radio's own."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: make bench-radio installs it")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = place / "hls"
        with (
            Airing(RadioPlan(port=0, hls_folder=str(folder), per_address=2 * CONNECTIONS)) as airing,
            nginx(place, place) as web,
        ):
            while not (folder / PLAYLIST).exists() or len(listed(folder)) < 3:
                time.sleep(0.1)
            by_nginx = _asked(web.port, folder, place)
            by_radio = _asked(airing.port, folder, place)
    what = f"HLS, {CONNECTIONS} connections: listeners that are served, one thread"
    return [
        BenchRow(what, by_nginx[0] / 2.0 * TARGET_S, "", "the radio itself", by_radio[0] / 2.0 * TARGET_S, "told"),
        BenchRow("HLS: what they are sent", by_nginx[1], "MB/s", "the radio itself", by_radio[1], "told"),
    ]


def _asked(port: int, folder: Path, place: Path) -> tuple[float, float]:
    """Return how many answers came in a second, and how many megabytes."""
    script = place / "ask.lua"
    script.write_text(_SCRIPT.format(playlist=PLAYLIST, segment=listed(folder)[-2].name), encoding="ascii")
    words = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "-s", str(script)]
    done = subprocess.run([*words, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True)
    assert "Non-2xx" not in done.stdout, done.stdout
    answers = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    amount = re.search(r"Transfer/sec:\s+([\d.]+)(KB|MB|GB)", done.stdout)
    assert answers is not None, done.stdout
    assert amount is not None, done.stdout
    return float(answers[1]), float(amount[1]) * {"KB": 0.001024, "MB": 1.048576, "GB": 1073.741824}[amount[2]]
