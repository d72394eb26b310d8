# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGPT's stand-in, run once for each clip, is understood, ended in time, and every misdeed of it is told."""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.errors import (
    CannotWrite,
    EmptyPrompt,
    GeneratorError,
    GeneratorFailed,
    GeneratorHung,
    GeneratorOutputBad,
)
from engine.generators.base import GeneratorSettings, finished
from engine.generators.conform import conform
from engine.generators.musicgpt import MusicGPT
from engine.generators.musicgpt.declared import POLL_S, Patience
from engine.generators.requests import MAX_PROMPT_CHARACTERS, completed
from engine.outside.supervisor import TERMINATE_WAIT_S
from engine.values import ClipRequest, ClipResult, Progress
from tests.bystanders import is_alive, own_children
from tests.descriptors import open_descriptors
from tests.sampling import some
from tests.standins import install_musicgpt, musicgpt_settings


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where temporary files go: a folder of our own, so that one left behind is seen."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    # Where nothing else is asked for, a tone: its music takes most of a run.
    monkeypatch.setenv("INFINILOOP_STANDIN", "beep")
    return folder


def request(prompt: str = "calm piano", duration_s: float = 2.0, model: str = "") -> ClipRequest:
    return ClipRequest(job_id=7, prompt=prompt, generator="musicgpt", model=model, duration_s=duration_s)


def use(executable: Path, **others: str | bool) -> GeneratorSettings:
    return musicgpt_settings(executable, others)


def one_shot(**patience: float) -> MusicGPT:
    return MusicGPT(Patience(**patience), is_kept_warm=False)


def run(
    asked: ClipRequest, settings: GeneratorSettings, generator: MusicGPT | None = None
) -> tuple[list[Progress], ClipResult]:
    generator = generator or one_shot()
    seen: list[Progress] = []
    return seen, finished(generator.generate(completed(asked, generator, settings), settings), seen)


def let_in(made: tuple[list[Progress], ClipResult]) -> None:
    """Have a clip of 3 s pass the gate."""
    conform(made[1].clip, generator="MusicGPT", requested_s=3.0)


def wait_until(true: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


# --- what it makes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "duration_s", "secs"),
    [
        ("", 1.0, 2),
        ("small-fp16", 2.5, 3),
        ("small-quant", 2.97, 4),
        ("medium-fp16", 30.0, 30),
        ("large", 1.5, 2),
    ],
)
def test_it_makes_what_was_asked_or_a_little_more(
    *, musicgpt_standin: Path, scratch: Path, model: str, duration_s: float, secs: int
) -> None:
    seen, result = run(request(duration_s=duration_s, model=model), use(musicgpt_standin))
    assert result.job_id == 7
    assert result.clip.sample_rate == 32_000
    assert result.clip.n_channels == 1
    assert result.clip.n_samples == round((secs - 0.06) * 32_000)
    assert result.seed is None
    assert result.versions == {"MusicGPT": "0.3.28 (stand-in)"}
    assert all(one.job_id == 7 and (one.fraction is None or one.stage == "finishing") for one in seen)
    assert [one.stage for one in seen if one.stage == "generating"]
    assert not list(scratch.iterdir())
    assert not own_children()


