# SPDX-License-Identifier: GPL-3.0-or-later
"""A report's pictures are drawn by the benchmarks' own environment, which has the plotting library."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from engine.library.atomic import replacing


def draw(python: Path, script: Path, what: str, data: dict[str, object], out: Path) -> None:
    """Have ``script`` draw ``data`` into ``out/what.png``, which is whole or not there."""
    with tempfile.TemporaryDirectory() as folder:
        told, drawn = Path(folder) / "data.json", Path(folder) / "plot.png"
        told.write_text(json.dumps(data), encoding="utf-8")
        subprocess.run([str(python), str(script), what, str(told), str(drawn)], check=True)
        with replacing(out / f"{what}.png") as file:
            file.write(drawn.read_bytes())
