# SPDX-License-Identifier: GPL-3.0-or-later
"""The lexicon finds the longest known phrase in a prompt, inflected or misspelt, with all that it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from engine.generators.composer.reading.text import PlainText, Word, plain_phrase
from engine.generators.composer.reading.wordlists import Feeling, Sound, word_lists
from engine.generators.composer.styles import Style

_WITHIN_PHRASES = re.compile(r"[ \-'_]*")  # what may stand between the words of one phrase
_SHORTEST_STEM, _SHORTEST_INFLECTED = 4, 5
_SHORTEST_MISSPELT, _LIKENESS = 5, 0.84


@dataclass(slots=True)
class Meaning:
    """A meaning is all that one phrase may stand for.

    Attributes
    ----------
    style, hint
        Names of the styles that it names, and at which it only hints.
    absent
        A sound of which it says that it is absent.
    grammar
        Its part in holding the prompt together (see ``wordlists.GRAMMAR``), or "".
    near, near_styles
        What it is taken for, as it is not known itself.
    phrase
        The phrase as it is listed.
    """

    phrase: str
    style: str = ""
    hint: str = ""
    feeling: Feeling | None = None
    sound: Sound | None = None
    absent: Sound | None = None
    metre: tuple[int, int] | None = None
    mode: str = ""
    grammar: str = ""
    near: tuple[Feeling, ...] = ()
    near_styles: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it means something of itself, not only by way of the thesaurus."""
        return bool(
            self.style
            or self.hint
            or self.feeling
            or self.sound
            or self.absent
            or self.metre
            or self.mode
            or self.grammar
        )


class _Node:
    """A word of a phrase, with the words that may follow it."""

    __slots__ = ("following", "meaning")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.meaning: Meaning | None = None


class Lexicon:
    """All phrases that the composer knows, by their words.

    Parameters
    ----------
    meanings
        What each phrase means.
    """

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        self._exact, self._stems = _Node(), _Node()
        self._misspelt: dict[str, list[Meaning]] = {}
        for meaning in meanings:
            words = plain_phrase(meaning.phrase)
            _plant(self._exact, words, meaning)
            # "drums and bass" is not the style.
            if not meaning.grammar and not (meaning.style and len(words) > 1):
                _plant(self._stems, tuple(map(stem, words)), meaning)
            if len(words) == 1 and len(words[0]) >= _SHORTEST_MISSPELT and meaning.is_known and not meaning.grammar:
                for form in _one_letter_less(words[0]):
                    self._misspelt.setdefault(form, []).append(meaning)

    def longest(self, words: tuple[Word, ...], at: int) -> tuple[int, Meaning] | None:
        """Return the number of words of the longest known phrase from ``at`` on, and what it means, or None."""
        found = self._longest(words, at)
        if found is None or found[0] == 1 or found[1].is_known:
            return found
        # "post rock" is a way of rock, and no other style beside it; "gypsy jazz" is gypsy and jazz.
        if within := self._style_within(words, at, found[0]):
            if within == self.style_of(found[1]):
                return found[0], replace(found[1], style=within)
            return self._longest(words[: at + found[0] - 1], at)
        return found

    def style_of(self, meaning: Meaning) -> str:
        """Return the first style there is of those that a style's unknown name is taken for, or ""."""
        for phrase in meaning.near_styles:
            words = PlainText(phrase).words
            found = _walk(self._exact, words, 0, stemmed=False)
            if found is not None and found[0] == len(words) and found[1].style:
                return found[1].style
        return ""

    def _longest(self, words: tuple[Word, ...], at: int) -> tuple[int, Meaning] | None:
        exact = _walk(self._exact, words, at, stemmed=False)
        stemmed = _walk(self._stems, words, at, stemmed=True)
        if stemmed is not None and (exact is None or stemmed[0] > exact[0]):
            return stemmed
        return exact

    def _style_within(self, words: tuple[Word, ...], at: int, count: int) -> str:
        """Return the style that is named within the phrase of ``count`` words from ``at`` on, or ""."""
        shorter, whole = words[: at + count - 1], words[: at + count]
        parts = (_walk(self._exact, whole if i > at else shorter, i, stemmed=False) for i in range(at, at + count))
        return next((part[1].style for part in parts if part is not None and part[1].style), "")

    def misspelt(self, word: str) -> Meaning | None:
        """Return the known word of which ``word`` is a slip: one letter more, less, other, or two swapped."""
        if len(word) < _SHORTEST_MISSPELT:
            return None
        best: tuple[float, Meaning] | None = None
        for form in _one_letter_less(word):
            for meaning in self._misspelt.get(form, ()):
                known = plain_phrase(meaning.phrase)[0]
                if known[0] != word[0] or max(len(known), len(word)) <= _SHORTEST_MISSPELT:
                    continue
                likeness = SequenceMatcher(None, word, known, autojunk=False).ratio()
                if likeness >= _LIKENESS and (best is None or likeness > best[0]):
                    best = likeness, meaning
        return best[1] if best is not None else None


