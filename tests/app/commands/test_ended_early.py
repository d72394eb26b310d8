# SPDX-License-Identifier: GPL-3.0-or-later
"""A command that is asked to end while Qt is loaded ends as ever: Qt, interrupted there, would abort it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.commands.running import ROOT, command

pytestmark = pytest.mark.started

# Qt for Python imports this one in the middle of its own start.
SIGNALLING = """
import os, signal, sys

class Signalling:
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.support.deprecated":
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Signalling())
"""


@pytest.mark.parametrize(
    "words",
    [
        ("radio", "lofi", "--port", "0"),
        ("term", "--prompt", "lofi", "--plain", "--new"),
        ("studio",),
        ("doctor", "--rehearse"),
        ("video", "any.wav", "-o", "out.mp4"),
    ],
    ids=lambda words: words[0],
)
def test_a_signal_while_qt_is_loaded(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "sitecustomize.py").write_text(SIGNALLING, encoding="ascii")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command(*words), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 128 + signal.SIGTERM, done.stderr[-500:]
    assert done.stderr == "infiniloop: stopped.\n"


def test_what_has_no_window_loads_nothing_of_windows() -> None:
    asked = "import sys, app.radio, app.terminal.studio; print([one for one in sys.modules if 'QtGui' in one])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
