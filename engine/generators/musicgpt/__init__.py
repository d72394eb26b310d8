# SPDX-License-Identifier: GPL-3.0-or-later
"""MusicGPT is the real binary (https://github.com/gabotechs/MusicGPT), kept warm, or run once for each clip."""

from engine.generators.musicgpt.generator import MusicGPT

__all__ = ["MusicGPT"]
