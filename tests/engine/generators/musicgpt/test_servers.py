# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGPT's server is started, changed and ended when it is to be; whatever goes wrong, a clip comes or a sentence."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from engine.errors import GeneratorError, GeneratorFailed, GeneratorHung, GeneratorOutputBad
from engine.generators.base import finished
from engine.generators.musicgpt import MusicGPT, folder
from engine.generators.musicgpt.declared import CAPABILITIES
from engine.generators.requests import completed
from engine.outside.environment import program_environment
from engine.values import ClipRequest
from tests.bystanders import own_children
from tests.engine.generators.musicgpt.conftest import QUICK, Bench, servers
from tests.sampling import some
from tests.standins import musicgpt_settings


def test_a_server_that_was_ended_is_started_again(bench: Bench) -> None:
    bench.make(secs=1.0)
    (before,) = servers()
    before.kill()
    before.wait(10)
    bench.make()
    (after,) = servers()
    assert after != before


def test_another_model_and_the_graphics_card_change_the_server(bench: Bench) -> None:
    bench.make(secs=1.0)
    (before,) = servers()
    seen, _ = bench.make(model="medium-quant", gpu=True, secs=1.0)
    (after,) = servers()
    assert after != before
    assert not before.is_running()
    assert [word for word in after.cmdline() if word in ("medium-quant", "--gpu")] == ["medium-quant", "--gpu"]
    assert "loading" in [one.stage for one in seen]
    bench.make(model="small", secs=1.0)


def test_it_opens_no_browser_and_gets_no_screen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    browsers = bench.folder / "browsers"
    browsers.mkdir()
    for name in ("xdg-open", "gio", "gnome-open", "kde-open"):
        (browsers / name).write_text(f"#!/bin/sh\ntouch '{bench.folder}/opened'\n")
        (browsers / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{browsers}:/usr/bin:/bin")
    bench.make(secs=1.0)
    assert not (bench.folder / "opened").exists()
    assert "DISPLAY" not in program_environment()
    # That the stand-in does open one, as MusicGPT does, is held by its own test.


def test_its_last_cancelled_clip_is_waited_for_while_it_decodes(bench: Bench) -> None:
    bench.misdeed = "decode_s:1.5"
    steps = bench.steps("cancelled", secs=1.0)
    while next(steps).stage != "finishing":
        pass
    steps.close()
    seen, result = bench.make(secs=2.0)
    assert [one for one in seen if one.stage == "starting"][1:], "it waits, and says so"
    assert result.clip.duration_s == pytest.approx(2.94)
    assert len(servers()) == 1
    assert bench.files() == bench.kept


def test_what_a_killed_studio_left_is_cleared_away_later(bench: Bench) -> None:
    old, new = bench.data / folder.relpath_of(folder.new_id()), bench.data / folder.relpath_of(folder.new_id())
    for path in (old, new):
        path.write_bytes(b"left")
    long_ago_s = time.time() - 2 * folder.FORGOTTEN_S
    os.utime(old, (long_ago_s, long_ago_s))
    chat = bench.data / "chats" / folder.CHAT_ID
    chat.mkdir()
    (chat / "x.json").write_text("{}")
    bench.make(secs=1.0)
    assert bench.files() == {*bench.kept, new}, "another studio's may be on its way"
    new.unlink()


def test_a_clip_that_is_none_is_told(bench: Bench) -> None:
    for misdeed, words in [
        ("truncate", "its audio file is cut short"),
        ("no-file", "it wrote no audio file"),
        ("sparse:2147483647", "its audio file is cut short"),
    ]:
        bench.install(misdeed)
        with pytest.raises(GeneratorOutputBad, match=words):
            bench.make(secs=1.0)
        bench.generator.close()


def test_a_server_that_is_slow_to_answer_is_waited_for(bench: Bench) -> None:
    bench.make(secs=1.0)
    (before,) = servers()
    before.suspend()
    steps = bench.steps(secs=1.0)
    assert {next(steps).stage for _ in range(4)} == {"starting"}
    before.resume()
    assert finished(steps).clip.duration_s == pytest.approx(1.94)
    assert servers() == [before]


def test_offline_only_a_model_that_is_there_is_used(bench: Bench) -> None:
    bench.install("")
    offline = replace(musicgpt_settings(bench.folder / "bin" / "musicgpt"), is_offline=True)
    asked = completed(ClipRequest(1, "x", "musicgpt", "medium", 1.0), bench.generator, offline)
    with pytest.raises(GeneratorError, match="its model “medium” is not on this machine, and nothing may be fetched"):
        finished(bench.generator.generate(asked, offline))
    (card,) = [one for one in CAPABILITIES.cards if one.name == "medium"]
    paths = folder.weights_of(card)
    assert "v1/medium_fp32/decoder_model_merged.onnx_data" in [str(path.relative_to(bench.data)) for path in paths]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    bench.kept |= set(paths)
    finished(bench.generator.generate(asked, offline))


# --- a server that does wrong -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "misdeed",
    some(
        [
            "die:20",  # dies in the middle of a clip
            "drop:20,token_s:0.01",  # the connection is cut
            "freeze:20",  # stands still: no answer to anything
            "mute:20",  # answers, and gets no further
            "forget:1",  # the lost job
            "other-device",  # another MusicGPT is on the port
            "lag:20",  # this client hears of nothing any more
            "leave-and-end,die:20",  # has children of its own
            "port-taken",  # by somebody, before it was ready
            "ignore-term,token_s:0.0,mute:5",  # has to be killed
            "other-model",
        ],
        every=2,
    ),
)
def test_the_clip_comes_all_the_same(bench: Bench, misdeed: str) -> None:
    """Each of these happens once: the clip is asked again, of the same server or of another."""
    if "freeze" in misdeed or "mute" in misdeed:
        bench.patience = replace(QUICK, mute_s=3.0)
    bench.misdeed = f"{misdeed},once:{bench.folder}/once"
    _, result = bench.make(secs=1.0)
    assert result.clip.duration_s == pytest.approx(1.94)
    assert (bench.folder / "once").exists()
    assert len(servers()) == 1
    assert bench.files() == bench.kept


