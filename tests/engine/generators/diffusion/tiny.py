# SPDX-License-Identifier: GPL-3.0-or-later
"""This module builds checkpoints of random numbers, thousands of times smaller than the real ones, in the same format.

They are loaded by the real code. What they make is noise, but noise that depends on all that is asked of them: layers
that are zero before training, through which nothing would pass, have random numbers too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AceStepPipeline,
    AceStepTransformer1DModel,
    AutoencoderOobleck,
    AutoencoderSAME,
    CosineDPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    StableAudio3DiTModel,
    StableAudio3Pipeline,
    StableAudioDiTModel,
    StableAudioPipeline,
    StableAudioProjectionModel,
)
from diffusers.pipelines.ace_step.modeling_ace_step import AceStepConditionEncoder
from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
from tokenizers import Tokenizer, models, pre_tokenizers
from tqdm import tqdm
from transformers import (
    GemmaTokenizer,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3Model,
    T5Config,
    T5EncoderModel,
    T5GemmaConfig,
    T5GemmaEncoderModel,
    T5GemmaModuleConfig,
    T5TokenizerFast,
)

# Without the thread that redraws bars: it would outlive the test in which a library draws the first one.
tqdm.monitor_interval = 0

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:#|<>[]'- \n"


def woken(model: Any, seed: int) -> Any:
    """Return the model with random numbers in the place of parameters that are all zero."""
    source = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if not parameter.any():
                parameter.copy_(0.3 * torch.randn(parameter.shape, generator=source))
    return model.eval()


def stable_audio(folder: Path, *, n_frames: int = 64) -> None:
    """Build a Stable Audio Open whose longest clip has so many frames of 2048 samples: 3 s."""
    torch.manual_seed(1)
    pieces = [
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", -1.0),
        ("▁", -2.0),
        *((one, -3.0) for one in LETTERS if one > " "),
    ]
    tokenizer = T5TokenizerFast(vocab=pieces, extra_ids=0)
    tokenizer.model_max_length = 48
    text = T5Config(vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2)
    transformer = StableAudioDiTModel(
        sample_size=n_frames,
        in_channels=2,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=2,
        num_key_value_attention_heads=2,
        out_channels=2,
        cross_attention_dim=8,
        time_proj_dim=8,
        global_states_input_dim=16,
        cross_attention_input_dim=8,
    )
    StableAudioPipeline(
        vae=woken(oobleck([16, 128], 2, 44_100), 2),
        text_encoder=T5EncoderModel(text).eval(),
        projection_model=StableAudioProjectionModel(
            text_encoder_dim=16, conditioning_dim=8, min_value=0, max_value=512
        ),
        tokenizer=tokenizer,
        transformer=woken(transformer, 3),
        scheduler=CosineDPMSolverMultistepScheduler(sigma_min=0.3, sigma_max=500),
    ).save_pretrained(folder)


def stable_audio_3(folder: Path, *, distilled: bool = True) -> None:
    """Build a Stable Audio 3, of the kind for eight steps or of the kind before that was made of it."""
    torch.manual_seed(1)
    vocabulary = {one: at for at, one in enumerate(("<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *LETTERS))}
    text = T5GemmaModuleConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
    )
    transformer = StableAudio3DiTModel(
        io_channels=8,
        embed_dim=32,
        depth=2,
        num_heads=2,
        cond_token_dim=16,
        global_cond_dim=16,
        local_add_cond_dim=9,
        timestep_features_dim=16,
        num_memory_tokens=2,
    )
    vae = same(depth=2)
    tokenizer = GemmaTokenizer(vocab=vocabulary, merges=[])
    tokenizer.model_max_length = 48
    StableAudio3Pipeline(
        vae=woken(vae, 2),
        text_encoder=T5GemmaEncoderModel(T5GemmaConfig(encoder=text, decoder=text, is_encoder_decoder=False)).eval(),
        tokenizer=tokenizer,
        duration_embedder=StableAudio3DurationEmbedder(output_dim=16, fourier_dim=16),
        transformer=woken(transformer, 3),
        scheduler=FlowMatchEulerDiscreteScheduler(stochastic_sampling=distilled),
    ).save_pretrained(folder)


def ace_step(folder: Path, *, turbo: bool = True) -> None:
    """Build an ACE-Step 1.5, as made for eight steps or as the base is."""
    torch.manual_seed(1)
    letters = {one: at for at, one in enumerate(("<unk>", "<|endoftext|>", *LETTERS))}
    plain = Tokenizer(models.WordLevel(letters, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, unk_token="<unk>", pad_token="<|endoftext|>")
    attention = {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8}
    text = Qwen3Config(
        vocab_size=len(letters), hidden_size=16, intermediate_size=32, num_hidden_layers=2, pad_token_id=1, **attention
    )
    size = {"hidden_size": 16, "intermediate_size": 32, **attention}
    transformer = AceStepTransformer1DModel(
        num_hidden_layers=2, in_channels=6, audio_acoustic_hidden_dim=2, is_turbo=turbo, **size
    )
    conditions = AceStepConditionEncoder(
        text_hidden_dim=16,
        timbre_hidden_dim=2,
        num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
        **size,
    )
    AceStepPipeline(
        vae=woken(oobleck([16, 120], 2, 48_000), 2),
        text_encoder=Qwen3Model(text).eval(),
        tokenizer=tokenizer,
        transformer=woken(transformer, 3),
        condition_encoder=woken(conditions, 4),
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
    ).save_pretrained(folder)


def same(*, depth: int) -> Any:
    """Build the autoencoder of Stable Audio 3 with so many layers: 4096 samples a latent."""
    return AutoencoderSAME(
        encoder_channels=8, encoder_c_mults=[4], encoder_transformer_depths=[depth], latent_dim=8, dim_heads=8
    )


def oobleck(ratios: list[int], latent_dim: int, sampling_rate: int) -> Any:
    """Build the autoencoder of ACE-Step and Stable Audio Open; one with few ratios is quicker."""
    # The encoder gives a mean and a deviation for each of the latents.
    return AutoencoderOobleck(
        encoder_hidden_size=2 * latent_dim,
        downsampling_ratios=ratios,
        decoder_channels=2,
        decoder_input_channels=latent_dim,
        audio_channels=2,
        channel_multiples=[1] * len(ratios),
        sampling_rate=sampling_rate,
    )
