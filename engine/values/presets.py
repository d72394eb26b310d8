# SPDX-License-Identifier: GPL-3.0-or-later
"""A preset is a prompt with settings, under a title and words of its own; it is kept as a text file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.values.parameters import Parameters


@dataclass(frozen=True, slots=True)
class PresetWords:
    """A preset is told by these texts in one language: its title, and a sentence on what it is for."""

    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset is all that a person chooses of music to be made, but for what belongs to the machine.

    Attributes
    ----------
    name
        Its file's name without the ending, by which commands know it.
    texts
        Title and words, by language ("en", "it"); at least one.
    category
        What it is for ("focus", "night"), or "".
    generator, model
        Its generator's name; the model, or "" for the generator's usual one.
    options
        The studio's options that it sets (``engine.values.options.OF_PRESETS``); all others stay as they are.
    parameters
        The generator's parameters that it sets; all others of the music have their defaults.
    file
        Where it was read.
    is_factory
        Whether it came with the studio.
    """

    name: str
    texts: Mapping[str, PresetWords]
    prompt: str
    generator: str
    category: str = ""
    model: str = ""
    options: Parameters = field(default_factory=Parameters)
    parameters: Parameters = field(default_factory=Parameters)
    file: str = ""
    is_factory: bool = False

    def told(self, language: str = "en") -> PresetWords:
        """Return title and words in a language, else in English, else in the first language that it has."""
        for one in (language, "en", *self.texts):
            if one in self.texts:
                return self.texts[one]
        return PresetWords(self.name)

    def as_dict(self) -> dict[str, Any]:
        """Return the preset ready for JSON."""
        return {
            "name": self.name,
            "category": self.category,
            **{language: {"title": one.title, "words": one.words} for language, one in self.texts.items()},
            "prompt": self.prompt,
            "generator": self.generator,
            "model": self.model,
            "options": dict(self.options),
            "parameters": dict(self.parameters),
            "file": self.file,
            "is_factory": self.is_factory,
        }
