# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGen against the library's own generation, with tiny models: all that needs torch, which is imported once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, GeneratorMissing, ModelMissing, ModelOutOfMemory, NotTaken
from engine.generators.base import GeneratorSettings, finished
from engine.generators.jobs import CancelJob, GenerateJob
from engine.generators.musicgen import MusicGen, devices, level, loading, passes
from engine.generators.musicgen.codes import Sampling
from engine.generators.musicgen.conditions import conditions, melody_from, melody_of
from engine.generators.musicgen.declared import HOP, SAMPLE_RATE
from engine.generators.musicgen.fused import FusedStepper
from engine.generators.musicgen.loading import Loaded, Shelf, Wanted
from engine.generators.musicgen.making import Lengths, make
from engine.generators.musicgen.sound import LOOK_AHEAD, StreamDecoder, decoded, encoded
from engine.generators.musicgen.steps import LibraryStepper
from engine.generators.musicgen.weights import DecoderWeights
from engine.processes import ChildProcess
from engine.values import Clip, ClipResult, JobFailed, MusicFacts, Progress, Restyle
from tests.engine.generators.musicgen.conftest import FORMS
from tests.engine.generators.musicgen.tiny import (
    LIKELIEST,
    N_FRAMES,
    PROMPT,
    SHORT,
    Louder,
    Uncaptured,
    asked,
    by_inversion,
    codes_of,
    fused,
    listened,
    made,
    steps_at,
)

pytestmark = pytest.mark.usefixtures("one_core")
MOST_FORMS = [pytest.param(one, marks=[pytest.mark.soak] if one == "stereo-melody" else []) for one in FORMS]