@pytest.mark.parametrize(
    ("misdeed", "error", "words"),
    some(
        [
            ("die:20", GeneratorFailed, r"the system ended it \(SIGKILL\), often a sign that memory ran out\.$"),
            ("mute:20", GeneratorHung, r"^MusicGPT gave no clip within 1 s and was stopped\.$"),
            ("forget:9", GeneratorError, r"^MusicGPT made no clip: its server forgot the clip 2 times\.$"),
            ("refuse", GeneratorError, r"^MusicGPT made no clip: its server refused the request \(invalid value"),
            ("nonsense", GeneratorError, r"^MusicGPT made no clip: its server talks nonsense: it said '<html>'\.$"),
        ],
        every=2,
    ),
)
def test_what_happens_again_is_one_clear_sentence(
    bench: Bench, misdeed: str, error: type[GeneratorError], words: str
) -> None:
    if misdeed.startswith("mute"):
        bench.patience = replace(QUICK, mute_s=1.0)
    bench.misdeed = misdeed
    with pytest.raises(error, match=words):
        bench.make(secs=1.0)
    assert bench.files() - bench.kept == set() or servers()


@pytest.mark.soak
def test_an_abort_that_is_not_heeded_is_waited_for(bench: Bench) -> None:
    bench.misdeed = "deaf,token_s:0.02"
    bench.patience = replace(QUICK, cancel_s=0.05)
    steps = bench.steps("cancelled", secs=1.0)
    while not next(steps).fraction:
        pass
    steps.close()
    _, result = bench.make(secs=2.0)
    assert result.clip.duration_s == pytest.approx(2.94)
    assert len(servers()) == 1
    assert bench.files() == bench.kept


