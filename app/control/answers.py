# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio answers how things stand by these: as data for programs, and in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.control.facts import tempo_of
from app.control.named_settings import SHORT, value_of, words_of
from app.control.wire import Answer, error_as_dict
from engine.session.playtime import least_play_s
from engine.values import Jump, LoopCandidate, SeamProof

if TYPE_CHECKING:
    from app.control.facts import StudioFacts
    from app.settings import Settings
    from engine.session.options import LoopView

JUMPS = {
    Jump.CLICK: "it clicks",
    Jump.BUMP: "it bumps",
    Jump.DIP: "its level dips",
    Jump.BEAT: "it falls out of its beat",
}
"""Faults that a listener notices at a seam, in words."""


def percent(score: float) -> str:
    """Return a score in [0, 1] as the console lines tell it: 100% is nothing less."""
    return f"{int(100.0 * score + 1e-9)}%"


def bars_words(bars: int | None) -> str:
    """Return how many bars a loop has, in words; "" where that is not known."""
    return "1 bar" if bars == 1 else f"{bars} bars" if bars else ""


def seam_words(candidate: LoopCandidate, proof: SeamProof | None) -> str:
    """Return the verdict on a seam: how loud it is against the music's own beats, and what is heard of it."""
    if proof is None:
        return "seam not measured yet"
    # The loop finder takes a tenth of a second to load: not while a window opens.
    from engine.loops.heard import jumps_at

    of_what = "beats" if candidate.tempo_bpm is not None else "notes"
    heard = [JUMPS[one] for one in jumps_at(candidate, proof)]
    words = f"seam quieter than {proof.quieter_than:.0%} of its own {of_what}"
    return f"{words}, but {', '.join(heard)}" if heard else words


def least_s(facts: StudioFacts, settings: Settings) -> float | None:
    """Return for how many seconds the loop that plays plays at least; None for one that ships with the studio."""
    view = facts.view
    if view is None or view.is_starter:
        return None
    # Read ten times a second: not by way of all the options.
    asked_s = min(settings.min_play_s, settings.max_play_s or settings.min_play_s)
    return least_play_s(view.candidate, facts.turn_s, asked_s)


def turn_words(facts: StudioFacts, settings: Settings) -> str:
    """Return how long the loop has played, of how long at least, and whether the next one is there."""
    if not facts.is_running:
        return "stopped"
    turns, share = facts.heard
    played_s, least = (turns + share) * facts.turn_s, least_s(facts, settings)
    words = (
        f"turn {turns + 1} · {played_s:.0f} s"
        if least is None
        else f"turn {turns + 1} · {played_s:.0f} / {least:.0f} s"
    )
    if facts.transport.is_paused:
        return f"{words} · paused"
    if facts.transport.is_held:
        return f"{words} · held"
    if facts.next.kind == "ready":
        return f"{words} · next is ready"
    return f"{words} · waiting for the next" if least is not None and played_s >= least else words


def next_words(facts: StudioFacts) -> str:
    """Return how the next loop is coming along, in words."""
    state, progress = facts.next, facts.progress
    if state.kind == "failed":
        again = f"; again in {state.retry_s:.0f} s" if state.retry_s else ""
        return f"{state.error}{again}"
    if state.kind == "ready" and progress is None:
        return f"“{state.title}” is ready"
    if progress is None:
        return "nothing is being made" if state.kind == "idle" else "being made"
    words = progress.stage
    if progress.fraction is not None:
        words += f" {progress.fraction:.0%}"
    if progress.left_s is not None:
        words += f", {progress.left_s:.0f} s left"
    return f"“{state.title}” is ready; {words}" if state.kind == "ready" else words


def card_lines(view: LoopView) -> list[str]:
    """Return what the card says of the loop that plays: title and artist, prompt, bars, tempo, key, generator."""
    recipe, candidate = view.recipe, view.candidate
    tempo = tempo_of(view)
    facts = [
        bars_words(candidate.bars),
        f"{tempo:.4g} bpm" if tempo else "",
        recipe.facts.key or "",
        " ".join(filter(None, (recipe.generator, recipe.model))),
    ]
    lines = [" – ".join(filter(None, (recipe.title, recipe.artist)))]
    if recipe.prompt:
        lines.append(f"“{recipe.prompt}”")
    return [*lines, " · ".join(filter(None, facts))]


