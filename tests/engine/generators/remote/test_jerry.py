# SPDX-License-Identifier: GPL-3.0-or-later
"""A jerry4loops server's stand-in is asked by its own rules, its faults are survived, and what it cannot do is told."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import (
    BarsTooLong,
    NotTaken,
    OutOfRange,
    TempoMissing,
    UnknownChoice,
    UserError,
    WrongKind,
)
from engine.generators.remote.jerry import JerrySpeaker
from engine.generators.remote.jerry_wanted import Window, automatic_bars, bars_samples, wanted_loop
from engine.values import Clip, Layer, Restyle
from tests.engine.generators.remote.asked import at, made, request, values
from tests.standins.jerry4loops import JerryServer, Misdeeds, like_the_usual, orders

RATE, WINDOW_SAMPLES = 8_000, 95_109
"""Rate and length of the sound that the stand-in's model makes."""
LOOP, WHOLE, STYLE = "/generate/loop", "/generate", "/generate/style-transfer"


@pytest.fixture
def server() -> Iterator[JerryServer]:
    with like_the_usual() as server:
        yield server


# --- tempo and prompt -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "bpm", "sent"),
    [
        ("calm piano", 90.0, "calm piano 90bpm"),
        ("hard hitting trap drums 140bpm", None, "hard hitting trap drums 140bpm"),
        ("lofi, 85 bpm, dusty", None, "lofi, , dusty 85bpm"),
        ("house at 122 BPM", 128.0, "house at 128bpm"),
        ("120.5 bpm house", None, "house 120bpm"),
        ("a 90-100 bpm beat", None, "a beat 95bpm"),
        ("techno at 130", None, "techno 130bpm"),
        ("808 bass, 150 bpm and 75 bpm", None, "808 bass, and 150bpm"),
        ("500bpm madness", 90.0, "madness 90bpm"),
        ("like before", 92.31, "like before 92bpm"),
    ],
)
def test_the_prompt_ends_with_the_only_tempo_in_it(prompt: str, bpm: float | None, sent: str) -> None:
    wanted = wanted_loop(request(prompt, bpm=bpm), Window())
    assert wanted.prompt == sent
    assert wanted.bpm == int(sent.rpartition(" ")[2].removesuffix("bpm"))


@given(prompt=st.text("0129 .,-bpmBPMsdru", min_size=1), layer=st.sampled_from([Layer.EVERYTHING, Layer.INSTRUMENTS]))
def test_whatever_the_prompt_says_the_server_reads_the_tempo_that_is_meant(prompt: str, layer: Layer) -> None:
    wanted = wanted_loop(request(prompt, bpm=93.0, layer=layer), Window())
    for sent in (wanted.prompt, wanted.plain_prompt):
        match = re.search(r"(\d+)\s*bpm", sent.lower())
        assert match is not None
        assert match[1] == "93"


def test_without_a_tempo_nothing_is_sent_and_the_way_out_is_told(server: JerryServer) -> None:
    with pytest.raises(TempoMissing, match="90 bpm"):
        made(JerrySpeaker(at(server.url)), request("calm piano"))
    assert not orders(server)


# --- bars -------------------------------------------------------------------------------------------------------------


def test_the_rule_for_bars_is_the_servers() -> None:
    assert [automatic_bars(bpm, Window()) for bpm in (60, 74, 89, 128, 170, 180)] == [2, 2, 4, 4, 4, 8]


@pytest.mark.parametrize("bpm", [74, 93, 170])
def test_a_loop_has_the_samples_of_its_bars_not_of_rounded_seconds(bpm: int) -> None:
    with JerryServer() as server:
        told, result = made(JerrySpeaker(at(server.url)), request("dub", 30.0, bpm=float(bpm)))
    bars = automatic_bars(bpm, Window())
    assert result.clip.n_samples == int(bars * 240 * 44_100 / bpm)
    assert result.clip.wraps
    assert (result.facts.bars, result.facts.tempo_bpm, result.facts.beats_per_bar) == (bars, bpm, 4)
    assert result.asked_bars == bars
    assert all(one.fraction is None and one.job_id == 7 for one in told)
    # It chooses these bars by itself, so that they need not be named.
    assert [one.path for one in orders(server)] == [LOOP]
    assert "bars" not in orders(server)[0].fields


def test_bars_have_as_many_samples_here_as_there() -> None:
    for rate, bpm, bars in itertools.product((32_000, 44_100, 48_000), range(30, 301), (1, 2, 4, 8)):
        assert bars_samples(bars, bpm, rate) == int(60.0 / bpm * 4 * bars * rate), (rate, bpm, bars)


@pytest.mark.parametrize(("duration_s", "bars"), [(1.5, 1), (4.0, 2), (7.0, 4), (30.0, 4)])
def test_a_duration_asks_for_about_as_many_bars(duration_s: float, bars: int) -> None:
    assert wanted_loop(request("dub", duration_s, bpm=120.0), Window()).bars == bars