@pytest.mark.soak
def test_a_cancelled_clip_that_never_ends_costs_the_server(bench: Bench) -> None:
    bench.misdeed = f"mute:20,once:{bench.folder}/once"
    bench.patience = replace(QUICK, mute_s=3.0, cancel_s=0.05)
    steps = bench.steps("cancelled", secs=1.0)
    while not next(steps).fraction:
        pass
    (before,) = servers()
    steps.close()
    bench.make(secs=1.0)
    assert servers() != [before]


# --- where it cannot run ----------------------------------------------------------------------------------------------


@pytest.fixture
def expected_logs(request: pytest.FixtureRequest) -> list[str]:
    return getattr(request, "param", [])


def stages(bench: Bench) -> set[str]:
    return {one.stage for one in bench.make(secs=1.0)[0]}


@pytest.mark.parametrize("expected_logs", [["MusicGPT cannot be kept running"]], indirect=True)
def test_an_old_version_is_run_once_for_each_clip_and_that_is_said_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.misdeed = "old"
    bench.make(secs=1.0)
    (line,) = [one for one in caplog.messages if "cannot be kept running" in one]
    assert "unexpected argument '--ui-port' found" in line
    bench.make(secs=1.0)
    assert len([one for one in caplog.messages if "cannot be kept running" in one]) == 1
    assert not servers()


@pytest.mark.parametrize("expected_logs", [["MusicGPT cannot be kept running"]], indirect=True)
def test_a_server_that_twice_does_not_start_is_given_up_until_the_program_changes(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.misdeed = "no-server,load:0.2"
    assert "loading" in stages(bench)
    assert not caplog.messages
    assert "loading" in stages(bench)
    assert "Permission denied" in caplog.text
    assert "loading" not in stages(bench)
    bench.install("load:0.2")
    assert "loading" in stages(bench)
    assert len(servers()) == 1


def test_without_a_port_the_clip_comes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(98, "Address already in use")

    with monkeypatch.context() as patch:
        patch.setattr("socket.socket.bind", none)
        bench.make(secs=1.0)
    assert not servers()


def test_where_the_model_is_to_blame_the_server_is_not(bench: Bench) -> None:
    bench.misdeed = f"exit-1,once:{bench.folder}/once"
    (bench.folder / "once").touch()
    bench.make(secs=1.0)
    bench.generator.close()
    for _ in range(2):
        bench.install("exit-1")
        with pytest.raises(GeneratorFailed, match="no space left on device"):
            bench.make(secs=1.0)
    bench.install("")
    bench.make(secs=1.0)
    assert len(servers()) == 1


def test_a_download_is_told_and_one_without_end_is_ended(bench: Bench) -> None:
    bench.misdeed = "download:0.4"
    assert {"downloading", "generating"} <= stages(bench)
    bench.generator.close()
    bench.install("download:60")
    bench.made[:] = [MusicGPT(replace(QUICK, download_s=0.3))]
    with pytest.raises(GeneratorHung):
        bench.make()


@pytest.mark.soak
def test_a_server_that_never_answers_is_ended(bench: Bench) -> None:
    bench.misdeed = "load:60"
    bench.patience = replace(QUICK, load_s=0.3)
    _, result = bench.make(secs=1.0)
    assert result.clip.n_samples, "MusicGPT was run once for it"
    assert not servers()


@pytest.mark.parametrize("misdeed", some(["leave-behind", "hang", "ignore-term"]))
def test_a_cancel_while_it_loads_ends_all(bench: Bench, misdeed: str) -> None:
    bench.misdeed = misdeed
    steps = bench.steps()
    while not list(bench.scratch.rglob("hanging")):
        next(steps)
    steps.close()
    assert not own_children()
    assert not list(bench.scratch.iterdir())
