# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests load a tiny Stable Audio Open small from its makers' format, and hold it against what they compute."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("diffusers", reason="the extra “diffusion” is not installed")

import torch
from safetensors.torch import save_file
from transformers import T5Config, T5EncoderModel, T5TokenizerFast

from engine.errors import CheckpointBad, ModelMissing, NotTaken, OutOfRange
from engine.generators.base import GeneratorSettings, finished
from engine.generators.diffusion import StableAudio3, StableAudioSmall
from engine.generators.diffusion.asked import Ask, Hole
from engine.generators.diffusion.machine import Place
from engine.generators.diffusion.small_loaded import load_small
from engine.generators.diffusion.small_painter import paint, times
from engine.generators.requests import completed
from engine.values import Clip, ClipRequest, LoopRegion, Parameters
from tests.engine.generators.diffusion import tiny_small
from tests.engine.generators.diffusion.asking import FEW, Studio, far, melody

NAME, HOP = "stableaudiosmall", 2048
# Beside other tests a second thread waits longer than what is so small takes.
torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated:FutureWarning")
Change = Callable[[dict[str, Any], tiny_small.Tensors], None]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    tiny_small.open_small(root / NAME)
    return root


@pytest.fixture(scope="module")
def kept() -> StableAudioSmall:
    return StableAudioSmall()


@pytest.fixture
def studio(folders: Path, kept: StableAudioSmall) -> Studio:
    return Studio(folders, {NAME: kept})


@pytest.fixture(scope="module")
def pipe(folders: Path) -> Any:
    return load_small(folders / NAME, folders / NAME / "t5-base", Place("cpu", "float32"))


def test_its_clip_is_the_one_that_its_makers_formulas_give(studio: Studio) -> None:
    """From the file's numbers to the sound, with nothing in common but the text encoder and the drawing of noise."""
    of, folder = tiny_small.tensors(), studio.folders / NAME / "t5-base"
    tokenizer, encoder = T5TokenizerFast.from_pretrained(folder), T5EncoderModel.from_pretrained(folder)
    tokens = tokenizer(["calm piano"], padding="max_length", max_length=24, truncation=True, return_tensors="pt")
    noise = torch.Generator().manual_seed(3)
    shape = (tiny_small.LATENTS, tiny_small.FRAMES)
    logsnr = torch.linspace(-6.0, 2.0, 4)
    shares = [1.0, *torch.sigmoid(-logsnr)[1:-1].tolist(), 0.0]
    with torch.no_grad():
        words = encoder(**tokens).last_hidden_state * tokens.attention_mask[:, :, None]
        length = tiny_small.length_of(of, 1.0)
        told = torch.cat([words, length[:, None]], dim=1)
        latents = torch.randn(shape, generator=noise)[None]
        for share, next_share in pairwise(shares):
            latents = latents - share * tiny_small.velocity(of, latents, share, told, length)
            if next_share:
                latents = (1.0 - next_share) * latents + next_share * torch.randn(shape, generator=noise)[None]
        sound = tiny_small.Autoencoder(of).decoded(latents)[0, :, : tiny_small.RATE]
    clip = studio.clip(NAME, values={"steps": 3})
    assert np.abs(clip.samples).max() > 0.1
    np.testing.assert_allclose(clip.samples, sound.T.numpy(), atol=2e-4)


def test_a_source_is_heard_as_its_makers_hear_it(pipe: Any) -> None:
    sound = torch.from_numpy(melody(1.0, tiny_small.RATE).samples.T.copy())[None, :, : 20 * HOP]
    with torch.no_grad():
        heard = pipe.vae.encode(sound).latent_dist.mode()
        theirs = tiny_small.Autoencoder(tiny_small.tensors()).encoded(sound)
    torch.testing.assert_close(heard, theirs, atol=1e-3, rtol=1e-3)


