# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says tempo, key, metre and bars in words, for a model that is told nothing but a prompt."""

from __future__ import annotations

import re

from engine.values import ClipRequest

_TEMPO = re.compile(r"\b\d{2,3}(?:[.,]\d+)?\s*(?:bpm\b|beats per minute\b)", re.IGNORECASE)
_KEY = re.compile(
    r"\b(?:in |key of )?(?-i:[A-G])(?:[#♯b♭]|[\s-](?:sharp|flat))?[\s-](?:major|minor|maj|min)\b", re.IGNORECASE
)
_METRE = re.compile(r"\b(?:in )?(?:2|3|4|5|6|7|9|12)/(?:4|8)\b")
_BARS = re.compile(r"\b\d{1,3}\s*(?:bars?|measures?)\b", re.IGNORECASE)


def worded(request: ClipRequest, *, bpm: bool = True, key: bool = True, metre: bool = True, bars: bool = True) -> str:
    """Return the prompt with what else was asked in words: “lofi, 85 bpm, A minor, 4/4, 8 bars”.

    What is asked beside the prompt counts more than what the prompt says of the same: that is then taken out, so that
    the model does not read two tempos. A field that is not asked leaves the prompt's own words alone.

    Parameters
    ----------
    bpm, key, metre, bars
        Whether that one is said in words: not where the model takes it as a parameter of its own.
    """
    said = (
        (bpm and request.bpm is not None, _TEMPO, f"{request.bpm or 0.0:g} bpm"),
        (key and request.key is not None, _KEY, request.key or ""),
        (metre and request.metre is not None, _METRE, request.metre or ""),
        (bars and request.bars is not None, _BARS, "1 bar" if request.bars == 1 else f"{request.bars} bars"),
    )
    prompt, words = " ".join(request.prompt.split()), []
    for is_said, pattern, word in said:
        if is_said:
            prompt = pattern.sub("", prompt)
            words.append(word)
    if not words:
        return prompt
    parts = [" ".join(part.split()) for part in prompt.split(",")]
    return ", ".join([*(part for part in parts if part), *words])


def tempo_in(prompt: str) -> float | None:
    """Return the tempo, beats a minute, that a prompt says in figures: “85 bpm”; None where it says none."""
    match = _TEMPO.search(prompt)
    if match is None:
        return None
    figures = re.match(r"[\d.,]+", match[0])
    return float(figures[0].replace(",", ".")) if figures is not None else None


def without_tempo(prompt: str) -> str:
    """Return a prompt without the tempos that it says in figures."""
    parts = (" ".join(part.split()) for part in _TEMPO.sub("", prompt).split(","))
    return ", ".join(part for part in parts if part)


def is_key(words: str) -> bool:
    """Return whether words name a key and nothing else: “A minor”."""
    return _KEY.fullmatch(words.strip()) is not None
