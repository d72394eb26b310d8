# SPDX-License-Identifier: GPL-3.0-or-later
"""This program shows all the studio's windows at once, for a screen reader to look at: see test_screen_reader.py.

It is told what to do on its standard input: ``levels -14 -20`` feeds the meter, and the end of it ends the program.
To have a widget or a window looked at, add a line to ``WIDGETS`` (tests/widgets/test_accessibility.py), or here.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication, QWidget

from app.choices import generator_choices
from app.main_window import MainWindow
from app.settings import Settings
from app.studio import dress
from engine.dsp.peaks import peak_pyramid
from engine.values import LoopCandidate, LoopMetrics, LoopRegion, SeamProof, TransportState
from tests.widgets.fragments.states import a_state
from tests.widgets.jam.states import a_state as a_jam
from tests.widgets.pictures import a_clip
from tests.widgets.recipes import a_recipe, a_take
from tests.widgets.test_accessibility import SIDE_BY_SIDE, WIDGETS
from widgets.dialogs.name_dialog import NameDialog
from widgets.visualiser.window import Visualiser

OVERLAP_MS = 120.0


def main_window() -> MainWindow:
    """Return a window as full as it gets."""
    one = MainWindow()
    one.generate_panel.set_generators(generator_choices(Settings()))
    candidate = LoopCandidate(LoopRegion(0, 44_100 * 12), 0.88, LoopMetrics(0.9, 0.8, 0.7, 0.6), 12, weak=True)
    one.candidates_panel.set_candidates((candidate,) * 3, 44_100)
    one.metrics_panel.set_candidate(candidate, SeamProof(12.3, 45.6, 18.9, 9.0, 0.12))
    one.now_playing_panel.set_recipe(a_recipe(), is_starter=False)
    takes = tuple(a_take(str(at)) for at in range(3))
    one.library_panel.set_takes(takes, tuple(take.take_id for take in takes))
    one.fragments_panel.set_state(a_state())
    one.jam_panel.set_state(a_jam())
    one.transport_bar.set_state(TransportState(is_running=True, has_next=True, has_previous=True, can_rate=True))
    one.overlap_panel.set_overlap(OVERLAP_MS)
    clip = a_clip(4.0)
    one.waveform_panel.set_clip(peak_pyramid(clip))
    one.waveform_panel.set_region(LoopRegion(clip.sample_rate, 3 * clip.sample_rate))
    return one


def name_dialog(parent: QWidget) -> NameDialog:
    return NameDialog("Keep the layout", "&Name of the layout:", "Evening", lambda _name: "", parent)


def main() -> None:
    application = QApplication(sys.argv[:1])
    dress(application)
    shown = main_window()
    shown.show()
    shown.score_map_panel.weights_button.click()
    for name in shown.shown_panels():
        shown.go_to_panel(name)
        application.processEvents()
    windows: dict[str, QWidget] = {"name": name_dialog(shown), "visualiser": Visualiser()}
    windows |= {name: make() for name, make in WIDGETS.items() if name not in SIDE_BY_SIDE}
    for name, window in windows.items():
        # What is no window of its own gets a title here.
        window.setWindowTitle(window.windowTitle() or name)
        window.show()
    shown.activateWindow()

    def obey() -> None:
        line = sys.stdin.readline().split()
        if not line:
            application.quit()
        elif line[0] == "levels":
            left, right = map(float, line[1:])
            shown.output_panel.meter.set_levels((left, right), (left, right))

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(obey)
    application.exec()


if __name__ == "__main__":
    main()
