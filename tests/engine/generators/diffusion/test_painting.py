# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests paint clips with tiny random checkpoints, which the real code loads as it loads the real ones."""

from __future__ import annotations

import json
import math
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("diffusers", reason="the extra “diffusion” is not installed")

import torch

from engine.errors import CheckpointBad, ModelMissing, ModelOutOfMemory, NotTaken, OutOfRange, UnknownChoice
from engine.generators.base import GeneratorSettings, finished
from engine.generators.diffusion import AceStep, StableAudio, StableAudio3, StableAudioSmall
from engine.generators.diffusion.families import Family
from engine.generators.diffusion.latents import decoded
from engine.generators.diffusion.machine import Place, is_out_of_memory, place_for
from engine.generators.diffusion.open_painter import sigma_of
from engine.generators.diffusion.small_loaded import load_small
from engine.generators.requests import completed
from engine.loops.mending import STRANGE_DB, Mended, mend
from engine.values import (
    Clip,
    ClipRequest,
    LoopRegion,
    Parameters,
    ParameterValue,
    Repaint,
    Restyle,
)
from tests.engine.generators.diffusion import tiny, tiny_small
from tests.engine.generators.diffusion.asking import FEW, Studio, far, melody

FAMILIES: dict[str, tuple[Callable[[], Family], Callable[[Path], None]]] = {
    "acestep": (AceStep, tiny.ace_step),
    "stableaudio": (StableAudio, tiny.stable_audio),
    "stableaudio3": (StableAudio3, tiny.stable_audio_3),
    "stableaudiosmall": (StableAudioSmall, tiny_small.open_small),
}
# Beside other tests a second thread waits longer than what is so small takes.
torch.set_num_threads(1)
# diffusers makes its autoencoders of it.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated:FutureWarning")
each = pytest.mark.parametrize("name", FAMILIES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with a tiny checkpoint of each family, by its name."""
    root = tmp_path_factory.mktemp("checkpoints")
    for name, (_, build) in FAMILIES.items():
        build(root / name)
    return root


@pytest.fixture(scope="module")
def kept() -> dict[str, Family]:
    """Return a generator of each family, as its process has: what one test loaded, the next one need not."""
    return {name: make() for name, (make, _) in FAMILIES.items()}


@pytest.fixture
def studio(folders: Path, kept: dict[str, Family]) -> Studio:
    return Studio(folders, kept)


@each
def test_a_clip_lasts_as_asked_and_its_seed_makes_it_again(name: str, studio: Studio) -> None:
    result = studio.result(name, duration_s=1.5)
    rate = studio.kept[name].sample_rate
    assert result.clip.samples.shape == (round(1.5 * rate), 2)
    assert result.clip.sample_rate == rate
    assert np.isfinite(result.clip.samples).all()
    assert result.seed == 3
    assert result.versions["precision"] == "float32"
    told = [one.fraction for one in studio.heard if one.fraction is not None]
    assert len(told) >= 5, "each step is told, and the sound that is made of them"
    assert told == sorted(told), "and it only goes on"
    assert told[-1] == 1.0
    again = studio.result(name, duration_s=1.5)
    np.testing.assert_array_equal(again.clip.samples, result.clip.samples)
    assert all(one.stage != "loading" for one in studio.heard), "the model stays loaded"
    assert far(result.clip, studio.clip(name, duration_s=1.5, seed=4)) > 1e-3
    assert far(result.clip, studio.clip(name, duration_s=1.5, prompt="wild drums")) > 1e-5
    some = studio.result(name, seed=None)
    np.testing.assert_array_equal(studio.clip(name, seed=some.seed).samples, some.clip.samples)


@each
def test_clips_made_at_once_are_those_of_their_seeds(name: str, studio: Studio) -> None:
    several = studio.result(name, n_clips=3)
    assert [several.seed, *(one.seed for one in several.others)] == [3, 4, 5]
    for one in (several, *several.others):
        np.testing.assert_allclose(one.clip.samples, studio.clip(name, seed=one.seed).samples, atol=2e-4)


@each
def test_half_precision_makes_music_too(name: str, studio: Studio) -> None:
    whole = studio.clip(name)
    # A second process, so to speak: the first one's model stays for the tests that follow.
    studio = Studio(studio.folders, {name: FAMILIES[name][0]()})
    half = studio.result(name, precision="half")
    assert half.versions["precision"] == "bfloat16"
    assert studio.heard[0].stage == "loading"
    assert half.clip.samples.dtype == np.float32
    assert np.isfinite(half.clip.samples).all()
    assert 0.0 < far(whole, half.clip) < 1.0
    for fields in ({"restyle": Restyle(melody(), 0.4)}, {"repaint": Repaint(melody(), 0.3, 0.8)}):
        assert np.isfinite(studio.clip(name, precision="half", **fields).samples).all()


@each
def test_the_more_strength_the_farther_from_the_clip(name: str, studio: Studio) -> None:
    source = studio.clip(name, seed=9)
    values: dict[str, ParameterValue] = {"sampler": "dpmpp-2m"} if name == "stableaudio" else {}
    same = through(source, name, studio)
    away = [far(same, studio.clip(name, restyle=Restyle(source, one), values=values)) for one in (0.02, 0.1, 0.3, 0.6)]
    assert away == sorted(away)
    assert away[0] < 0.3 * away[-1], "little strength changes little"
    assert studio.clip(name, restyle=Restyle(source, 0.0)) is not source
    np.testing.assert_array_equal(studio.clip(name, restyle=Restyle(source, 0.0)).samples, source.samples)
    np.testing.assert_array_equal(studio.clip(name, restyle=Restyle(source, 1.0)).samples, studio.clip(name).samples)
    one, other = (studio.clip(name, restyle=Restyle(clip, 0.3)) for clip in (source, melody()))
    assert far(one, other) > 1e-5, "what is restyled is heard"


def through(clip: Clip, name: str, studio: Studio) -> Clip:
    """Return the clip as the autoencoder of the checkpoint gives it back: what a strength of nearly nothing leaves."""
    from diffusers import DiffusionPipeline

    folder = studio.folders / name
    if name == "stableaudiosmall":
        pipe = load_small(folder, folder / "t5-base", Place("cpu", "float32"))
    else:
        pipe = DiffusionPipeline.from_pretrained(folder, local_files_only=True)
    hop = pipe.vae.downsampling_ratio if name == "stableaudio3" else pipe.vae.hop_length
    n_frames = -(-clip.n_samples // hop) if name in ("acestep", "stableaudio3") else pipe.transformer.config.sample_size
    sound = torch.zeros(1, 2, n_frames * hop)
    sound[0, :, : clip.n_samples] = torch.from_numpy(clip.samples.T.copy())
    with torch.no_grad():
        found = pipe.vae.encode(sound)
        latents = found.latents if name == "stableaudio3" else found.latent_dist.mode()
        back = pipe.vae.decode(latents).sample
    return Clip(back[0, :, : clip.n_samples].T.numpy(), clip.sample_rate)


@each
def test_a_part_is_made_anew_and_the_rest_stays_to_the_bit(name: str, studio: Studio) -> None:
    clip = melody(1.5)
    result = studio.result(name, repaint=Repaint(clip, 0.5, 1.0))
    painted = result.clip
    assert (painted.sample_rate, painted.samples.shape) == (clip.sample_rate, clip.samples.shape)
    inside = slice(round(0.5 * clip.sample_rate), round(1.0 * clip.sample_rate))
    rest = np.ones(clip.n_samples, dtype=bool)
    rest[inside] = False
    np.testing.assert_array_equal(painted.samples[rest], clip.samples[rest])
    assert np.abs(painted.samples[inside] - clip.samples[inside]).max() > 0.01
    np.testing.assert_array_equal(studio.clip(name, repaint=Repaint(clip, 0.5, 1.0)).samples, painted.samples)
    assert far(painted, studio.clip(name, repaint=Repaint(clip, 0.5, 1.0), seed=4)) > 1e-5
    mono = Clip(clip.samples[:, :1].copy(), clip.sample_rate)
    assert studio.clip(name, repaint=Repaint(mono, 0.0, 1.5)).samples.shape == mono.samples.shape


@each
def test_it_goes_on_from_a_clip_without_holding_it(name: str, studio: Studio) -> None:
    before, other = melody(1.5), studio.clip("stableaudio3", seed=8)
    went_on = studio.clip(name, continue_from=before)
    assert went_on.n_samples == studio.kept[name].sample_rate
    np.testing.assert_array_equal(studio.clip(name, continue_from=before).samples, went_on.samples)
    assert far(went_on, studio.clip(name, continue_from=other)) > 1e-4, "what went before is heard"
    assert far(went_on, studio.clip(name)) > 1e-3


@each
def test_it_is_cancelled_at_the_next_step_and_serves_on(name: str, studio: Studio) -> None:
    whole = studio.clip(name)
    n_threads = threading.active_count()
    for n_told in (1, 2, 3, 4):
        steps = studio.steps(name)
        for _ in range(n_told):
            next(steps)
        steps.close()
        assert threading.active_count() == n_threads, "nothing goes on behind it"
    np.testing.assert_array_equal(studio.clip(name).samples, whole.samples)


@pytest.mark.parametrize("name", ["acestep", "stableaudio", "stableaudio3"])
def test_what_is_decoded_in_tiles_is_what_is_decoded_at_once(name: str) -> None:
    """The ratios are those of the real autoencoders: they say how far a latent is heard."""
    if name == "stableaudio3":
        vae, hop = tiny.same(depth=12), 4096
    else:
        ratios = [2, 4, 4, 6, 10] if name == "acestep" else [2, 4, 4, 8, 8]
        vae, hop = tiny.oobleck(ratios, 2, 44_100), math.prod(ratios)
    latents = torch.randn(1, 8 if name == "stableaudio3" else 2, 46, generator=torch.Generator().manual_seed(1))
    wanted = LoopRegion(3 * hop + 5, 44 * hop + 11)
    with torch.no_grad():
        whole = tiny.woken(vae, 2).decode(latents).sample
    told: list[float] = []
    (sound,) = decoded(SimpleNamespace(vae=vae), latents, wanted, hop=hop, tile=21, tell=told.append)
    np.testing.assert_allclose(sound.T, whole[0, :, wanted.loop_start : wanted.loop_end].numpy(), atol=3e-4)
    assert told == [pytest.approx(0.95), 1.0]


def test_tempo_key_and_metre_reach_the_model_and_bars_are_whole(studio: Studio) -> None:
    plain = studio.clip("acestep")
    asked: list[dict[str, Any]] = [{"bpm": 120.0}, {"bpm": 90.0}, {"bpm": 92.5}, {"key": "A minor"}, {"metre": "3/4"}]
    made = [plain, *(studio.clip("acestep", **one) for one in asked)]
    for at, one in enumerate(made):
        assert all(far(one, other) > 1e-5 for other in made[:at])
    result = studio.result("acestep", bars=1, bpm=96.0, metre="3/4")
    assert result.clip.n_samples == round(3 * 60.0 / 96.0 * 48_000), "though it makes ten seconds at least"
    assert (result.facts.bars, result.facts.beats_per_bar) == (1, 3)
    assert result.facts.tempo_bpm is None, "what was asked for need not be what is played"
    longer = studio.clip("acestep", bars=8, bpm=96.0, metre="3/4")
    assert longer.n_samples == 8 * result.clip.n_samples
    assert far(plain, studio.clip("acestep", values={"lyrics": "[verse] hello", "language": "it"})) > 1e-5


@pytest.mark.soak
def test_the_kinds_of_ace_step_have_their_own_steps_and_guidance(studio: Studio, tmp_path: Path) -> None:
    tiny.ace_step(tmp_path / "base", turbo=False)
    # Of a second, where a new clip has ten, and nearly all the steps.
    nearly = Restyle(melody(), 0.99)
    base = studio.result("acestep", folder=tmp_path / "base", values={"steps": 0}, restyle=nearly)
    assert len([one for one in studio.heard if one.stage == "generating"]) >= 48
    guided = [studio.clip("acestep", folder=tmp_path / "base", values={"guidance": one}) for one in (1.0, 4.0)]
    assert far(*guided) > 1e-4
    studio.result("acestep", values={"steps": 0}, restyle=nearly)
    assert studio.heard[0].stage == "loading", "there is room for one"
    assert len([one for one in studio.heard if one.stage == "generating"]) < 12
    assert base.versions["checkpoint"] == "base"


def test_stable_audio_hears_what_is_not_wanted_and_all_its_numbers(studio: Studio) -> None:
    plain = studio.clip("stableaudio")
    changes: list[dict[str, Any]] = [
        {"negative_prompt": "noise"},
        {"values": {"guidance": 3.0}},
        {"values": {"steps": 6}},
        {"values": {"sigma_min": 0.1}},
        {"values": {"sigma_max": 50.0}},
        *({"values": {"sampler": one}} for one in ("dpmpp-2m-sde-heun", "dpmpp-2m", "euler")),
    ]
    made = [plain, *(studio.clip("stableaudio", **one) for one in changes)]
    for at, one in enumerate(made):
        assert np.isfinite(one.samples).all()
        assert all(far(one, other) > 1e-6 for other in made[:at]), changes[at - 1]
    np.testing.assert_array_equal(studio.clip("stableaudio").samples, plain.samples)
    with pytest.raises(OutOfRange, match=r"3\.0 s"):
        studio.result("stableaudio", duration_s=4.0)
    assert sigma_of(0.5, 500.0) == pytest.approx(1.0)
    assert sigma_of(0.9999, 500.0) == 500.0


def test_stable_audio_3_takes_a_negative_prompt_where_it_is_guided(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(NotTaken, match="negative prompt"):
        studio.result("stableaudio3", negative_prompt="noise")
    tiny.stable_audio_3(tmp_path / "base", distilled=False)
    plain = studio.clip("stableaudio3", folder=tmp_path / "base")
    assert far(plain, studio.clip("stableaudio3", folder=tmp_path / "base", negative_prompt="noise")) > 1e-5
    assert far(plain, studio.clip("stableaudio3", folder=tmp_path / "base", values={"guidance": 3.0})) > 1e-5


def test_weights_are_found_where_they_were_put_and_nothing_is_fetched(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    name = "stableaudio3"
    family = studio.kept[name]
    card = family.capabilities().cards[0]
    settings = GeneratorSettings(models_folder=str(tmp_path), parameters={name: Parameters({"precision": "full"})})
    request = completed(ClipRequest(1, "calm", name, "", 1.0, seed=3, parameters=Parameters(FEW)), family, settings)
    with pytest.raises(ModelMissing, match=card.repository):
        finished(family.generate(request, settings))
    repository = tmp_path / f"models--{card.repository.replace('/', '--')}"
    shutil.copytree(studio.folders / name, repository / "snapshots" / "abc")
    (repository / "refs").mkdir()
    (repository / "refs" / card.revision).write_text("abc")
    assert finished(family.generate(request, settings)).clip.duration_s == 1.0


def test_a_folder_that_holds_no_such_checkpoint_is_told(studio: Studio, tmp_path: Path) -> None:
    def problem(folder: Path) -> str:
        with pytest.raises(CheckpointBad) as caught:
            studio.result("stableaudio3", folder=folder)
        return str(caught.value)

    assert "there is no such folder" in problem(tmp_path / "nothing")
    assert "it has no model_index.json" in problem(tmp_path)
    assert "for AceStepPipeline, not for StableAudio3Pipeline" in problem(studio.folders / "acestep")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "model_config.json").write_text("{}")
    assert "convert_stable_audio_3_to_diffusers.py" in problem(theirs)
    assert studio.kept["stableaudio3"].problems(studio.settings("stableaudio3", theirs))
    damaged = tmp_path / "damaged"
    shutil.copytree(studio.folders / "stableaudio3", damaged)
    (damaged / "transformer" / "diffusion_pytorch_model.safetensors").write_bytes(b"torn")
    assert "cannot load" in problem(damaged)
    (damaged / "model_index.json").write_text("{torn")
    assert "model_index.json cannot be read" in problem(damaged)
    assert studio.kept["stableaudio3"].problems(studio.settings("stableaudio3")) == ()
    studio.result("stableaudio3")


def test_too_little_memory_is_told_and_the_next_clip_is_made(studio: Studio, tmp_path: Path) -> None:
    large = tmp_path / "large"
    shutil.copytree(studio.folders / "stableaudio", large)
    config = large / "transformer" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "sample_size": 2**50}))
    with pytest.raises(ModelOutOfMemory, match=r"not enough memory for the model “open-1\.0”"):
        studio.result("stableaudio", folder=large)
    studio.result("stableaudio")
    assert studio.heard[0].stage == "loading"
    assert not is_out_of_memory(RuntimeError("shapes differ"))
    assert is_out_of_memory(MemoryError())


def test_a_machine_is_asked_for_what_it_has() -> None:
    with pytest.raises(UnknownChoice, match="device"):
        place_for(1, device="abacus")
    here = place_for(1, device="cpu", offload="always")
    assert not here.is_offloaded, "there is nothing to spare beside the processor"
    assert place_for(1, device="cpu", precision="full").dtype == torch.float32
    assert place_for(1, device="cpu", precision="half").dtype == torch.bfloat16


@each
def test_a_seam_is_mended_or_left_as_its_proof_says(name: str, studio: Studio) -> None:
    """A random model paints noise, which is strange in plain music, and no worse than what was there in its own."""

    def paint(repaint: Repaint) -> Clip:
        return studio.clip(name, duration_s=repaint.clip.duration_s, repaint=repaint)

    def healed(clip: Clip) -> Mended:
        return mend(clip, LoopRegion(0, clip.n_samples), paint, overlap_ms=0.0, tempo_bpm=240.0)

    plain = melody(2.0)
    mended = healed(plain)
    assert not mended.is_better
    assert mended.strange_db > STRANGE_DB
    beat = plain.sample_rate // 4
    np.testing.assert_array_equal(mended.loop.samples[beat:-beat], plain.samples[beat:-beat])
    own = studio.clip(name, duration_s=2.2).samples
    rate = studio.kept[name].sample_rate
    torn = own[: 2 * rate].copy()
    for at in (*range(0, 3000, 100), *range(len(torn) - 3000, len(torn), 100)):
        torn[at : at + 2] = 8.0 * (-1.0) ** (at // 100)
    torn[-1], torn[0] = 8.0, -8.0
    better = healed(Clip(torn, rate))
    assert better.after.step < better.before.step
    assert better.strange_db < STRANGE_DB
    assert better.is_better
