# SPDX-License-Identifier: GPL-3.0-or-later
"""Obedience is told from the notes: style words, what is left out, bars, and words that change."""

from __future__ import annotations

from tests.benchmarks.composerreport import corpus, score_access
from tests.benchmarks.composerreport.measured import Found
from tests.benchmarks.composerreport.notes import Written
from tests.benchmarks.composerreport.table import Line, share

HEARD = frozenset({"metre", "bars"})
"""Groups of clips that must be made to tell."""

_SEEDS = (4, 11, 23)
_DURATION_S = 12.0


def lines(found: list[Found]) -> list[Line]:
    """Return the lines on what is understood and obeyed."""
    words = own_styles()
    negated = {prompt: _left_out(prompt, names) for prompt, names in corpus.NEGATIONS}
    tonics, players = changed()
    unknown = [score_access.read(prompt) for prompt in corpus.UNKNOWN]
    metred = [f for f in found if f.ask.group == "metre"]
    barred = [f for f in found if f.ask.group == "bars"]
    drawn = [word for word in corpus.STYLE_WORDS if score_access.read(word).style is None]
    shared = len(corpus.STYLE_WORDS) - len(drawn) - len(words)
    return [
        Line(
            "style words with a style of their own, of 45",
            "45",
            f"{len(words)} ({shared} share one, {len(drawn)} drawn by seed)",
        ),
        Line(
            "unknown words said not to be known / with the nearest known",
            "all",
            f"{share(bool(one.unknown or one.nearest) for one in unknown)} / "
            f"{share(bool(one.nearest) for one in unknown)}",
        ),
        Line(
            "out of range said",
            "all",
            share(bool(score_access.read(prompt).refused) for prompt in corpus.OUT_OF_RANGE),
        ),
        Line("“without …” obeyed (no such player, three seeds)", "100 %", _with_faults(negated)),
        Line("bars asked for", "100 %", _with_faults({f.ask.prompt: f.ask.wanted == str(f.bars) for f in barred})),
        Line(
            "metre asked for, as claimed",
            "100 %",
            share(f.ask.wanted.split("/")[0] == str(f.beats_per_bar) for f in metred),
        ),
        Line("one word changed, same seed: same tonic / same players", "100 / 100 %", f"{tonics} / {players}"),
    ]


def own_styles() -> dict[str, str]:
    """Return the style of each style word that has one which no word before it has."""
    out: dict[str, str] = {}
    for word in corpus.STYLE_WORDS:
        style = score_access.read(word).style
        if style is not None and style not in out.values():
            out[word] = style
    return out


def changed() -> tuple[str, str]:
    """Return how often one changed word leaves the tonic, and the players, as they were."""
    tonics, players = [], []
    for prompt, others in corpus.CHANGED:
        for seed in _SEEDS:
            one = _written(prompt, seed)
            for other in (_written(words, seed) for words in others):
                tonics.append(one.tonic == other.tonic)
                players.append(_players(one) == _players(other))
    return share(tonics), share(players)


def _left_out(prompt: str, names: tuple[str, ...]) -> bool:
    return all(not has(_written(prompt, seed), name) for seed in _SEEDS for name in names)


def has(piece: Written, name: str) -> bool:
    """Return whether an instrument of this name, or a player of this role, plays."""
    if name == "drums":
        return bool(piece.strokes)
    # An electric piano is another instrument than a piano; a steel guitar is a guitar.
    kinds = {line.instrument if name == "piano" else line.instrument.split()[-1] for line in piece.lines}
    return name in kinds or any(line.role == name for line in piece.lines)


def _with_faults(right: dict[str, bool]) -> str:
    wrong = [prompt for prompt, is_right in right.items() if not is_right]
    return share(right.values()) + (f" (not: {'; '.join(wrong)})" if wrong else "")


def _players(piece: Written) -> frozenset[tuple[str, str]]:
    return frozenset((line.role, line.instrument) for line in piece.lines)


def _written(prompt: str, seed: int) -> Written:
    return score_access.written(score_access.request_of(prompt, seed, _DURATION_S))
