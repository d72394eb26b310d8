# SPDX-License-Identifier: GPL-3.0-or-later
"""This package is the generators that paint music out of noise, by the library diffusers: one a family of models."""

from engine.generators.diffusion.families import AceStep, StableAudio, StableAudio3, StableAudioSmall

__all__ = ["AceStep", "StableAudio", "StableAudio3", "StableAudioSmall"]
