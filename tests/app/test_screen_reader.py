# SPDX-License-Identifier: GPL-3.0-or-later
"""The real windows as a screen reader meets them, in a process of their own: all has a name, and values have units.

The windows are those of ``spoken_windows``, which says how to add one.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.spoken_windows import OVERLAP_MS
from tests.atspi import TEXT, WAIT_S, AccessibilityBus, Event, Node
from widgets.overlap_panel import ms_to_step, step_to_ms

pytestmark = pytest.mark.gui

ROOT = Path(__file__).parents[2]
CONTROLS = (
    *("push button", "button menu", "check box", "radio button", "combo box", "slider", "spin box", "text", "dial"),
    *("list", "list item", "table", "cell", "tree", "page tab list", "page tab", "progress bar", "indicator", "chart"),
    *("graphic", "dialog", "frame"),
)
LEAST = {"slider": 12, "spin box": 15, "combo box": 15, "indicator": 7, "chart": 8, "check box": 20, "page tab": 10}
"""Number of controls of a role that there are at least: a walk that sees none finds no fault."""
VALUE_CHANGED, ANNOUNCEMENT = "accessible-value", "Announcement"


class Listener:
    """A listener hears the windows, and knows their process."""

    def __init__(self, bus: AccessibilityBus, process: subprocess.Popen[str]) -> None:
        self.bus = bus
        self._process = process
        self.program = bus.program(process)
        bus.wait(lambda: any(one.name.startswith("Recipe") for one in self.program.children()))
        (self.window,) = (one for one in self.program.children() if one.name == "Infiniloop Studio")
        self._found = {(one.role, one.name): one for one in self.window.walk()}

    def find(self, role: str, name: str) -> Node:
        """Return the control of this role and name in the main window."""
        return self._found[role, name]

    def tell(self, line: str) -> None:
        """Tell the windows' process what to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def press(self, control: Node, key: str) -> None:
        """Press a real key on a control, which is brought the keyboard."""
        control.take_keyboard()
        self.bus.heard()
        subprocess.run(["xdotool", "key", key], check=True)


@pytest.fixture(scope="module")
def listener(display: str) -> Iterator[Listener]:
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.app.spoken_windows"]
    with AccessibilityBus() as bus:
        process = subprocess.Popen(command, env=bus.environment, stdin=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            yield Listener(bus, process)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(timeout=WAIT_S) == 0, "the windows outlived the listening"
        finally:
            process.kill()
            process.wait()


def faults_of(role: str, node: Node) -> Iterator[str]:
    """Yield what a screen reader could not say of a control."""
    name = node.name
    if not name.strip():
        yield "no name"
    if "&" in name:
        yield "the mark of a mnemonic"
    if role == "combo box" and not any(node.labels()):
        yield "only what is chosen, not what for"
    if role in ("slider", "indicator", "dial"):
        low, high = node.bounds
        if not low <= node.number <= high:
            yield f"{node.number} is not within {low} and {high}"
        # Before what explains it.
        if not node.description.partition(" · ")[0]:
            yield "no value in words"
    if role == "chart" and not node.description:
        yield "nothing of what it shows"
    if role == "spin box" and not (TEXT in node.interfaces and node.text):
        yield "no text"


def test_all_that_one_acts_on_or_reads_has_a_name_and_a_value(listener: Listener) -> None:
    seen: Counter[str] = Counter()
    faults = []
    for window in listener.program.children():
        for node in window.walk():
            role = node.role
            seen[role] += 1
            if role in CONTROLS or node.takes_keyboard:
                where = f"{window.name}: {role} {node.name!r} {node.description[:40]!r}"
                faults += [f"{where}: {one}" for one in faults_of(role, node)]
    assert not faults, "\n".join(faults)
    assert {role: seen[role] for role, least in LEAST.items() if seen[role] < least} == {}


def test_a_slider_tells_milliseconds_as_a_key_moves_it(listener: Listener) -> None:
    slider = listener.find("slider", "Overlap")
    assert (slider.number, slider.description.partition(" · ")[0]) == (OVERLAP_MS, "120 ms")
    listener.press(slider, "Right")
    listener.bus.hear(VALUE_CHANGED, slider.path)
    more = step_to_ms(ms_to_step(OVERLAP_MS) + 1)
    assert more > OVERLAP_MS
    assert (slider.number, slider.description.partition(" · ")[0]) == (more, f"{more:.0f} ms")


def test_what_the_number_does_not_say_is_announced(listener: Listener) -> None:
    slider = listener.find("slider", "Evolve")
    listener.press(slider, "Home")
    # Screen readers would say 0.
    assert listener.bus.hear(ANNOUNCEMENT, slider.path).data == slider.description.partition(" · ")[0]
    slider = listener.find("slider", "Duration")
    listener.press(slider, "Right")
    listener.bus.hear(VALUE_CHANGED, slider.path)
    told = [one for one in listener.bus.heard(0.2) if one.kind == ANNOUNCEMENT]
    assert told == [], "the number says it, in seconds"


def test_an_edge_of_the_loop_is_said_when_keys_have_moved_it(listener: Listener) -> None:
    plot = listener.find("chart", "Waveform with loop region")
    listener.press(plot, "o")
    assert listener.bus.hear(ANNOUNCEMENT, plot.path).data.startswith("end at 3.000 s · loop 1.000 – 3.000 s")
    listener.press(plot, "Left")
    said = listener.bus.hear(ANNOUNCEMENT, plot.path).data
    assert said.startswith("end at 2.99")
    assert plot.description == said


def test_a_slider_is_set_from_outside_in_its_unit(listener: Listener) -> None:
    volume = listener.find("slider", "Volume")
    volume.set_number(-12.4)
    listener.bus.hear(VALUE_CHANGED, volume.path)
    assert (volume.number, volume.description.partition(" · ")[0]) == (-12.5, "−12.5 dB")


@pytest.mark.soak
def test_the_meter_tells_its_level_once_a_second(listener: Listener) -> None:
    meter = listener.find("indicator", "Output level")
    assert (meter.number, meter.description) == (-60.0, "silent")

    def told() -> list[Event]:
        return [one for one in listener.bus.heard(0.1) if (one.kind, one.path) == (VALUE_CHANGED, meter.path)]

    def is_told() -> bool:
        listener.tell("levels -14 -20")
        return meter.number == -14.0

    listener.bus.heard()
    begun_s = time.monotonic()
    for level in range(-44, -13):
        listener.tell(f"levels {level} -50")
    listener.bus.wait(is_told)
    assert meter.description == "peaks: left −14 dBFS, right −20 dBFS"
    n_told = len(told())
    assert 1 <= n_told <= 2 + (time.monotonic() - begun_s), "not at each of them"