def test_in_half_precision_its_file_does_not_stay_in_memory(folders: Path) -> None:
    half = load_small(folders / NAME, folders / NAME / "t5-base", Place("cpu", "bfloat16"))
    assert half.transformer.dtype == half.vae.dtype == torch.bfloat16
    exact = [one for one in half.projection_model.parameters() if one.dtype == torch.float32]
    assert len(exact) == 3, "its length is told exactly"
    for one in (*exact, *half.transformer.parameters(), *half.vae.parameters()):
        assert one.untyped_storage().nbytes() <= 3 * one.numel() * one.element_size()


def test_its_noise_is_that_of_its_makers_and_only_falls() -> None:
    eight = torch.sigmoid(-torch.linspace(-6.0, 2.0, 9)).tolist()
    assert times(8) == pytest.approx([1.0, *eight[1:-1], 0.0])
    for strength in (0.02, 0.1, 0.3, 0.5, 0.9, 0.999):
        shares = times(8, strength)
        assert (shares[0], shares[-1]) == (strength, 0.0)
        assert shares == sorted(set(shares), reverse=True)


def test_what_is_not_painted_anew_is_what_it_was_and_is_heard(pipe: Any) -> None:
    """Told of the painter itself: the studio lays what was painted into the clip, so that its rest stays to the bit."""
    n, rate = 60 * HOP, tiny_small.RATE
    sources = [melody(n / rate, rate).samples.T.copy()[:, :n]]
    sources.append(sources[0][:, ::-1].copy())
    hole = Hole(20 * HOP / rate, 30 * HOP / rate)
    painted = []
    for source in sources:
        ask = Ask("calm", n, LoopRegion(0, n), (3,), Parameters(FEW), source=source, hole=hole)
        (sound,) = paint(pipe, ask, lambda _share: None)
        with torch.no_grad():
            heard = np.pad(source, ((0, 0), (0, tiny_small.FRAMES * HOP - n)))
            latents = pipe.vae.encode(torch.from_numpy(heard)[None]).latent_dist.mode()
            kept = pipe.vae.decode(latents).sample[0].T.numpy()[:n]
        for part in (slice(0, 15 * HOP), slice(35 * HOP, n)):
            np.testing.assert_allclose(sound[part], kept[part], atol=1e-4)
        assert np.abs(sound - kept)[22 * HOP : 28 * HOP].max() > 0.01
        painted.append(sound[22 * HOP : 28 * HOP])
    assert np.abs(painted[0] - painted[1]).max() > 1e-3, "what is painted depends on what is around it"


def test_guidance_and_negative_prompt_have_an_effect_or_are_refused(studio: Studio) -> None:
    plain = studio.clip(NAME)
    np.testing.assert_array_equal(studio.clip(NAME, values={"guidance": 1.0}).samples, plain.samples)
    guided = studio.clip(NAME, values={"guidance": 3.0})
    other = studio.clip(NAME, values={"guidance": 3.0}, negative_prompt="noise")
    assert far(plain, guided) > 1e-4
    assert far(guided, other) > 1e-5
    with pytest.raises(NotTaken, match="small without guidance takes no negative prompt"):
        studio.result(NAME, negative_prompt="noise")
    several = studio.result(NAME, values={"guidance": 3.0}, n_clips=2)
    np.testing.assert_allclose(several.clip.samples, guided.samples, atol=2e-4)


def test_its_steps_are_eight_and_its_length_has_a_limit(studio: Studio) -> None:
    studio.result(NAME, values={"steps": 0})
    told = [one.fraction for one in studio.heard if one.stage == "generating" and one.fraction]
    assert told == pytest.approx([0.9 * step / 8 for step in range(1, 8)])
    with pytest.raises(OutOfRange, match=r"2\.9 s"):
        studio.result(NAME, duration_s=3.0)
    assert far(studio.clip(NAME, duration_s=1.0), head(studio, 2.0)) > 1e-3, "the model is told how long its clip is"


def head(studio: Studio, seconds: float) -> Clip:
    """Return the first second of a clip."""
    whole = studio.clip(NAME, duration_s=seconds)
    return Clip(whole.samples[: whole.sample_rate], whole.sample_rate)


