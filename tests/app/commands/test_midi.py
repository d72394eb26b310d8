# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that lists MIDI's ports prints what a pad sends, and says in a sentence that there is no MIDI."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from app import main
from engine.together import ports
from tests.engine.together.instruments import Instrument


def test_what_a_pad_sends_is_printed_with_what_it_does(
    jack_server: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    pads = Instrument()
    ends = threading.Event()

    def play() -> None:
        while not ends.wait(0.1):
            pads.play((0x99, 36, 100), (0xB4, 99, 127))

    playing = threading.Thread(target=play)
    playing.start()
    try:
        assert main.main(["midi", "--seconds", "1", "--json"]) == 0
    finally:
        ends.set()
        playing.join()
        pads.close()
    first, *moved = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first == {"inputs": ["pads:out"], "outputs": [], "own": "Infiniloop"}
    assert moved[:2] == [
        {"port": "pads:out", "control": "note 36 channel 10", "value": round(100 / 127, 4), "does": "slot drums 1"},
        {"port": "pads:out", "control": "cc 99 channel 5", "value": 1.0, "does": ""},
    ]


def test_without_midi_a_sentence_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody")
    monkeypatch.setattr(ports, "_SEQUENCER", tmp_path / "no sequencer")
    assert main.main(["midi"]) == 1
    assert "neither ALSA" in capsys.readouterr().err
