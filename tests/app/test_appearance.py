# SPDX-License-Identifier: GPL-3.0-or-later
"""Another theme is painted at once, everywhere; with reduced motion a playhead moves twice a second.

In a process of its own: Qt styles widgets that were there under a style sheet of before even when they are gone, and a
test worker's past is full of them.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.paths import RESOURCES

pytestmark = pytest.mark.gui

ROOT = RESOURCES.parent
LOOKS = """
from dataclasses import replace

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.appearance import Appearance
from app.main_window import MainWindow
from app.settings import Settings
from app.studio import dress
from engine.dsp.peaks import peak_pyramid
from engine.values import LoopRegion, TransportState
from tests.widgets.pictures import a_candidate, a_clip
from tests.widgets.recipes import a_recipe
from widgets import motion
from widgets.colours import colours_of
from widgets.controls import Level

application = QApplication(["infiniloop"])
dress(application)
# Something in each panel that paints by hand.
window = MainWindow()
window.waveform_panel.set_clip(peak_pyramid(a_clip(10.0)))
window.waveform_panel.set_region(LoopRegion(44_100, 220_500))
window.candidates_panel.set_candidates((a_candidate(44_100, 220_500), a_candidate(0, 88_200)), 44_100)
window.candidates_panel.set_current(0)
window.now_playing_panel.set_recipe(a_recipe(), False)
state = TransportState(is_running=True, can_rate=True, is_favourite=True)
window.now_playing_panel.set_state(state)
window.transport_bar.set_state(state)
# Few pixels of thin letters have their colour unmixed, and how many depends on the time of day that stands before them.
for _ in range(5):
    window.console_panel.add_line("The disk is nearly full", Level.WARNING)
window.output_panel.set_levels((-6.0, -6.0), (-12.0, -12.0))
window.resize(1280, 720)
window.show()
QTest.qWaitForWindowExposed(window)


def colours():
    QTest.qWait(150)
    picture = window.grab().toImage().convertToFormat(window.grab().toImage().Format.Format_RGB32)
    values, counts = np.unique(np.frombuffer(picture.constBits(), np.uint32) & 0xFFFFFF, return_counts=True)
    found = dict(zip(values.tolist(), counts.tolist(), strict=True))
    return lambda colour: found.get(int(colour[1:], 16), 0)


settings = Settings()
appearance = Appearance(settings)
before = colours_of(settings.theme, settings.accent)
for looks in (settings, *(replace(settings, theme=name, accent=accent) for name, accent in
              (("light", "rose"), ("high_contrast", "cyan")))):
    appearance.follow(looks)
    now, found = colours_of(looks.theme, looks.accent), colours()
    # A busy machine may take its time to paint.
    for _ in range(30):
        if found(now.panel) > 100_000 and found(now.accent) > 1_000 and found(now.warning) > 20:
            break
        found = colours()
    assert found(now.panel) > 100_000, looks
    assert found(now.accent) > 1_000, looks
    assert found(now.warning) > 20, "the console's warning"
    old = set(before.as_dict().values()) - set(now.as_dict().values())
    # Arrows are the same on every dark ground, and a blend of two new colours may happen to be an old one.
    left = {one: found(one) for one in old if found(one) > 50}
    assert not left, (looks, left)
    before = now

now_s = [100.0]
motion.time = type("Clock", (), {"monotonic": staticmethod(lambda: now_s[0])})
plot = window.waveform_panel.plot


def places():
    seen = set()
    for frame in range(120):
        now_s[0] += 1 / 60
        plot.set_position(1_000.0 * frame)
        seen.add(plot.playhead_sample())
    return len(seen)


assert places() == 120
appearance.follow(replace(settings, reduced_motion=True))
assert 4 <= places() <= 5
assert application.cursorFlashTime() == 0
plot.set_position(None)
assert plot.playhead_sample() is None
print("painted anew")
"""


@pytest.mark.soak
def test_nothing_keeps_the_colours_of_before_and_little_moves_where_that_is_wished(display: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOKS], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "painted anew", done.stderr