def test_weights_and_text_encoder_are_found_in_the_hubs_cache(studio: Studio, tmp_path: Path) -> None:
    family = StableAudioSmall()
    (card,) = family.cards
    (text,) = card.needs
    settings = GeneratorSettings(models_folder=str(tmp_path), parameters={family.name: Parameters({"device": "cpu"})})
    plain = ClipRequest(
        1, "calm", family.name, card.name, 1.0, seed=3, parameters=Parameters({**FEW, "precision": "full"})
    )
    request = completed(plain, family, settings)
    folder = studio.folders / NAME
    for one, files in ((card, folder), (text, folder / text.name)):
        with pytest.raises(ModelMissing, match=one.repository):
            finished(family.generate(request, settings))
        at = tmp_path / f"models--{one.repository.replace('/', '--')}"
        shutil.copytree(files, at / "snapshots" / "abc", ignore=shutil.ignore_patterns(text.name))
        (at / "refs").mkdir()
        (at / "refs" / "main").write_text("abc")
    np.testing.assert_array_equal(
        finished(family.generate(request, settings)).clip.samples, studio.clip(NAME, prompt="calm").samples
    )
    alone = tmp_path / "alone"
    shutil.copytree(folder, alone, ignore=shutil.ignore_patterns(text.name))
    own = studio.settings(NAME, alone)
    assert family.problems(replace(own, models_folder=str(tmp_path))) == ()
    (problem,) = family.problems(replace(own, models_folder=str(tmp_path / "none")))
    assert "infiniloop models get google-t5/t5-base" in str(problem)
    assert family.problems(studio.settings(NAME)) == (), "it has the text encoder beside it"
    (tmp_path / f"models--{text.repository.replace('/', '--')}" / "snapshots" / "abc" / "model.safetensors").unlink()
    with pytest.raises(ModelMissing, match="t5-base"):
        finished(family.generate(request, settings))


LAYER = "model.model.transformer.layers.1"


def lacks(_config: dict[str, Any], of: tiny_small.Tensors) -> None:
    del of[f"{LAYER}.ff.ff.2.bias"]


def has_more(_config: dict[str, Any], of: tiny_small.Tensors) -> None:
    of[f"{LAYER}.conformer.gate"] = torch.zeros(1)


