# SPDX-License-Identifier: GPL-3.0-or-later
"""These commands run in odd surroundings: streams closed or full, other encodings, no home, little memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from pathlib import Path

import pytest

from app import paths
from app.commands.numbers import number, time, whole
from app.main import _log_traceback
from engine.library.looptags import read_loop_tags
from engine.values import LoopRegion
from tests.app.commands.running import ROOT, command, infiniloop, music, works, write
from tests.engine.library.making import public_folder
from tests.sampling import some

PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
plainly_named = pytest.mark.skipif(
    not str(ROOT).isascii(), reason="soundfile loads nothing from a folder whose name Python was told not to encode"
)


def shell(words: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command by a shell, with redirections."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {words}', "sh", *command(*map(str, arguments))],
        capture_output=True, cwd=ROOT, check=False, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip


def test_a_fault_with_an_odd_name_in_it_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "log_file", lambda: tmp_path / "log/infiniloop.log")

    def fail() -> None:
        raise OSError("caf\udce9")

    try:
        fail()
    except OSError:
        assert _log_traceback() == f"more in {tmp_path / 'log/infiniloop.log'}"
    assert "OSError: caf\\udce9" in (tmp_path / "log/infiniloop.log").read_text()


@pytest.mark.parametrize("unbuffered", some(["", "1"]))
@pytest.mark.parametrize(
    ("words", "why"), some([(">&-", b"Bad file"), (">&- <&-", b"Bad file"), (">/dev/full", b"No space")], every=2)
)
def test_what_cannot_be_printed_is_told(words: str, why: bytes, unbuffered: str) -> None:
    for arguments in (("--help",), ("--version",), ("devices", "--json"), ("analyze", "--help")):
        done = shell(words, *arguments, PYTHONUNBUFFERED=unbuffered)
        assert done.returncode == 1
        assert why in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr


def test_what_has_nothing_to_print_needs_no_stdout(tmp_path: Path) -> None:
    path = write(tmp_path / "music.wav", music())
    done = shell(">&- <&-", "export", path, "--loop", "1", "7", "-o", tmp_path / "x.wav")
    assert done.returncode == 0, done.stderr
    assert read_loop_tags(tmp_path / "x.wav")


@pytest.mark.parametrize("words", some(["2>/dev/full", "2>&-", "2>&- >&- <&-"], every=2))
def test_words_that_nobody_reads_fail_nothing(tmp_path: Path, words: str) -> None:
    path = write(tmp_path / "music.wav", music())
    arguments = ("export", path, "--loop", "1", "7", "-o", tmp_path / "x.wav")
    assert shell(words, *arguments).returncode == 0
    assert shell(words, *arguments).returncode == 1  # it is there
    assert shell(words, "fly").returncode == 2


@pytest.mark.soak
@pytest.mark.parametrize(
    "surroundings",
    [
        {"LC_ALL": "C"},
        pytest.param({"LC_ALL": "C", **PLAIN}, marks=plainly_named),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, marks=pytest.mark.soak),
        pytest.param({"PYTHONIOENCODING": "ascii"}, marks=pytest.mark.soak),
    ],
)
def test_names_and_letters_that_an_encoding_lacks(tmp_path: Path, surroundings: dict[str, str]) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9 \xff.wav"
    write(tmp_path / "music.wav", music()).rename(os.fsdecode(raw))
    done = shell("", "analyze", os.fsdecode(raw), "--json", **surroundings)
    assert done.returncode == 0, done.stderr
    assert os.fsencode(json.loads(done.stdout.decode("ascii"))["file"]) == raw
    done = shell("", "export", "--points", os.fsdecode(raw), "--loop", "1", "7", **surroundings)
    assert done.stdout == b"22050 154350 caf\xe9 \xff.wav\n"
    done = shell("", "analyze", tmp_path / "nothing “here”.wav", **surroundings)
    assert done.returncode == 1
    assert b"nothing" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert shell("", "--help", **surroundings).returncode == 0
    points = tmp_path / "p.txt"
    works("export", "--points", os.fsdecode(raw), "--loop", "1", "7", "-o", points)
    works("tag", os.fsdecode(raw), "-o", tmp_path / "tagged.wav", "--points", points)
    assert read_loop_tags(tmp_path / "tagged.wav") == (LoopRegion(22_050, 154_350),)


def test_without_docstrings() -> None:
    done = infiniloop("--help", PYTHONOPTIMIZE="2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == infiniloop("--help").stdout
    assert "hear a sound loop for ever" in done.stdout


@pytest.mark.parametrize("set_home", ["", "relative"])
def test_a_home_that_is_none_makes_no_folder_here(tmp_path: Path, set_home: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    environment |= {"HOME": set_home, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command("doctor", "--quick", "--json")], capture_output=True, check=False, cwd=here, env=environment
    )
    assert json.loads(done.stdout)["findings"], done.stderr
    assert list(here.iterdir()) == []
    # PulseAudio's library leaves one of its own there.
    assert [one for one in temporary.iterdir() if not one.name.startswith("pulse-")] == []


@pytest.mark.skipif(os.getuid() != 0, reason="becomes a user without an entry in the password file")
def test_no_home_and_no_entry_in_the_password_file() -> None:
    code = (
        "import os; from app import home, paths; os.setgid(54321); os.setuid(54321); home.settle_home();"
        "print(paths.settings_file(), paths.log_file(), sep='\\n')"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "HOME"))}
    with public_folder() as folder:
        folder.chmod(0o777)
        environment |= {"TMPDIR": str(folder)}
        done = subprocess.run(
            [command()[0], "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
        )
        assert [Path(line).is_relative_to(folder) for line in done.stdout.splitlines()] == [True, True]
        assert [oct(one.stat().st_mode & 0o777) for one in folder.iterdir()] == ["0o700"]


@pytest.mark.parametrize("megabytes", [200, 300, 400, 600])
def test_little_memory_is_told_at_once(tmp_path: Path, megabytes: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 10**6, megabytes * 10**6))

    done = subprocess.run(
        command("generate", "house", "-o", str(tmp_path / "x.wav")),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, preexec_fn=limit,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"{megabytes} MB" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


NUMBERS = {
    "analyze": ("--top", "--tempo", "--min-loop", "--max-loop", "--near-window", "--bar-length", "--beats-per-bar"),
    "extend": ("--length", "--turns", "--fade", "--overlap", "--candidate"),
    "export": ("--rate", "--handles", "--overlap", "--top"),
    "generate": ("--duration", "--seed", "--bars", "--bpm"),
    "render": ("--minutes", "--overlap-ms", "--min-play", "--min-loop", "--duration", "--seed"),
    "play": ("--seconds",),
    "proof": ("--overlap",),
}


@pytest.mark.parametrize(("name", "option"), [(name, option) for name in NUMBERS for option in NUMBERS[name]])
def test_numbers_without_end(name: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    from app.main import main

    more = {
        "extend": ["-o", "x.wav"],
        "export": ["-o", "x.wav"],
        "generate": ["-o", "x.wav"],
        "render": ["-o", "x.wav"],
    }
    for text in ("9" * 400, "1" * 5000):
        with pytest.raises(SystemExit) as ended:
            main([name, "file.wav", option, text, *more.get(name, [])])
        assert ended.value.code == 2
        told = capsys.readouterr().err
        assert f"{option}: “{text[:24]}…” is too large a number" in told


@pytest.mark.parametrize(
    ("text", "value"), [("12,5", 12.5), ("12.5", 12.5), (",5", 0.5), ("+3", 3.0), ("1e3", 1000.0), ("1,5e1", 15.0)]
)
def test_numbers_have_a_point_or_a_comma(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "1.2.3", "1,2,3", "1.234,5", "1_000", "٣", "0x10", "1 2", "--", "1e99999"])
def test_what_is_no_number(text: str) -> None:
    import argparse

    for read in (number, whole):
        with pytest.raises(argparse.ArgumentTypeError):
            read(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2:37,5", 157.5),
        ("12,5", 12.5),
        ("1:02:03,25", 3723.25),
        ("1,5h", 5400.0),
        ("0,5m2,5s", 32.5),
        ("2,5ms", 0.0025),
    ],
)
def test_times_have_a_point_or_a_comma(text: str, seconds: float) -> None:
    assert time(text).value == pytest.approx(seconds)
    assert time(text.replace(",", ".")).value == pytest.approx(seconds)


def test_shares_have_a_point_or_a_comma() -> None:
    assert time("12,5%").value == time("12.5%").value == 0.125
