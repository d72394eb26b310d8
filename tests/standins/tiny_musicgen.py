# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny MusicGen with random weights stands in for the real one, saved in the hub's cache as downloads are.

It has the real codec's rate and codebooks, and the real classes; what it makes is noise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,'-/#"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CODES = 64


def build(folder: Path, *, n_channels: int = 1, melody: bool = False, seed: int = 0) -> None:
    """Build a model and save it with its tokenizer, as the library saves them."""
    import torch
    import transformers
    from transformers import EncodecConfig, T5Config, T5Tokenizer

    torch.manual_seed(seed)
    vocabulary = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -1.0), ("▁", -2.0), *((one, -3.0) for one in LETTERS)]
    tokenizer = T5Tokenizer(vocab=vocabulary, extra_ids=0)
    text: dict[str, Any] = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    codec = EncodecConfig(
        sampling_rate=32_000,
        upsampling_ratios=[8, 5, 4, 4],
        # Four codebooks of 64 codes at 50 Hz.
        target_bandwidths=[1.2],
        codebook_size=CODES,
        codebook_dim=8,
        hidden_size=8,
        num_filters=2,
        num_lstm_layers=1,
        norm_type="weight_norm",
        use_causal_conv=False,
    )
    decoder: dict[str, Any] = {
        "vocab_size": CODES,
        "hidden_size": 32,
        "ffn_dim": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_codebooks": 4 * n_channels,
        "audio_channels": n_channels,
        "pad_token_id": CODES,
        "bos_token_id": CODES,
        "dropout": 0.0,
    }
    name = "MusicgenMelody" if melody else "Musicgen"
    config = getattr(transformers, f"{name}Config")(
        text_encoder=T5Config(vocab_size=len(tokenizer), is_encoder_decoder=False, use_cache=False, **text),
        audio_encoder=codec,
        decoder=getattr(transformers, f"{name}DecoderConfig")(**decoder),
    )
    model = getattr(transformers, f"{name}ForConditionalGeneration")(config).eval()
    _enliven(model)
    make_config: Any = transformers.GenerationConfig
    model.generation_config = make_config(
        do_sample=True, guidance_scale=3.0, max_length=1500, pad_token_id=CODES, decoder_start_token_id=CODES
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _enliven(model: Any) -> None:
    """Make what the library leaves zero or tiny so large that every code sounds, and is heard, unlike the others."""
    import torch

    with torch.no_grad():
        for one in model.decoder.parameters():
            if one.dim() == 2:
                one.normal_(0.0, 0.3)
        codec = model.audio_encoder
        for name, one in codec.named_parameters():
            if name.endswith("conv.bias"):
                one.zero_()
            elif name.endswith("original0"):
                # How large a convolution's weights are.
                one.mul_(2.0)
        layers = codec.quantizer.layers
        for layer in layers:
            layer.codebook.embed.normal_()
        codes = torch.randint(0, CODES, (1, 1, len(layers), 100))
        sound = codec.decode(codes, audio_scales=[None]).audio_values
        codec.decoder.layers[-1].conv.parametrizations.weight.original0.mul_(0.1 / sound.std())
        # The codebooks lie where the encoder's own output does, each finer than the one before.
        states = codec.encoder(codec.decode(codes, audio_scales=[None]).audio_values)[0]
        for n, layer in enumerate(layers):
            centre = states.mean(-1) if n == 0 else 0.0
            layer.codebook.embed.copy_(centre + torch.randn(CODES, len(states)) * states.std(-1) * 0.6**n)
        sound = codec.decode(codes, audio_scales=[None]).audio_values
        codec.decoder.layers[-1].conv.parametrizations.weight.original0.mul_(0.1 / sound.std())


def install(cache: Path, name: str, **shape: Any) -> Path:
    """Build a model where the hub's cache has the model of that name; return its folder."""
    repository = cache / f"models--facebook--musicgen-{name}"
    folder = repository / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    build(folder, **shape)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    return folder