def playing_as_dict(facts: StudioFacts, settings: Settings) -> dict[str, Any] | None:
    """Return the loop that is shown and how it is heard; None before the first one."""
    view = facts.view
    if view is None:
        return None
    recipe, candidate, proof = view.recipe, view.candidate, view.proof
    turns, share = facts.heard
    return {
        "title": recipe.title,
        "artist": recipe.artist,
        "prompt": recipe.prompt,
        "generator": recipe.generator,
        "model": recipe.model,
        "seed": recipe.seed,
        "starter": view.is_starter,
        "favourite": facts.transport.is_favourite,
        "bars": candidate.bars,
        "tempo_bpm": tempo_of(view),
        "key": recipe.facts.key,
        "score": round(candidate.score, 4),
        "weak": candidate.weak,
        "metrics": {name: round(value, 4) for name, value in candidate.metrics.as_dict().items()},
        "seam": seam_words(candidate, proof),
        "quieter_than": None if proof is None else round(proof.quieter_than, 4),
        "sample_rate": view.sample_rate,
        "loop_start": view.region.loop_start,
        "loop_end": view.region.loop_end,
        "overlap_ms": view.overlap_ms,
        "turn": turns + 1,
        "place_s": round(share * facts.turn_s, 3),
        "turn_s": round(facts.turn_s, 6),
        "played_s": round((turns + share) * facts.turn_s, 3),
        "least_s": least_s(facts, settings),
    }


def status(facts: StudioFacts, settings: Settings) -> Answer:
    """Return everything that a program or a person may want to know of the studio now."""
    state, following, hand, view = facts.transport, facts.next, facts.hand, facts.view
    progress = facts.progress
    data = {
        "running": facts.is_running,
        "paused": state.is_paused,
        "held": state.is_held,
        "recording": state.recording or None,
        "sleep_left_s": state.sleep_left_s,
        "device": facts.device,
        "playing": playing_as_dict(facts, settings),
        "next": {
            "kind": following.kind,
            "title": following.title,
            "stage": None if progress is None else progress.stage,
            "fraction": None if progress is None else progress.fraction,
            "left_s": None if progress is None else progress.left_s,
            "error": None if following.error is None else error_as_dict(following.error),
        },
        "ready": [one.recipe.title for one in facts.ready],
        "in_hand_s": None if hand is None else round(hand.prepared_s, 3),
        "settings": {name: value_of(name, settings) for name in SHORT},
    }
    words = ["playing" if facts.is_running else "stopped"]
    words += ["paused"] * state.is_paused + ["held"] * state.is_held
    lines = [", ".join(words)]
    if view is not None:
        lines += [*card_lines(view), *([turn_words(facts, settings)] if facts.is_running else [])]
        lines.append(f"score {percent(view.candidate.score)}, {seam_words(view.candidate, view.proof)}")
    lines.append(f"next: {next_words(facts)}")
    if state.recording:
        lines.append(f"recording to {state.recording}")
    if state.sleep_left_s is not None:
        lines.append(f"stops in {state.sleep_left_s / 60.0:.0f} min")
    lines.append(f"set: {', '.join(f'{name} {words_of(name, settings)}' for name in SHORT if name != 'prompt')}")
    return Answer("\n".join(lines), data)


def candidates(facts: StudioFacts) -> Answer:
    """Return the loops that were found in the clip that plays, best first; the one that plays has a star."""
    view = facts.view
    found = () if view is None else view.candidates
    if view is None or not found:
        return Answer("none are known yet", {"candidates": []})
    rate = view.sample_rate
    lines, told = [], []
    for at, one in enumerate(found):
        start, seconds = one.region.loop_start / rate, one.region.n_samples / rate
        bars = f", {bars_words(one.bars)}" if one.bars else ""
        mark = "*" if at == view.current else " "
        place = f"from {start:6.2f} s, {seconds:6.2f} s long"
        lines.append(f"{mark}{at + 1:>3}  score {percent(one.score):>4}  {place}{bars}")
        told.append(
            {
                "n": at + 1,
                "plays": at == view.current,
                "loop_start": one.region.loop_start,
                "loop_end": one.region.loop_end,
                "score": round(one.score, 4),
                "bars": one.bars,
                "metrics": {name: round(value, 4) for name, value in one.metrics.as_dict().items()},
            }
        )
    return Answer("\n".join(lines), {"sample_rate": rate, "candidates": told})


def validated(facts: StudioFacts) -> Answer:
    """Return what is measured of the loop that plays, and of those that are ready: whether a listener finds a fault."""
    view = facts.view
    lines, told = [], []
    if view is not None:
        from engine.loops.heard import jumps_at

        proof = view.proof
        heard = [] if proof is None else [JUMPS[one] for one in jumps_at(view.candidate, proof)]
        good = proof is not None and not heard
        verdict = "not measured yet" if proof is None else "good" if good else "heard"
        plays = "plays" if facts.is_running else "stopped"
        lines.append(f"{plays}: “{view.recipe.title}”: {verdict}, {seam_words(view.candidate, proof)}")
        told.append({"which": "current", "title": view.recipe.title, "measured": proof is not None, "good": good})
    for one in facts.ready:
        loop = one.recipe.loop
        lines.append(f"ready: “{one.recipe.title}”: score {percent(loop.score)}{', weak' if loop.weak else ''}")
        told.append({"which": "next", "title": one.recipe.title, "measured": True, "good": not loop.weak})
    return Answer("\n".join(lines) or "nothing plays and nothing is ready", {"loops": told})
