# SPDX-License-Identifier: GPL-3.0-or-later
"""This module holds assets as the model manager lists them, of each kind and in each state."""

from __future__ import annotations

from engine.values import Licence
from engine.values.assets import Asset, AssetKind, Fit, Held

NC = Licence("CC-BY-NC-4.0: not for commercial use", is_commercial=False)
MIT = Licence("MIT: free to use, also commercially", is_commercial=True)
GB = 1_000_000_000


def weights(name: str, size_gb: float, memory_gb: float, fit: Fit, held: Held = Held.MISSING) -> Asset:
    generator, _, model = name.partition("/")
    title = {"musicgen": "MusicGen", "diffusion": "Diffusion", "musicgpt": "MusicGPT"}[generator]
    is_own = generator == "musicgpt"
    return Asset(
        name,
        AssetKind.WEIGHTS,
        generator,
        title,
        held,
        source="gabotechs/music_gen" if is_own else f"facebook/{name.replace('/', '-')}",
        model=model,
        size_bytes=round(size_gb * GB),
        memory_bytes=round(memory_gb * GB),
        fit=fit,
        licence=MIT if generator == "diffusion" else NC,
        can_get=not is_own,
        can_remove=held is not Held.MISSING,
        place=f"/home/ada/.cache/huggingface/hub/models--{generator}-{model}" if held is not Held.MISSING else "",
    )


ASSETS = (
    Asset("musicgpt", AssetKind.PROGRAM, "musicgpt", "MusicGPT", Held.MISSING, "https://github.com/gabotechs/MusicGPT"),
    weights("musicgpt/small", 0.0, 4.0, Fit.FITS),
    weights("musicgpt/large", 0.0, 17.0, Fit.TIGHT),
    Asset(
        "musicgen", AssetKind.EXTRA, "musicgen", "MusicGen", Held.HERE, "PyPI", size_bytes=751_000_000, can_remove=False
    ),
    weights("musicgen/small", 2.4, 4.0, Fit.FITS, Held.HERE),
    weights("musicgen/medium", 8.0, 10.0, Fit.FITS, Held.PARTLY),
    weights("musicgen/large", 13.7, 17.0, Fit.TIGHT),
    Asset("diffusion", AssetKind.EXTRA, "diffusion", "Diffusion", Held.MISSING, "PyPI", can_remove=False),
    weights("diffusion/acestep-v15-xl-turbo", 19.4, 26.0, Fit.TOO_LARGE),
)
