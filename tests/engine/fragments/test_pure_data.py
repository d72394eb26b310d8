# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure Data itself reads slots that rotate, by the patch of the guide and by reading without a word."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from engine.fragments.folder import SlotFolder
from engine.fragments.osc import OscIn, OscOut
from engine.values.fragments import FragmentReady
from tests.engine.fragments.making import rotate, until
from tests.engine.fragments.staging import Stage

PATCH = Path(__file__).parents[3] / "resources" / "fragments" / "pure-data.pd"
N_SLOTS = 4
READER = r"""#N canvas 0 0 400 400 12;
#X obj 20 20 loadbang;
#X obj 20 50 metro 2;
#X obj 20 80 f 1;
#X obj 60 80 + 1;
#X obj 60 110 mod 4;
#X obj 20 140 + 1;
#X obj 20 170 makefilename FOLDER/output%02d.wav;
#X msg 20 200 read -resize \$1 left right;
#X obj 20 230 soundfiler;
#X obj 20 260 print read;
#X obj 200 230 table left 1;
#X obj 200 260 table right 1;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 2 0 3 0;
#X connect 3 0 4 0;
#X connect 4 0 2 1;
#X connect 2 0 5 0;
#X connect 5 0 6 0;
#X connect 6 0 7 0;
#X connect 7 0 8 0;
#X connect 8 0 9 0;
"""


@contextlib.contextmanager
def pure_data(patch: Path, log: Path, *arguments: str) -> Iterator[None]:
    """Run Pure Data with a patch, without sound and window; what it prints goes to the log."""
    assert shutil.which("pd"), "pd is not installed: see resources/setup/apt-test.txt"
    command = ["pd", "-nogui", "-noprefs", "-noaudio", "-nomidi", *arguments, str(patch)]
    with log.open("wb") as sink, subprocess.Popen(command, stdout=sink, stderr=sink) as process:
        try:
            yield
        finally:
            process.terminate()


def lines(log: Path, name: str) -> list[str]:
    """Return what was printed under a name."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return [line.removeprefix(f"{name}: ") for line in text.splitlines() if line.startswith(f"{name}: ")]


def test_it_reads_slots_all_the_time_while_they_rotate(tmp_path: Path) -> None:
    folder = SlotFolder(tmp_path / "slots", N_SLOTS)
    rotate(folder, 1, N_SLOTS)
    patch, log = tmp_path / "reader.pd", tmp_path / "log"
    patch.write_text(READER.replace("FOLDER", str(folder.folder)), encoding="utf-8")
    with pure_data(patch, log):
        until(lambda: len(lines(log, "read")) > 5)
        before = len(lines(log, "read"))
        rotate(folder, N_SLOTS + 1, 60)
        until(lambda: len(lines(log, "read")) > before + 20)
    folder.close()
    assert set(lines(log, "read")) == {"400"}, log.read_text(encoding="utf-8")
    assert "error" not in log.read_text(encoding="utf-8")


def test_the_patch_of_the_guide_reads_what_is_ready_and_tells_what_it_plays(stage: Stage, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    osc = OscIn(stage.station, "127.0.0.1", 0, lambda _error: None)
    osc.open()
    text = PATCH.read_text(encoding="utf-8").replace("9001", str(port)).replace("9000", str(osc.port))
    patch, log = tmp_path / "guide.pd", tmp_path / "log"
    patch.write_text(text, encoding="utf-8")
    stage.station.generate("rain")
    fact = stage.wait_for(1)
    assert isinstance(fact, FragmentReady)
    out = OscOut("127.0.0.1", port)

    def is_read() -> bool:
        # It may not listen yet.
        out.tell(fact)
        return bool(lines(log, "fragment"))

    with pure_data(patch, log, "-send", "play 1"):
        until(is_read)
        until(lambda: stage.station.state().slots[0].is_taken)
        stage.station.told.connect(out.tell)
        n_before = len(lines(log, "fragment"))
        for _ in range(9):
            stage.station.generate("wind")
        until(lambda: len(lines(log, "fragment")) >= n_before + 9)
    out.close()
    osc.close()
    assert set(lines(log, "fragment")) == {"400"}
    assert "error" not in log.read_text(encoding="utf-8")
