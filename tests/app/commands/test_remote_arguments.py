# SPDX-License-Identifier: GPL-3.0-or-later
"""With ``--remote`` the music of a command is made by other machines, of which one that is away is left out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import main
from engine.library.takes import TakeLibrary
from tests.app.commands.running import tells
from tests.app.radios import library_of, on_air
from tests.engine.serving.running import TOKEN, Server, serving, until

MUSIC = (
    ("radio", "rain"),
    ("generate", "rain", "-o", "none.wav"),
    ("render", "rain", "--minutes", "1", "-o", "none.wav"),
    ("fragments", "none", "rain"),
)
"""Command lines that take these arguments."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), "--generator", "composer", token=TOKEN) as one:
        yield one


@pytest.fixture
def away() -> Iterator[str]:
    """Yield the address of a machine that refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n", encoding="ascii")
    return path


@pytest.mark.parametrize("music", MUSIC, ids=lambda words: words[0])
def test_what_cannot_be_asked_is_refused_alike(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, music: tuple[str, ...]
) -> None:
    no_address = "and must be the address of a machine, as 192.168.1.20:8420 or https://music.example."
    for arguments, code, told in (
        (("--remote", "ftp://music.example"), 2, f"--remote is “ftp://music.example”, {no_address}"),
        (("--remote", "http://user:secret@music.example"), 2, no_address),
        (("--remote", "music.example", "--remote", ""), 2, f"--remote is “”, {no_address}"),
        (
            ("--remote", "music.example", "--generator", "musicgpt"),
            2,
            "(by --generator, and by --remote) is given twice",
        ),
        (("--remote", "music.example", "--set", "addresses=a"), 2, "addresses (by --remote, and by --set) is given"),
        (("--remote-token-file", "token"), 1, "--remote-token-file says how --remote is done: give both, or neither."),
        (("--remote", "music.example", "--remote-token-file", f"{tmp_path}/none"), 1, "No such file or directory"),
    ):
        assert main([*music, *arguments, "--dry-run"]) == code, arguments
        said = capsys.readouterr()
        assert said.out == ""
        (line,) = said.err.splitlines()
        assert told in line


def test_a_clip_is_made_by_the_machine_that_answers(
    tmp_path: Path, server: Server, away: str, token_file: Path
) -> None:
    machines = ("--remote", away, "--remote", server.url, "--remote-token-file", token_file)
    (told,) = tells("generate", "lofi rain, 80 bpm", "--duration", "6", "-o", tmp_path / "clip.wav", *machines)
    assert told["generator"] == "remote"
    assert told["versions"]["composer"]


@pytest.mark.started
def test_a_radio_plays_what_another_machine_makes(tmp_path: Path, server: Server, away: str, token_file: Path) -> None:
    machines = ("--remote", away, "--remote", server.url, "--remote-token-file", str(token_file))
    settings = {"duration_s": 6.0, "transition_bars": 0}
    with on_air(tmp_path, "lofi rain, 96 bpm", *machines, settings=settings) as radio:
        until(lambda: radio.get("/current")["number"] and not radio.get("/current")["recycled"])
        assert radio.get("/current")["prompt"] == "lofi rain, 96 bpm"
    with TakeLibrary(library_of(tmp_path)) as library:
        made = library.takes()
    assert made
    assert {one.recipe.generator for one in made} == {"remote"}
