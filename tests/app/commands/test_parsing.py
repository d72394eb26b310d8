# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a command may stand anywhere, and what follows “--” is none."""

from __future__ import annotations

import pytest

from app.main import build_parser


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ("fragments folder --every 30 rain wind", "prompt", ["rain", "wind"]),
        ("fragments folder rain --every 30 wind", "prompt", ["rain", "wind"]),
        ("fragments --every 30 folder", "prompt", []),
        ("fragments folder --once 1 -- -rain", "prompt", ["-rain"]),
        ("export a.wav -o out b.wav", "files", ["a.wav", "b.wav"]),
        ("ctl set --json volume -6", "words", ["volume", "-6"]),
        ("ctl set volume -- -6dB", "words", ["volume", "-6dB"]),
        ("models get --dry-run musicgen/small", "name", "musicgen/small"),
        ("studio --prompt rain a.wav", "sounds", ["a.wav"]),
    ],
)
def test_options_stand_anywhere(line: str, name: str, expected: str | list[str]) -> None:
    assert getattr(build_parser("infiniloop").parse_args(line.split()), name) == expected


@pytest.mark.parametrize("line", ["fragments --once 1", "generate a -o x b", "fragments f --once", "split a --nothing"])
def test_what_is_wrong_is_refused(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser("infiniloop").parse_args(line.split())
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err