@pytest.mark.parametrize("name", MOST_FORMS)
def test_the_loop_makes_what_the_library_makes(
    models: dict[str, Loaded], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = models[name]
    told: dict[str, Any] = dict(one.tokenizer([PROMPT] * 2, return_tensors="pt"))
    melody = None
    if one.hears_melodies:
        melody = torch.nn.functional.one_hot(torch.arange(30) % 12, 12).float()
        told["input_features"] = melody[None].repeat(2, 1, 1)
    heard = conditions(one.model, one.tokenizer, PROMPT, melody=melody)
    options: dict[str, Any] = {"max_new_tokens": N_FRAMES + 3, **told}
    for sampling, own in (
        (LIKELIEST, {"do_sample": False}),
        (Sampling(0.9, 40, 1.0), {"do_sample": True, "temperature": 0.9, "top_k": 40}),
        (Sampling(1.1, 64, 0.8), {"do_sample": True, "temperature": 1.1, "top_k": 64, "top_p": 0.8}),
    ):
        monkeypatch.setattr(torch, "multinomial", by_inversion(one.n_books))
        theirs = one.model.generate(**options, **own)
        codes = codes_of(LibraryStepper(one.model, 2), one, heard, sampling)
        assert len(set(codes.flatten().tolist())) > 10
        torch.testing.assert_close(decoded(one.model, codes), theirs, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("name", MOST_FORMS)
def test_the_fused_step_makes_what_the_loop_makes(models: dict[str, Loaded], name: str) -> None:
    one = models[name]
    melody = torch.nn.functional.one_hot(torch.arange(30) % 12, 12).float() if one.hears_melodies else None
    alone = codes_of(LibraryStepper(one.model, 2), one, conditions(one.model, one.tokenizer, PROMPT), Sampling())
    for told, sampling in (
        ({}, LIKELIEST),
        ({}, Sampling()),
        ({}, LIKELIEST),
        ({"negative": "drums", "guidance": 5.0}, Sampling(0.8, 30, 0.7)),
        ({"guidance": 1.0}, Sampling()),
        ({"melody": melody, "melody_share": 0.6}, Sampling()),
    ):
        heard = conditions(one.model, one.tokenizer, PROMPT, **told)
        theirs = codes_of(LibraryStepper(one.model, 2), one, heard, sampling)
        # Again and again in the same buffers: nothing of the last pass is left in them.
        torch.testing.assert_close(codes_of(fused(one, heard), one, heard, sampling), theirs)
        if told and (melody is not None or "melody" not in told):
            assert not torch.equal(theirs, alone)


@pytest.mark.parametrize("name", ["small", "melody"])
def test_a_replayed_step_looks_at_a_longer_cache_and_makes_the_same(
    models: dict[str, Loaded], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on CUDA, but not captured: the length of the cache grows in buckets, and what is not filled is masked."""
    monkeypatch.setattr("engine.generators.musicgen.fused.BUCKET", 8)
    one = models[name]
    Uncaptured.lengths.clear()
    heard = conditions(one.model, one.tokenizer, PROMPT)
    replayed = FusedStepper(DecoderWeights(one.model), fused(one, heard).shape, Uncaptured)
    codes = codes_of(replayed, one, heard, Sampling())
    torch.testing.assert_close(codes, codes_of(LibraryStepper(one.model, 2), one, heard, Sampling()))
    assert len(set(Uncaptured.lengths)) >= 3
    assert {length % 8 for length in Uncaptured.lengths} == {0}


@pytest.mark.parametrize("name", MOST_FORMS)
def test_what_is_given_is_kept_and_gone_on_from(models: dict[str, Loaded], name: str) -> None:
    one = models[name]
    heard = conditions(one.model, one.tokenizer, PROMPT)
    whole = codes_of(fused(one, heard), one, heard, LIKELIEST)
    given = whole[..., :10]
    for stepper in (fused(one, heard), LibraryStepper(one.model, 2)):
        # With the likeliest codes, its own beginning leads to its own end.
        torch.testing.assert_close(codes_of(stepper, one, heard, LIKELIEST, given=given), whole)
    other = (given + 7) % 64
    again = codes_of(fused(one, heard), one, heard, LIKELIEST, given=other)
    torch.testing.assert_close(again[..., :10], other)
    assert not torch.equal(again[..., 10:], whole[..., 10:])


def test_a_row_is_what_its_seed_makes_alone(models: dict[str, Loaded]) -> None:
    one = models["stereo-small"]
    heard = conditions(one.model, one.tokenizer, PROMPT)
    both = codes_of(fused(one, heard), one, heard, Sampling(), seeds=(3, 4))
    for row, seed in enumerate((3, 4)):
        torch.testing.assert_close(codes_of(fused(one, heard, 1), one, heard, Sampling(), seeds=(seed,))[0], both[row])
    assert not torch.equal(both[0], both[1])


@pytest.mark.parametrize("name", ["small", "stereo-small"])
def test_streamed_parts_are_the_whole(models: dict[str, Loaded], name: str) -> None:
    one = models[name]
    codes = torch.randint(0, 64, (2, one.n_books, 170), generator=torch.Generator().manual_seed(1))
    whole = decoded(one.model, codes)
    decoder, parts = StreamDecoder(one.model), []
    for first, last in ((0, 2), (2, 54), (54, 70), (70, 170)):
        parts.append(decoder.push(codes[..., first:last], is_last=last == 170))
    assert parts[0] is None
    told = torch.cat([part for part in parts if part is not None], -1)
    assert parts[1] is not None
    assert parts[1].shape == (2, one.n_channels, (54 - LOOK_AHEAD) * HOP)
    torch.testing.assert_close(told, whole, atol=2e-6 * float(whole.abs().max()), rtol=0)


def test_a_sound_is_read_as_it_was_written(models: dict[str, Loaded]) -> None:
    one = models["stereo-small"]
    sound = decoded(one.model, torch.randint(0, 64, (1, 8, 60), generator=torch.Generator().manual_seed(1)))
    codes = encoded(one.model, sound)
    assert codes.shape == (1, 8, 60)
    # Left and right lie in turn, as the library has them.
    left = one.model.audio_encoder.encode(sound[:, :1]).audio_codes[0]
    torch.testing.assert_close(codes[:, ::2], left)
    assert not torch.equal(codes[:, 1::2], left)


def test_a_melody_is_its_strongest_notes() -> None:
    seconds = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    hz = np.where(seconds < 1.5, 440.0, 261.63)
    melody = melody_of(np.sin(2 * np.pi * hz * seconds).astype(np.float32))
    assert melody.shape == (1 + 3 * SAMPLE_RATE // 4096, 12)
    notes = melody.argmax(-1)
    assert set(notes[:10].tolist()) == {9}
    assert set(notes[-10:].tolist()) == {0}
    assert melody_from(melody, 1.6).argmax(-1)[0] == 0
    assert set(melody_of(np.zeros(100, np.float32)).argmax(-1).tolist()) == {0}


def test_clips_are_those_of_their_seeds_alone_and_of_their_length(settings: GeneratorSettings, shelf: Shelf) -> None:
    _, both = made(settings, shelf, n_clips=2, seed=7, duration_s=1.611)
    assert len(both.others) == 1
    for result, seed in zip((both, *both.others), (7, 8), strict=True):
        _, alone = made(settings, shelf, seed=seed, duration_s=1.611)
        assert result.seed == alone.seed == seed
        assert result.clip.n_samples == round(1.611 * SAMPLE_RATE)
        np.testing.assert_allclose(result.clip.samples, alone.clip.samples, atol=1e-5)
    assert np.abs(both.clip.samples - both.others[0].clip.samples).max() > 0.1 * np.abs(both.clip.samples).max()
    assert set(both.versions) == {"torch", "transformers"}


def test_each_step_is_told_and_parts_come_before_the_end(settings: GeneratorSettings, shelf: Shelf) -> None:
    seen, result = made(settings, shelf, Lengths(), duration_s=2.2, model="stereo-small")
    fractions = [one.fraction for one in seen if one.stage == "generating"]
    assert len(fractions) > 110
    assert fractions == sorted(fractions, key=lambda one: one or 0.0)
    chunks = [(at, one.chunk) for at, one in enumerate(seen) if one.chunk is not None]
    assert [chunk.duration_s for _, chunk in chunks] == pytest.approx([1.0, 1.2])
    assert (seen[chunks[0][0]].fraction or 1.0) < 0.5
    np.testing.assert_array_equal(np.concatenate([chunk.samples for _, chunk in chunks]), result.clip.samples)
    assert result.clip.n_channels == 2
    assert all(one.left_s is None or one.left_s >= 0.0 for one in seen)


def test_a_cancelled_clip_leaves_the_model_ready(settings: GeneratorSettings, shelf: Shelf) -> None:
    _, whole = made(settings, shelf)
    steps = make(asked(settings), settings, shelf, SHORT)
    n_steps_seen = 0
    while n_steps_seen < 10:
        n_steps_seen += next(steps).stage == "generating"
    steps.close()
    seen, again = made(settings, shelf)
    assert "loading" not in {one.stage for one in seen}
    np.testing.assert_array_equal(again.clip.samples, whole.clip.samples)


def test_the_first_load_is_told_and_another_model_takes_its_place(settings: GeneratorSettings) -> None:
    own = Shelf()
    steps = make(asked(settings), settings, own, SHORT)
    # Cancelled while it loads: the next clip finds the model.
    while next(steps).stage != "loading":
        pass
    steps.close()
    for model, is_loaded in (("stereo-small", False), ("stereo-small", True), ("small", False)):
        seen, result = made(settings, own, model=model, duration_s=1.0)
        stages = list(dict.fromkeys(one.stage for one in seen))
        assert stages == ["starting", *([] if is_loaded else ["loading"]), "generating"]
        assert result.clip.n_channels == (2 if model == "stereo-small" else 1)


def test_a_clip_goes_on_from_another(
    settings: GeneratorSettings, shelf: Shelf, models: dict[str, Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(level, "SLACK_DB", 200.0)
    one = models["small"]
    codes = torch.randint(0, 64, (1, 4, 60), generator=torch.Generator().manual_seed(2))
    # In the studio's form: another rate, two channels.
    before = Clip(np.repeat(decoded(one.model, codes)[0].T.numpy(), 2, axis=1), SAMPLE_RATE)
    heard = listened(monkeypatch)
    _, after = made(settings, shelf, Lengths(), continue_from=before, duration_s=1.5)
    _, alone = made(settings, shelf, Lengths(), duration_s=1.5)
    assert heard[0].codes.shape == (1, 4, 60)
    assert after.clip.n_samples == alone.clip.n_samples == 1.5 * SAMPLE_RATE
    assert np.abs(after.clip.samples - alone.clip.samples).max() > 0.1 * np.abs(alone.clip.samples).max()
    # It begins in the sound of what goes before: codes of both together sound the same from there on.
    asking = passes.Asked(PROMPT, "", 3.0, Sampling(), (5,), 75, 1500, 500)
    told = [part.samples[0] for part in passes.parts_of(one, replace(asking, before=heard[0].codes)) if part.samples]
    np.testing.assert_allclose(np.concatenate(told), after.clip.samples, atol=1e-5)


def test_another_rate_is_resampled(settings: GeneratorSettings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listened(monkeypatch)
    seconds = np.arange(48_000) / 48_000
    tone = np.sin(2 * np.pi * 441.0 * seconds).astype(np.float32)[:, None]
    made(settings, shelf, continue_from=Clip(tone, 48_000), model="stereo-small", duration_s=1.0)
    assert heard[0].sound.shape == (1, 2, 30 * HOP)
    expected = np.sin(2 * np.pi * 441.0 * (1.0 - np.arange(30 * HOP, 0, -1) / SAMPLE_RATE))
    np.testing.assert_allclose(heard[0].sound[0, 1, 500:-500], expected[500:-500], atol=2e-3)


@pytest.mark.parametrize("again_db", [1.0, -1.0])
def test_passes_join_without_a_step(
    settings: GeneratorSettings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, again_db: float
) -> None:
    """The model hears its own codes, or (below 0 dB: always) the sound as it was held."""
    monkeypatch.setattr(passes, "HEARD_AGAIN_DB", again_db)
    _, result = made(settings, shelf, duration_s=3.5)
    assert result.clip.n_samples == 3.5 * SAMPLE_RATE
    # 2 s, then 1.4 s more with each pass; and where the part ends whose last frames wait.
    joints = [round(one * SAMPLE_RATE) + shift for one in (2.0, 3.4) for shift in (0, -LOOK_AHEAD * HOP)]
    assert steps_at(result.clip.samples, joints) < 1.05


def test_a_model_that_drifts_louder_is_held(
    settings: GeneratorSettings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "StreamDecoder", Louder)
    # Five times as fast as usual, as the drift is.
    monkeypatch.setattr(level, "AVERAGE_S", level.AVERAGE_S / 5.0)
    monkeypatch.setattr(level, "MOST_DB_PER_S", level.MOST_DB_PER_S * 5.0)

    def drift_db() -> float:
        _, result = made(settings, shelf, Lengths(2.0, 0.6), duration_s=6.9)
        energy = np.square(result.clip.samples[:, 0]).reshape(6, -1).mean(axis=1)
        return float(10.0 * np.log10(energy[-1] / energy[0]))

    held_db = drift_db()
    assert Louder.n_heard_again > 0
    monkeypatch.setattr(level, "SLACK_DB", 200.0)
    free_db = drift_db()
    assert free_db > 7.0
    assert held_db < 4.5


def test_a_melody_is_played_again_in_another_way(settings: GeneratorSettings, shelf: Shelf) -> None:
    seconds = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tune = Clip(np.sin(2 * np.pi * 440.0 * seconds)[:, None].astype(np.float32), SAMPLE_RATE)
    clips = {
        strength: made(settings, shelf, Lengths(), model="melody", restyle=Restyle(tune, strength), duration_s=1.0)[
            1
        ].clip
        for strength in (0.0, 0.5, 1.0)
    }
    _, alone = made(settings, shelf, Lengths(), model="melody", duration_s=1.0)
    np.testing.assert_array_equal(clips[1.0].samples, alone.clip.samples)
    assert not np.array_equal(clips[0.0].samples, clips[1.0].samples)
    assert not np.array_equal(clips[0.0].samples, clips[0.5].samples)
    # Longer than a pass, the melody goes on where the pass begins.
    _, long = made(settings, shelf, model="melody", restyle=Restyle(tune, 0.2), duration_s=3.0)
    assert long.clip.n_samples == 3 * SAMPLE_RATE
    with pytest.raises(NotTaken, match=r"MusicGen small.*melody models"):
        made(settings, shelf, restyle=Restyle(tune))


def test_bars_last_exactly_as_long_as_they_do(settings: GeneratorSettings, shelf: Shelf) -> None:
    for prompt, bpm, expected_s in (("lofi", 240.0, 0.75), ("lofi, 180 bpm", None, 1.0)):
        _, result = made(settings, shelf, prompt=prompt, bars=1, bpm=bpm, metre="3/4", duration_s=9.0)
        assert result.clip.n_samples == round(expected_s * SAMPLE_RATE)
        # Tempo and key were asked for in words: what became of them is measured.
        assert result.facts == MusicFacts(bars=1)


def test_sixteen_bits_make_music_too(
    settings: GeneratorSettings, monkeypatch: pytest.MonkeyPatch, models: dict[str, Loaded]
) -> None:
    monkeypatch.setattr(devices, "knows_bfloat16", lambda: True)
    own = Shelf()
    result = made(settings.with_values("musicgen", {"precision": "auto"}), own, duration_s=1.0)[1]
    assert result.clip.n_samples == SAMPLE_RATE
    assert np.isfinite(result.clip.samples).all()
    folder = next(Path(settings.models_folder).glob("*gen-small/snapshots/*"))
    one = finished(own.take(Wanted("small", folder, "cpu", "auto")))
    kinds = {name: next(part.parameters()).dtype for name, part in one.model.named_children()}
    assert kinds.pop("decoder") is torch.bfloat16
    assert set(kinds.values()) == {torch.float32}


def test_what_is_missing_is_told_with_its_way_out(
    settings: GeneratorSettings, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelMissing, match="infiniloop models get facebook/musicgen-large"):
        made(settings, shelf, model="large")
    with pytest.raises(ModelMissing, match="facebook/musicgen-small"):
        made(replace(settings, models_folder=str(tmp_path)), shelf)
    if not torch.cuda.is_available():
        with pytest.raises(GeneratorMissing, match="“cuda”"):
            made(settings.with_values("musicgen", {"device": "cuda"}), shelf)
    assert MusicGen().check(settings) == ""
    monkeypatch.setattr("engine.generators.musicgen.musicgen.find_spec", lambda _: None)
    with pytest.raises(GeneratorMissing, match="infiniloop models setup musicgen"):
        MusicGen().check(settings)


def test_memory_that_ran_out_is_told_and_the_next_clip_is_made(
    settings: GeneratorSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Shelf()
    _, before = made(settings, own)
    with monkeypatch.context() as patched:
        patched.setattr(FusedStepper, "advance", lambda *_: torch.empty(1 << 50))  # torch's own error
        with pytest.raises(ModelOutOfMemory, match="not enough memory for the model “small”"):
            made(settings, own)
    with monkeypatch.context() as patched:
        patched.setattr(loading, "free_memory", lambda _: 1000)
        with pytest.raises(ModelOutOfMemory):
            made(settings, own)
    seen, after = made(settings, own)
    assert "loading" in {one.stage for one in seen}
    np.testing.assert_array_equal(after.clip.samples, before.clip.samples)


def test_the_generator_process_keeps_the_model_and_hears_a_cancel(
    settings: GeneratorSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with (tmp_path / "host.log").open("w") as log:
        host = ChildProcess("engine.generators.host", log=log)
        try:
            ends, bar = [], {"bars": 1, "bpm": 300.0, "metre": "12/8"}
            for job_id, duration_s, told in ((1, 9.0, bar), (2, 300.0, {}), (3, 9.0, bar)):
                request = replace(asked(settings, duration_s=duration_s, **told), job_id=job_id)
                host.send(GenerateJob(request, settings))
                seen: list[Progress] = []
                while True:
                    assert host.poll(120), f"nothing after {seen[-1:]}"
                    message = host.receive()
                    if not isinstance(message, Progress):
                        break
                    seen.append(message)
                    if job_id == 2 and message.chunk is not None:
                        host.send(CancelJob(job_id))
                ends.append((seen, message))
        finally:
            host.close()
    (first_seen, first), (long_seen, cancelled), (seen, again) = ends
    assert isinstance(first, ClipResult)
    assert isinstance(again, ClipResult)
    assert again.clip.duration_s == pytest.approx(2.4, abs=0.001)
    assert isinstance(cancelled, JobFailed)
    assert isinstance(cancelled.error, Cancelled)
    assert (long_seen[-1].fraction or 0.0) < 0.2
    assert "loading" in {one.stage for one in first_seen}
    assert "loading" not in {one.stage for one in seen}
    assert [one for one in seen if one.chunk is not None]
    np.testing.assert_array_equal(first.clip.samples, again.clip.samples)
    assert "Traceback" not in (tmp_path / "host.log").read_text()
