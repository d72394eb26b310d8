# SPDX-License-Identifier: GPL-3.0-or-later
"""The composer's other modules take from here what a prompt is read into; the package ``reading`` does the work."""

from engine.generators.composer.reading import Brief, Chip, ChipKind, chips, read_prompt, readings, understand

__all__ = ["Brief", "Chip", "ChipKind", "chips", "read_prompt", "readings", "understand"]
