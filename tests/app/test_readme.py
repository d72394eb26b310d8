# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's commands do what it says, word for word, and what it points at is there."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from tests.app.commands.running import within

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

SILENT = {
    "generate",
    "render",
    "presets",
    "stats",
    "models",
    "fragments",
    "analyze",
    "extend",
    "split",
    "tag",
    "export",
    "continue",
    "accompany",
    "fill",
    "vary",
}
"""Commands that open no device: these run within the test's process."""


def shell_blocks() -> list[list[str]]:
    return [block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]


def serve_for_a_moment(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Start a server, wait until it says where it listens, and end it as Ctrl+C does."""
    with subprocess.Popen(arguments, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        assert any("is offered at http://" in line or "on the air at http://" in line for line in server.stderr)
        server.send_signal(signal.SIGINT)
        assert server.wait(60.0) in (0, 130)


@pytest.mark.audio
def test_the_commands_run_as_written(tmp_path: Path, sound_server: object) -> None:
    commands = [line for block in shell_blocks() for line in block if line.startswith("infiniloop ")]
    assert len(commands) == 26
    (tmp_path / "prompts.txt").write_text("lofi, 90 bpm\n", encoding="utf-8")
    for command in commands:
        arguments = [sys.executable, "-m", "app.main", *shlex.split(command)[1:]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        if "--on-ray" in arguments and importlib.util.find_spec("ray") is None:
            done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=60)
            assert "infiniloop models setup ray" in done.stderr
            continue
        if "serve" in arguments or "radio" in arguments:
            serve_for_a_moment(arguments, tmp_path, environment)
            continue
        if arguments[3] in SILENT:
            done = within(arguments[3:], tmp_path)
        else:
            done = subprocess.run(
                arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=240
            )
        assert done.returncode == 0, (command, done.stderr)
    assert soundfile.info(tmp_path / "music.flac").duration == pytest.approx(60.0, abs=0.01)
    assert soundfile.info(tmp_path / "clip.wav").duration == pytest.approx(15.0, rel=0.3)
    assert soundfile.info(tmp_path / "drums.wav").duration == pytest.approx(4 * 4 * 60.0 / 92.0, abs=0.001)
    assert len(list((tmp_path / "clips").glob("*.wav"))) == 4
    assert (tmp_path / "song.mid").read_bytes().startswith(b"MThd")
    assert len(list((tmp_path / "stems").iterdir())) >= 3
    assert len(list((tmp_path / "fragments").glob("output*.wav"))) == 2
    assert soundfile.info(tmp_path / "long.wav").duration == 157.0
    assert {path.stem.removeprefix("clip-") for path in (tmp_path / "parts").iterdir()} >= {"loop"}
    clip_s = soundfile.info(tmp_path / "clip.wav").duration
    assert soundfile.info(tmp_path / "longer.wav").duration == pytest.approx(clip_s + 12.0, abs=0.001)
    for name in ("band.wav", "filled.wav", "varied.wav", "varied-alone.wav"):
        assert soundfile.info(tmp_path / name).duration == pytest.approx(clip_s, abs=0.001)
    snippets = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(snippets) == 2
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(snippets)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert soundfile.info(tmp_path / "endless.flac").duration == 12.0
    assert soundfile.info(tmp_path / "baked.wav").duration > 5.0


def test_the_two_commands_are_the_makefiles() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {line.split()[1] for block in shell_blocks() for line in block if line.startswith("make ")}
    assert named == {"run", "test"}
    assert named <= targets


def test_pictures_and_links_are_there() -> None:
    targets = re.findall(r"\]\((?!http)([^)]+)\)", README)
    assert "resources/pictures/studio.png" in targets
    headings = {f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^#+ (.*)$", README, re.MULTILINE)}
    assert [one for one in targets if one not in headings and not (ROOT / one).exists()] == []