def test_bars_in_the_prompt_count_where_they_can() -> None:
    assert wanted_loop(request("dub, 2 bars", 8.0, bpm=120.0), Window()).bars == 2
    assert wanted_loop(request("dub, 16 bars", 8.0, bpm=120.0), Window()).bars == 4


def test_the_fault_on_given_bars_is_survived_and_remembered(server: JerryServer) -> None:
    speaker = JerrySpeaker(at(server.url))
    for n_questions in (2, 3):
        _, result = made(speaker, request("dub 120bpm", bars=2, seed=5))
        assert result.clip.n_samples == 4 * RATE
        assert result.facts.bars == result.asked_bars == 2
        assert len(orders(server)) == n_questions
    assert [one.fields.get("bars") for one in orders(server)] == ["2", None, None]


def test_a_mended_server_is_told_the_bars() -> None:
    with like_the_usual(Misdeeds(mended=True)) as server:
        _, cut_there = made(JerrySpeaker(at(server.url)), request("dub 120bpm", bars=2, seed=5))
        assert [one.fields["bars"] for one in orders(server)] == ["2"]
    with like_the_usual() as server:
        _, cut_here = made(JerrySpeaker(at(server.url)), request("dub 120bpm", bars=2, seed=5))
    np.testing.assert_array_equal(cut_there.clip.samples, cut_here.clip.samples)


def test_more_bars_than_the_server_chooses_are_cut_from_all_of_its_sound(server: JerryServer) -> None:
    asked = request("dub 88bpm", bars=4, layer=Layer.DRUMS, seed=5)
    _, result = made(JerrySpeaker(at(server.url)), asked)
    assert [one.path for one in orders(server)] == [LOOP, WHOLE]
    assert result.clip.n_samples == int(4 * 240 * RATE / 88)
    assert (result.facts.bars, result.clip.wraps) == (4, True)
    sent = orders(server)[1].fields
    assert sent["prompt"] == "dub 88bpm drum loop"
    assert sent["negative_prompt"] == "melody, harmony, pitched instruments, vocals, singing"
    assert sent["seconds_total"] == 11
    # All of it is music up to the last bar's end: the server was not asked for less.
    assert np.abs(result.clip.samples[-RATE:]).max() > 0.1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"bars": 3, "bpm": 120.0}, UnknownChoice),
        ({"bars": 8, "bpm": 120.0}, BarsTooLong),
        # They would fit into the sound, whose last second is not filled.
        ({"bars": 4, "bpm": 81.0}, BarsTooLong),
        ({"metre": "3/4", "bpm": 120.0}, UnknownChoice),
        ({"bpm": 120.0, "restyle": Restyle(Clip(np.zeros((9, 2), np.float32), RATE), 0.05)}, OutOfRange),
        ({"bpm": 120.0, **values(finetune="nothing")}, WrongKind),
        ({"bars": 2, **values(whole_bars=False)}, NotTaken),
        ({"layer": Layer.DRUMS, **values(whole_bars=False)}, NotTaken),
        ({"duration_s": 20.0, **values(whole_bars=False)}, OutOfRange),
    ],
)
def test_what_it_cannot_do_is_refused_before_it_is_asked(
    server: JerryServer, fields: dict[str, Any], error: type[UserError]
) -> None:
    with pytest.raises(error):
        made(JerrySpeaker(at(server.url)), request("dub", **fields))
    assert not orders(server)


def test_a_model_with_a_longer_window_makes_more_bars() -> None:
    with JerryServer(sample_size=20 * RATE, sample_rate=RATE) as server:
        _, result = made(JerrySpeaker(at(server.url)), request("dub 120bpm", 30.0))
        assert result.facts.bars == 8
        assert result.clip.n_samples == 16 * RATE


# --- what else is asked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "kind", "prompt"),
    [
        (Layer.EVERYTHING, "auto", "trap drums 120bpm"),
        (Layer.DRUMS, "drums", "trap drums 120bpm"),
        # The server would leave an “s” of it.
        (Layer.INSTRUMENTS, "instruments", "trap 120bpm"),
    ],
)
def test_a_layer_is_a_kind_of_loop(server: JerryServer, layer: Layer, kind: str, prompt: str) -> None:
    made(JerrySpeaker(at(server.url)), request("trap drums 120bpm", layer=layer))
    assert (orders(server)[0].fields["loop_type"], orders(server)[0].fields["prompt"]) == (kind, prompt)


def test_seed_steps_and_guidance_are_sent(server: JerryServer) -> None:
    asked = request("dub 120bpm", seed=41, **values(steps=12, cfg_scale=2.5, finetune="me/tunes/one e=1.ckpt"))
    _, first = made(JerrySpeaker(at(server.url)), asked)
    _, again = made(JerrySpeaker(at(server.url)), asked)
    sent = orders(server)[0].fields
    assert (sent["seed"], sent["steps"], sent["cfg_scale"]) == ("41", "12", "2.5")
    assert (sent["model_type"], sent["finetune_repo"], sent["finetune_checkpoint"]) == (
        "finetune",
        "me/tunes",
        "one e=1.ckpt",
    )
    assert first.seed == 41
    assert first.versions == {"jerry4loops": "me/tunes/one e=1.ckpt"}
    np.testing.assert_array_equal(first.clip.samples, again.clip.samples)


