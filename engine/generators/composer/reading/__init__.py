# SPDX-License-Identifier: GPL-3.0-or-later
"""This package reads prompts: word lists, the lexicon of phrases, figures, clauses, and what they come to."""

from engine.generators.composer.reading.asked import Brief, Chip, ChipKind
from engine.generators.composer.reading.cutting import readings
from engine.generators.composer.reading.reader import chips, read_prompt, understand

__all__ = ["Brief", "Chip", "ChipKind", "chips", "read_prompt", "readings", "understand"]