def is_deeper(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["diffusion"]["config"]["depth"] = 3


def has_other_shape(_config: dict[str, Any], of: tiny_small.Tensors) -> None:
    of[f"{LAYER}.self_attn.to_qkv.weight"] = torch.zeros(3 * 64 + 1, 64)


def turns_otherwise(_config: dict[str, Any], of: tiny_small.Tensors) -> None:
    of["model.model.transformer.rotary_pos_emb.inv_freq"] = tiny_small.frequencies() / 4.0


def is_not_distilled(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["diffusion"]["diffusion_objective"] = "rectified_flow"


def is_told_two(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["conditioning"]["configs"].append({"id": "seconds_start", "type": "number", "config": {}})


def has_other_words(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["conditioning"]["configs"][0]["config"]["t5_model_name"] = "google/t5gemma-b-b-ul2"


def knows_more(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["diffusion"]["config"]["local_add_cond_dim"] = 65


def remembers(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["diffusion"]["config"]["num_memory_tokens"] = 64


def is_long(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["conditioning"]["configs"][1]["config"]["max_val"] = "long"


def has_no_depth(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    del config["model"]["diffusion"]["config"]["depth"]


def is_uneven(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["pretransform"]["config"]["decoder"]["config"]["strides"] = [16, 64]


def is_clipped(config: dict[str, Any], _of: tiny_small.Tensors) -> None:
    config["model"]["pretransform"]["config"]["decoder"]["config"]["final_tanh"] = True


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lacks, f"its model.safetensors has no {LAYER}.ff.ff.2.bias"),
        (has_more, f"has {LAYER}.conformer.gate, of which nothing here is made"),
        (is_deeper, "its model.safetensors has no model.model.transformer.layers.2."),
        (
            has_other_shape,
            "to_qkv.weight in its model.safetensors is 193 × 64, and its model_config.json says 192 × 64",
        ),
        (turns_otherwise, "has other values than positions have here"),
        (
            is_not_distilled,
            'has "rectified_flow" for model.diffusion.diffusion_objective, and what is read here has "rf_',
        ),
        (is_told_two, "told prompt, seconds_start, seconds_total, and what is read here a prompt and seconds_total"),
        (has_other_words, 'its text encoder is "google/t5gemma-b-b-ul2", and what is read here has t5-base'),
        (knows_more, "model.diffusion.config.local_add_cond_dim, which nothing here knows"),
        (remembers, "has 64 for model.diffusion.config.num_memory_tokens, and what is read here has 0"),
        (is_long, 'has "long" for max_val of seconds_total, which has to be a number'),
        (has_no_depth, "has nothing for model.diffusion.config.depth, which has to be a whole number"),
        (is_uneven, "do not go together: strides is [16, 64], and [16, 128] is needed"),
        (is_clipped, "has true for model.pretransform.config.decoder.config.final_tanh"),
    ],
)
def test_another_or_damaged_checkpoint_is_refused_with_the_reason(
    change: Change, words: str, studio: Studio, tmp_path: Path
) -> None:
    folder, config, of = tmp_path / "changed", tiny_small.config(), tiny_small.tensors()
    shutil.copytree(studio.folders / NAME, folder)
    change(config, of)
    (folder / "model_config.json").write_text(json.dumps(config))
    save_file(of, folder / "model.safetensors")
    with pytest.raises(CheckpointBad) as caught:
        studio.result(NAME, folder=folder)
    assert words in str(caught.value)
    assert str(caught.value).count(".\n") == 0


def test_a_folder_with_half_a_checkpoint_is_told(studio: Studio, tmp_path: Path) -> None:
    def problem(folder: Path) -> str:
        with pytest.raises(CheckpointBad) as caught:
            studio.result(NAME, folder=folder)
        return str(caught.value)

    folder = tmp_path / "half"
    shutil.copytree(studio.folders / NAME, folder)
    (folder / "model.safetensors").write_bytes(b"torn")
    assert "its model.safetensors cannot be read" in problem(folder)
    (folder / "model.safetensors").rename(folder / "model.ckpt")
    assert "a .ckpt may do more than hold weights" in problem(folder)
    assert studio.kept[NAME].problems(studio.settings(NAME, folder))
    (folder / "model_config.json").write_text("{torn")
    assert "its model_config.json cannot be read" in problem(folder)
    silent = tmp_path / "silent"
    shutil.copytree(studio.folders / NAME, silent)
    text = silent / "t5-base" / "model.safetensors"
    encoder = T5EncoderModel.from_pretrained(silent / "t5-base")
    state = {name: one.clone() for name, one in encoder.state_dict().items() if "block.1" not in name}
    save_file({name: one for name, one in state.items() if "embed_tokens" not in name}, text, {"format": "pt"})
    assert "the text encoder in" in problem(silent)
    studio.result(NAME)
    with pytest.raises(CheckpointBad, match="a Stable Audio Open small, which is a generator of its own"):
        Studio(tmp_path, {"stableaudio3": StableAudio3()}).result("stableaudio3", folder=studio.folders / NAME)


def test_queries_need_not_be_normed_and_words_may_be_projected(tmp_path: Path) -> None:
    folder, config, of = tmp_path / NAME, tiny_small.config(), tiny_small.tensors()
    tiny_small.open_small(folder)
    torch.manual_seed(2)
    words = T5Config(vocab_size=90, d_model=24, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    T5EncoderModel(words).save_pretrained(folder / "t5-base")
    config["model"]["diffusion"]["config"]["attn_kwargs"] = {}
    of = {name: one for name, one in of.items() if "_attn.q_norm" not in name and "_attn.k_norm" not in name}
    of["conditioner.conditioners.prompt.proj_out.weight"] = torch.randn(16, 24) / math.sqrt(24.0)
    of["conditioner.conditioners.prompt.proj_out.bias"] = torch.zeros(16)
    (folder / "model_config.json").write_text(json.dumps(config))
    save_file(of, folder / "model.safetensors")
    studio = Studio(tmp_path, {NAME: StableAudioSmall()})
    assert far(studio.clip(NAME), studio.clip(NAME, prompt="wild drums")) > 1e-5