def test_a_seed_that_the_server_chose_is_told_and_gives_the_same_clip(server: JerryServer) -> None:
    speaker = JerrySpeaker(at(server.url))
    _, first = made(speaker, request("dub 120bpm"))
    assert orders(server)[0].fields["seed"] == "-1"
    assert first.seed is not None
    _, again = made(speaker, request("dub 120bpm", seed=first.seed))
    np.testing.assert_array_equal(first.clip.samples, again.clip.samples)


@pytest.mark.parametrize(("said", "seed"), [(10**400, 5), (-3, 5), (True, 5), ("five", 5), (7, 7)])
def test_a_seed_that_no_recipe_can_have_is_not_believed(
    server: JerryServer, monkeypatch: pytest.MonkeyPatch, said: object, seed: int
) -> None:
    kept = server._made
    monkeypatch.setattr(server, "_made", lambda sound, **told: kept(sound, **{**told, "seed": said}))
    _, result = made(JerrySpeaker(at(server.url)), request("dub 120bpm", bars=2, seed=5))
    assert result.seed == seed


def test_several_clips_have_the_seeds_that_follow(server: JerryServer) -> None:
    _, result = made(JerrySpeaker(at(server.url)), request("dub 160bpm", seed=9, n_clips=3))
    assert [result.seed, *(one.seed for one in result.others)] == [9, 10, 11]
    assert len({one.clip.samples.tobytes() for one in (result, *result.others)}) == 3


def test_a_negative_prompt_is_joined_to_that_of_the_loop(server: JerryServer) -> None:
    asked = request("dub 120bpm", layer=Layer.INSTRUMENTS, negative_prompt="brass", bars=2)
    _, result = made(JerrySpeaker(at(server.url)), asked)
    assert [one.path for one in orders(server)] == [WHOLE]
    assert orders(server)[0].fields["negative_prompt"] == "brass, drums, percussion, kick, snare, hi-hat"
    assert result.clip.n_samples == 4 * RATE


def test_without_whole_bars_no_tempo_is_needed(server: JerryServer) -> None:
    _, result = made(JerrySpeaker(at(server.url)), request("calm piano", 5.5, **values(whole_bars=False)))
    assert [one.path for one in orders(server)] == [WHOLE]
    assert orders(server)[0].fields["seconds_total"] == 6
    assert result.clip.n_samples == round(5.5 * RATE)
    assert not result.clip.wraps
    made(JerrySpeaker(at(server.url)), request("calm piano", 5.5, bpm=92.5, **values(whole_bars=False)))
    assert [one.fields["prompt"] for one in orders(server)] == ["calm piano", "calm piano, 92.5 bpm"]
    assert result.facts.bars is result.asked_bars is result.facts.tempo_bpm is None


# --- style transfer ---------------------------------------------------------------------------------------------------


def tone(seconds: float, *, wraps: bool) -> Clip:
    at_s = np.arange(round(seconds * RATE)) / RATE
    return Clip(np.stack([np.sin(2 * np.pi * 50 * at_s)] * 2, axis=1).astype(np.float32), RATE, wraps=wraps)


@pytest.mark.parametrize(("wraps", "seconds"), [(True, WINDOW_SAMPLES / RATE), (False, 2.0)])
def test_a_clip_is_sent_to_be_restyled_and_one_that_wraps_fills_the_window(
    server: JerryServer, *, wraps: bool, seconds: float
) -> None:
    clip = tone(2.0, wraps=wraps)
    _, result = made(JerrySpeaker(at(server.url)), request("dub 120bpm", bars=2, restyle=Restyle(clip, 0.65)))
    last = orders(server)[-1]
    assert (last.path, last.fields["style_strength"]) == (LOOP, "0.65")
    sent, rate = soundfile.read(io.BytesIO(last.files["audio_file"]), always_2d=True)
    assert (rate, len(sent)) == (RATE, round(seconds * RATE))
    np.testing.assert_allclose(sent[: clip.n_samples], clip.samples, atol=2**-15)
    np.testing.assert_allclose(
        sent[clip.n_samples :], np.resize(clip.samples, sent.shape)[clip.n_samples :], atol=2**-15
    )
    assert result.clip.n_samples == 4 * RATE


def test_a_clip_is_restyled_without_bars_or_with_a_negative_prompt_too(server: JerryServer) -> None:
    speaker = JerrySpeaker(at(server.url))
    restyle = Restyle(tone(2.0, wraps=False), 0.5)
    made(speaker, request("dub", 8.0, restyle=restyle, **values(whole_bars=False)))
    made(speaker, request("dub 120bpm", restyle=restyle, negative_prompt="brass"))
    assert [one.path for one in orders(server)] == [STYLE, STYLE]
    assert [one.fields.get("negative_prompt") for one in orders(server)] == [None, "brass"]
    with pytest.raises(NotTaken, match="finetune"):
        made(speaker, request("dub", restyle=restyle, **values(whole_bars=False, finetune="me/tunes/one.ckpt")))