def test_time_left_is_told_once_a_run_has_shown_the_pace(
    musicgpt_standin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = one_shot()
    monkeypatch.setenv("INFINILOOP_STANDIN", "slow:0.3,beep")
    first, _ = run(request(), use(musicgpt_standin), generator)
    assert all(one.left_s is None for one in first)
    second, _ = run(request(), use(musicgpt_standin), generator)
    left_s = [one.left_s for one in second if one.left_s is not None]
    assert left_s
    assert left_s == sorted(left_s, reverse=True)
    assert min(left_s) > 0
    other, _ = run(request(model="large"), use(musicgpt_standin), generator)
    assert all(one.left_s is None for one in other)


def test_a_model_that_is_downloaded_at_first_is_told(monkeypatch: pytest.MonkeyPatch, musicgpt_standin: Path) -> None:
    monkeypatch.setenv("INFINILOOP_STANDIN", "download:0.3,beep")
    generator = one_shot(start_s=10.0, per_second_s=0.0)
    seen, _ = run(request(), use(musicgpt_standin), generator)
    assert "downloading" in [one.stage for one in seen]
    # The pace is that of the work, without the download.
    again, _ = run(request(), use(musicgpt_standin), generator)
    assert all(one.left_s is None for one in again if one.stage == "downloading")


@pytest.fixture
def recorder(tmp_path: Path, musicgpt_standin: Path) -> Path:
    """Return a MusicGPT that notes its arguments, separated by NULs, and its working folder before its work."""
    script = tmp_path / "recorder"
    script.write_text(
        f"""#!/bin/sh
case "$1" in --version) ;; *) printf '%s\\0' "$@" > '{tmp_path}/arguments'; env > '{tmp_path}/environment';; esac
exec '{musicgpt_standin}' "$@"
"""
    )
    script.chmod(0o755)
    return script


@pytest.mark.parametrize(
    ("prompt", "heard"),
    [
        ("calm piano", "calm piano"),
        ("-m small --secs 30", "-m small --secs 30"),
        ('it\'s "quoted" $HOME `id` $(id) ; rm x | y & z', 'it\'s "quoted" $HOME `id` $(id) ; rm x | y & z'),
        ("first line\nsecond\r\n\tthird", "first line second third"),
        ("nul\0inside", "nul inside"),
        ("musica più bella 🎹 音楽, half a surrogate \ud83c", "musica più bella 🎹 音楽, half a surrogate ?"),
        ("x" * MAX_PROMPT_CHARACTERS, "x" * MAX_PROMPT_CHARACTERS),
    ],
)
def test_any_prompt_arrives_as_one_argument(recorder: Path, tmp_path: Path, prompt: str, heard: str) -> None:
    _, result = run(request(prompt, duration_s=1.0), use(recorder, add_loop_words=False))
    arguments = (tmp_path / "arguments").read_text("utf-8").split("\0")[:-1]
    assert arguments[-2:] == ["--", heard]
    assert result.clip.n_samples > 0


def test_loop_words_are_added_when_wanted(recorder: Path, tmp_path: Path) -> None:
    for settings, expected in [
        (use(recorder, loop_words=" round and\nround "), "jazz, round and round"),
        (use(recorder, loop_words=" "), "jazz"),
        (use(recorder, add_loop_words=False), "jazz"),
    ]:
        run(request("jazz", duration_s=1.0), settings)
        assert (tmp_path / "arguments").read_text().split("\0")[-2] == expected


def test_its_environment_has_no_colours_and_none_of_our_python(
    recorder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    monkeypatch.setenv("HF_TOKEN", "a secret")
    run(request(duration_s=1.0), use(recorder))
    environment = (tmp_path / "environment").read_text().splitlines()
    assert "NO_COLOR=1" in environment
    assert "HTTPS_PROXY=http://proxy.example" in environment
    assert not [line for line in environment if line.startswith(("PYTHONPATH=", "HF_TOKEN="))]


@pytest.mark.parametrize("prompt", ["\0", " \0\n"])
def test_a_prompt_of_nothing_is_refused(musicgpt_standin: Path, prompt: str) -> None:
    with pytest.raises(EmptyPrompt):
        run(request(prompt), use(musicgpt_standin))


# --- misdeeds ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misdeed", "error", "words"),
    some(
        [
            ("exit-1", GeneratorFailed, "exit code 1: could not load the model: no space left on device."),
            ("exit-2", GeneratorFailed, "exit code 2: it does not know the studio's options (unexpected argument"),
            (
                "crash-101",
                GeneratorFailed,
                "101: it crashed (thread 'main' panicked at src/cli/mod.rs:12:34: index out of",
            ),
            ("die-half-way", GeneratorFailed, "the system ended it (SIGKILL), often a sign that memory ran out."),
            ("exit-0-error", GeneratorOutputBad, "it wrote no audio file (could not reach the model hub)."),
            ("no-file", GeneratorOutputBad, "it wrote no audio file."),
            ("truncate", GeneratorOutputBad, "its audio file is cut short."),
            ("rubbish", GeneratorOutputBad, "its audio file cannot be read"),
            ("empty", GeneratorOutputBad, "its audio file is cut short."),
            ("silent", GeneratorOutputBad, "it is silent (its peak is -120 dBFS)."),
            ("nan", GeneratorOutputBad, "10 samples are not numbers (NaN or infinite)."),
            ("short", GeneratorOutputBad, "it lasts 1.0 s where 3 s were asked for."),
            ("long:30", GeneratorOutputBad, "it lasts 29.9 s where 3 s were asked for."),
            ("sparse:2147483647", GeneratorOutputBad, "its audio file has 2147 MB, far more than 3 s of music take."),
            ("sparse:17000000", GeneratorOutputBad, "it lasts 132.8 s where 3 s were asked for."),
            ("endless", GeneratorOutputBad, "MB, far more than 3 s of music take."),
            ("channels:6", GeneratorOutputBad, "it has 6 channels, not one or two."),
            ("rate:400000", GeneratorOutputBad, "its sample rate is 400000 Hz."),
            ("rate:100", GeneratorOutputBad, "its sample rate is 100 Hz."),
            ("data-too-long", GeneratorOutputBad, "its audio file is cut short."),
            ("data-empty", GeneratorOutputBad, "its audio file is cut short."),
            ("output-link", GeneratorOutputBad, "instead of an audio file it left a link."),
            ("output-pipe", GeneratorOutputBad, "instead of an audio file it left a pipe, a socket or a device."),
            ("output-socket", GeneratorOutputBad, "instead of an audio file it left a pipe, a socket or a device."),
            ("output-folder", GeneratorOutputBad, "instead of an audio file it left a folder."),
        ],
        every=2,
    ),
)
def test_every_misdeed_is_one_clear_sentence(
    *,
    musicgpt_standin: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    misdeed: str,
    error: type[GeneratorError],
    words: str,
) -> None:
    is_of_samples = misdeed.partition(":")[0] in ("silent", "nan", "short", "long", "channels", "rate")
    monkeypatch.setenv("INFINILOOP_STANDIN", misdeed if is_of_samples else f"{misdeed},beep")
    with pytest.raises(error) as caught:
        let_in(run(request(duration_s=3.0), use(musicgpt_standin)))
    sentence = str(caught.value)
    assert sentence.startswith("MusicGPT ")
    assert words in sentence
    assert sentence.count("\n") == 0
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert not list(scratch.iterdir())
    assert not own_children()


def test_a_hang_is_ended_at_the_limit(musicgpt_standin: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFINILOOP_STANDIN", "hang")
    generator = one_shot(start_s=0.2, per_second_s=0.1)
    with pytest.raises(GeneratorHung, match=r"^MusicGPT gave no clip within 0 s and was stopped.$"):
        run(request(duration_s=1.0), use(musicgpt_standin), generator)
    assert not list(scratch.iterdir())
    assert not own_children()


def test_a_download_that_never_ends_is_ended_at_its_own_limit(
    musicgpt_standin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFINILOOP_STANDIN", "download:60")
    generator = one_shot(download_s=0.3)
    with pytest.raises(GeneratorHung):
        run(request(duration_s=1.0), use(musicgpt_standin), generator)
    assert not own_children()


def test_the_default_limit_is_far_above_the_slowest_model() -> None:
    # The large model on two old cores needs about 20 s for each second of audio.
    assert Patience().start_s >= 60
    assert Patience().per_second_s >= 60


@pytest.mark.parametrize("misdeed", ["chatty", "log-pipe", "leave-and-end"])
def test_what_does_no_harm_stalls_nothing(
    musicgpt_standin: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch, misdeed: str
) -> None:
    monkeypatch.setenv("INFINILOOP_STANDIN", f"{misdeed},beep")
    _, result = run(request(duration_s=1.0), use(musicgpt_standin))
    assert result.clip.duration_s == pytest.approx(1.94)
    assert not own_children()
    assert not list(scratch.iterdir())


def test_a_line_without_end_is_ended(musicgpt_standin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFINILOOP_STANDIN", "flood")
    before = psutil.Process().memory_info().rss
    with pytest.raises(GeneratorError, match=r"^MusicGPT made no clip: it wrote more than 256 MB of messages"):
        run(request(duration_s=1.0), use(musicgpt_standin))
    assert psutil.Process().memory_info().rss - before < 32e6
    assert not own_children()


def test_a_clip_that_is_far_too_large_is_not_read(musicgpt_standin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFINILOOP_STANDIN", "sparse:2147483647")
    tracemalloc.start()
    try:
        with pytest.raises(GeneratorOutputBad):
            run(request(duration_s=1.0), use(musicgpt_standin))
        assert tracemalloc.get_traced_memory()[1] < 8e6
    finally:
        tracemalloc.stop()


def test_what_is_no_program_is_told(tmp_path: Path) -> None:
    fake = tmp_path / "musicgpt"
    fake.write_bytes(b"\x7fELF for another machine")
    fake.chmod(0o755)
    with pytest.raises(GeneratorError, match=r"made no clip: “.*musicgpt” cannot be run \(Exec format error\)\.$"):
        run(request(), use(fake))


def test_no_room_for_its_files_is_told(musicgpt_standin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(CannotWrite, match="nowhere"):
        run(request(), use(musicgpt_standin))


# --- cancel -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("misdeed", ["hang", "ignore-term", "leave-behind", "locked-folder"])
def test_cancel_ends_all_it_started_and_leaves_nothing(
    tmp_path: Path, scratch: Path, misdeed: str, wrapped: bool
) -> None:
    executable = install_musicgpt(tmp_path / "bin", misdeed=misdeed, wrapped=wrapped)
    steps = one_shot().generate(request(), use(executable))
    next(steps)
    next(steps)
    wait_until(lambda: any(scratch.rglob("hanging")))
    children = own_children()
    assert len(children) >= 2, "the supervisor and the program"
    steps.close()
    assert not [child for child in children if is_alive(child)]
    assert not own_children()
    assert not list(scratch.iterdir())


def test_cancel_asks_first_and_waits_less_than_a_second() -> None:
    assert 0.1 < POLL_S + TERMINATE_WAIT_S < 1.0


def test_cancel_before_the_start_and_at_every_yield(musicgpt_standin: Path, scratch: Path) -> None:
    for n_steps in range(5):
        steps = one_shot().generate(request(), use(musicgpt_standin))
        for _ in range(n_steps):
            if next(steps, None) is None:
                break
        steps.close()
        assert not own_children()
        assert not list(scratch.iterdir())


@pytest.mark.soak
def test_no_descriptor_is_left_open(musicgpt_standin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(request(duration_s=1.0), use(musicgpt_standin))
    held = open_descriptors()
    run(request(duration_s=1.0), use(musicgpt_standin))
    monkeypatch.setenv("INFINILOOP_STANDIN", "exit-1")
    with pytest.raises(GeneratorFailed):
        run(request(duration_s=1.0), use(musicgpt_standin))
    monkeypatch.setenv("INFINILOOP_STANDIN", "hang")
    steps = one_shot().generate(request(), use(musicgpt_standin))
    next(steps)
    next(steps)
    steps.close()
    assert open_descriptors() <= held


# --- the stand-in itself ----------------------------------------------------------------------------------------------


def test_the_stand_ins_groove_loops_and_is_evenly_loud(musicgpt_standin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INFINILOOP_STANDIN")
    _, result = run(request(duration_s=9.0), use(musicgpt_standin))
    samples = result.clip.samples[:, 0].astype(np.float64)
    period = 4 * 32_000  # two bars at 120 bpm
    np.testing.assert_array_equal(samples[:period], samples[period : 2 * period])
    half_seconds = samples[: 2 * period].reshape(-1, 16_000)
    rms_db = 20 * np.log10(np.sqrt((half_seconds**2).mean(axis=1)))
    assert np.ptp(rms_db) < 3.0
    assert 1.0 < np.abs(samples).max() < 3.0  # as MusicGPT, it does not stop at full scale
