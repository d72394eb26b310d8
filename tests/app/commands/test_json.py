# SPDX-License-Identifier: GPL-3.0-or-later
"""With --json all commands print JSON, with the keys that resources/json.md lists; of a failure too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import engine.errors
from app.commands.completion import actions
from app.main import build_parser, main
from engine import make_clip, save
from engine.errors.requests import WrongUsage
from tests.app.commands.running import ROOT, infiniloop, music, write
from tests.soundserver import SoundServer

LOOP = ("--loop", "0.5", "2.5")
MADE = ("generate", "lofi, 120 bpm", "--bars", "1", "--layer", "drums", "--seed", "1")
RUNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("`generate`", (*MADE, "-o", "a.wav")),
    ("`generate --midi --stems`", (*MADE, "-o", "b.wav", "--midi", "b.mid", "--stems", "stems")),
    ("`generate --from`", ("generate", "--from", "prompts.txt", "-o", "clips", "--bars", "1")),
    ("`analyze`", ("analyze", "song.wav", "song.wav", "--beats", "--top", "2")),
    ("`extend`", ("extend", "song.wav", "-o", "long.wav", "--length", "6", *LOOP)),
    ("`continue`, `accompany`, `fill`, `vary`", ("continue", "song.wav", "-o", "on.wav", "--seconds", "2")),
    ("`split`", ("split", "song.wav", "-o", "parts", *LOOP)),
    ("`tag`", ("tag", "song.wav", "-o", "tagged.wav", *LOOP)),
    ("`export`", ("export", "song.wav", "-o", "loop.wav", *LOOP)),
    ("`export --points`", ("export", "song.wav", "--points", *LOOP)),
    ("`export --pack`", ("export", "song.wav", "-o", "pack", "--pack", "game", *LOOP)),
    ("`recipe` of a clip", ("recipe", "song.wav")),
    ("`recipe` of two files", ("recipe", "song.wav", "song.wav")),
    ("`recipe --again`, `--vary`", ("recipe", "song.wav", "--again", "-o", "again.wav")),
    ("`add`", ("add", "song.wav", "song.wav")),
    ("`proof`", ("proof", "song.wav", "--all")),
    ("`render`", ("render", "lofi", "--minutes", "0.05", "-o", "music.wav", "--duration", "8", "--seed", "1")),
    ("`recipe` of a render", ("recipe", "music.wav")),
    ("`recipe --again`, `--vary`", ("recipe", "music.wav", "--again", "-o", "music-again.wav")),
    ("`presets`", ("presets",)),
    ("`stats`", ("stats", "--measure", "composer", "--clips", "1", "--durations", "5")),
    ("`models list`", ("models", "list")),
    ("`models where`", ("models", "where")),
    ("`models check`", ("models", "check")),
    ("`doctor`", ("doctor", "--quick")),
    (
        "`fragments`",
        ("fragments", "slots", "lofi, 120 bpm", "--once", "1", "--bars", "2", "--set", "sounds=synthesised"),
    ),
    ("`jam`", ("jam", "--render", "jam.wav", "--script", "jam.txt", "--bars", "1", "--save", "jam")),
    ("`video`", ("video", "song.wav", "-o", "song.mp4", "--size", "720p")),
    ("`manual`", ("manual", "-o", "man1")),
    ("`radio --dry-run`", ("radio", "--dry-run")),
)
"""Runs by the row of the table that describes them; each works in the folder that those before it left."""

ELSEWHERE = {
    "`play`",
    "`radio`",
    "`serve`",
    "`ctl list`",
    "`devices`",
    "`latency`",
    "`band`",
    "`band FILE`",
    "`band FILE` at its end",
    "`midi`",
    "`doctor --rehearse`",
    "`models get`",
    "`models remove`",
    "`models where NAME`",
    "`models setup`",
}
"""Rows whose commands need a sound server, a network, a running studio or a kill, and are run in other tests."""


def documented() -> dict[str, set[str]]:
    """Return the keys of each row; one with “?” need not be there."""
    text = (ROOT / "resources/json.md").read_text(encoding="utf-8")
    rows: dict[str, set[str]] = {}
    for label, keys in re.findall(r"^\| (`.*?) \| \w+ \| (.*) \|$", text, re.MULTILINE):
        same = re.match(r"as (`\w+`), and ", keys)
        rows[label] = (rows[same[1]] if same else set()) | set(
            re.findall(r"`([\w?]+)`", keys[same.end() :] if same else keys)
        )
    return rows


ROWS = documented()


def is_as_documented(told: dict[str, Any], label: str) -> bool:
    may = {one.rstrip("?") for one in ROWS[label]}
    must = {one for one in ROWS[label] if not one.endswith("?")}
    return must <= set(told) <= may


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a song and prompts."""
    folder = tmp_path_factory.mktemp("json")
    save(make_clip("lofi, 120 bpm", seed=3, bars=2, layer="drums"), folder / "song.wav")
    (folder / "prompts.txt").write_text("lofi, 90 bpm\n", encoding="utf-8")
    (folder / "jam.txt").write_text("0 bars 1\n0 make drums house\n", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def places(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(here / "home" / name.lower()))
    monkeypatch.chdir(here)


def test_every_row_is_run() -> None:
    assert set(ROWS) == {label for label, _ in RUNS} | ELSEWHERE


def test_every_run_prints_objects_with_the_keys_that_are_listed(
    no_sound: None, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, set[str]] = {}
    for label, line in RUNS:
        capsys.readouterr()
        code = main([*line, "--json"])
        out, err = capsys.readouterr()
        # What this machine lacks is the doctor's to tell.
        assert code == 0 or line[0] == "doctor", (line, err)
        told = [json.loads(one) for one in out.splitlines()]
        assert told, line
        for one in told:
            assert is_as_documented(one, label), (label, set(one) ^ ROWS[label])
            seen.setdefault(label, set()).update(one)
        assert re.search(r"\r|\d ?%", err) is None, "progress, where there is no terminal"
    assert {"beats", "downbeats"} <= seen["`analyze`"]
    assert {"seed", "loops"} <= seen["`recipe --again`, `--vary`"]


@pytest.mark.parametrize(
    ("line", "kind", "where"),
    [
        (("generate", " ", "-o", "x.wav"), "EmptyPrompt", {}),
        (("analyze", "none.wav"), "FileMissing", {"file": "none.wav"}),
        (("extend", "prompts.txt", "-o", "x.wav", "--length", "9"), "NotAudio", {"file": "prompts.txt"}),
        (("generate", "--from", "prompts.txt", "-o", "x", "--key", "H"), "UnknownChoice", {"n": 1}),
        (("export", "song.wav", "-o", "song.wav", *LOOP), "IsInput", {"file": "song.wav"}),
        (("models", "get", "nothing"), "AssetUnknown", {}),
        (("recipe", "prompts.txt"), "NotAudio", {}),
        (("play", "none.wav"), "FileMissing", {}),
        (("serve", "--port", "-1"), "OutOfRange", {}),
        (("stats", "--clips", "0"), "OutOfRange", {}),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_a_failure_is_an_object_beside_the_sentence(
    line: tuple[str, ...], kind: str, where: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    code = 2 if issubclass(getattr(engine.errors, kind), WrongUsage) else 1
    assert main([*line, "--json"]) == code
    out, err = capsys.readouterr()
    (told,) = (json.loads(one) for one in out.splitlines())
    assert told["error"]["kind"] == kind
    assert told["error"]["message"] in err
    assert where.items() <= told.items()
    assert main([*line]) == code
    assert capsys.readouterr().out == "", "words belong to stderr"


def test_every_command_that_reports_has_json() -> None:
    parser = build_parser("infiniloop")
    (commands,) = (one.choices for one in parser._actions if isinstance(one.choices, dict))
    told = {re.match(r"`(\w+)", label)[1] for label in ROWS}  # type: ignore[index]
    lacking = [name for name in told if not any("--json" in one.option_strings for one in actions(commands[name]))]
    assert lacking == []


@pytest.mark.soak
@pytest.mark.audio
def test_play_tells_what_happens(sound_server: SoundServer, tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    done = infiniloop("play", path, "--seconds", "0.5", "--json", "--loop", "1", "3")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["event"] for one in events] == ["playing", "ended"]
    assert all(is_as_documented(one, "`play`") for one in events)
    assert (events[0]["file"], events[0]["loop_start"]) == (str(path), 22_050)
    devices = json.loads(infiniloop("devices", "--json").stdout)
    assert is_as_documented(devices, "`devices`")
