# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGen by ``transformers``: an own decode loop with progress, cancel, seeds, batches and parts as they come."""

from engine.generators.musicgen.musicgen import MusicGen

__all__ = ["MusicGen"]
