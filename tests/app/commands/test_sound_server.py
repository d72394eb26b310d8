# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor names the sound server by what it tells, and tells none that hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.commands import sound_server
from app.settings import Settings


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (("pulseaudio", "16.1"), ("PulseAudio", "16.1")),
        (("PulseAudio (on PipeWire 0.3.65)", "15.0.0"), ("PipeWire", "0.3.65")),
        (("PulseAudio (on PipeWire 1.2.7)", "15.0.0"), ("PipeWire", "1.2.7")),
        (("another", "3"), ("another", "3")),
    ],
)
def test_a_server_is_named_by_what_it_is(told: tuple[str, str], wanted: tuple[str, str]) -> None:
    assert sound_server.named(*told) == wanted


def test_a_pipewire_that_serves_no_pulseaudio_programs_is_named(
    no_sound: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PIPEWIRE_RUNTIME_DIR", raising=False)
    assert [one.figures["server"] for one in sound_server.server(Settings())] == [""]
    (tmp_path / "pipewire-0").touch()
    assert [one.figures["server"] for one in sound_server.server(Settings())] == ["PipeWire"]