def stem(word: str) -> str:
    """Return a word without what marks number and gender in English and Italian: "guitars", "chitarre"."""
    if len(word) < _SHORTEST_INFLECTED or not word.isalpha():
        return word
    short = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    if short[-1] in "aeio":
        short = short[:-1]
    short = short.removesuffix("h")
    return short if len(short) >= _SHORTEST_STEM else word


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _plant(root: _Node, words: tuple[str, ...], meaning: Meaning) -> None:
    node = root
    for word in words:
        node = node.following.setdefault(word, _Node())
    if node.meaning is None:
        node.meaning = meaning


def _walk(root: _Node, words: tuple[Word, ...], at: int, *, stemmed: bool) -> tuple[int, Meaning] | None:
    node, found = root, None
    for i in range(at, len(words)):
        if i > at and _WITHIN_PHRASES.fullmatch(words[i].gap) is None:
            break
        following = node.following.get(stem(words[i].text) if stemmed else words[i].text)
        if following is None:
            break
        node = following
        if node.meaning is not None:
            found = i - at + 1, node.meaning
    return found


_StyleWords = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Name of a style, the words that name it, and those that hint at it."""


def lexicon(every: Mapping[str, Style]) -> Lexicon:
    """Return the lexicon of the word lists and of these styles."""
    return _lexicon(tuple((name, (*style.words, style.title, name), style.hints) for name, style in every.items()))


@lru_cache(maxsize=2)
def _lexicon(every: tuple[_StyleWords, ...]) -> Lexicon:
    return Lexicon(_meanings(every))


def _meanings(every: tuple[_StyleWords, ...]) -> list[Meaning]:
    found: dict[tuple[str, ...], Meaning] = {}

    def of(phrase: str) -> Meaning:
        """Return what the phrase means so far."""
        words = plain_phrase(phrase)
        return found.setdefault(words, Meaning(phrase)) if words else Meaning(phrase)

    lists = word_lists()
    # The first style that claims a word keeps it.
    for name, names, _hints in every:
        for phrase in names:
            meaning = of(phrase)
            meaning.style = meaning.style or name
    for name, _names, hints in every:
        for phrase in hints:
            meaning = of(phrase)
            meaning.hint = meaning.hint or name
    for phrase, feeling in lists.feelings.items():
        of(phrase).feeling = feeling
    for phrase, sound in lists.sounds.items():
        of(phrase).sound = sound
    for phrase, sound in lists.absent.items():
        of(phrase).absent = sound
    for phrase, metre in lists.metres.items():
        of(phrase).metre = metre
    for phrase, mode in lists.modes.items():
        of(phrase).mode = mode
    for phrase, grammar in lists.grammar.items():
        of(phrase).grammar = grammar
    for phrase, near in lists.near.items():
        of(phrase).near = near
    for phrase, near_styles in lists.near_styles.items():
        of(phrase).near_styles = near_styles
    return list(found.values())
