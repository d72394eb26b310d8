# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads a prompt into a brief and chips: what is honoured, left out, taken for something near, unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.dsp.keynames import tonic_name
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.reading.asked import Brief, Chip, ChipKind
from engine.generators.composer.reading.clauses import alone, mark_negated
from engine.generators.composer.reading.feelings import Feelings
from engine.generators.composer.reading.figures import Figure
from engine.generators.composer.reading.items import Item, read_items
from engine.generators.composer.reading.lexicon import Meaning
from engine.generators.composer.reading.named_styles import NamedStyles, named_styles
from engine.generators.composer.reading.sounds import all_of, is_stand_in, leave_out, played
from engine.generators.composer.reading.text import PlainText
from engine.generators.composer.reading.wordlists import Feeling, Sound
from engine.generators.composer.styles import Style, styles
from engine.generators.composer.theory import MODES
from engine.values import Phrase

_ORDER: tuple[ChipKind, ...] = (
    "style", "tempo", "key", "metre", "feel", "mood", "instrument", "excluded", "nearest", "refused", "unknown",
)  # fmt: skip
"""Order in which chips are shown."""

_SOLO = Phrase("solo")
LEFT_OUT = ("“{said}” is left out", "a piece mixes two styles at most")
"""This is said of a third style, and then why."""
_KINDS: dict[str, ChipKind] = {"mood": "mood", "feel": "feel", "tempo": "tempo"}


@dataclass
class _Reading:
    """A reading is what has been gathered so far."""

    text: PlainText
    every: Mapping[str, Style]
    chips: list[Chip] = field(default_factory=list)
    feelings: Feelings = field(default_factory=Feelings)
    tempo_bpm: float | None = None
    near_bpm: float | None = None
    tonic: int | None = None
    mode: str | None = None
    metre: tuple[int, int] | None = None
    bars: int | None = None
    instruments: list[str] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)
    """Instruments that were asked for by their own name, which no family's exclusion covers."""
    pieces: list[str] = field(default_factory=list)
    kit: str | None = None
    wanted: set[str] = field(default_factory=set)
    without: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    nearest: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def chip(self, phrase: Phrase, item: Item, kind: ChipKind, why: Phrase | None = None) -> None:
        """Add a chip, unless there is one of this phrase and kind."""
        if not any(chip.phrase == phrase and chip.kind == kind for chip in self.chips):
            self.chips.append(Chip(phrase, *self.text.span(item.start, item.end), kind, why))

    def refuse(self, phrase: Phrase, why: Phrase, item: Item) -> None:
        """Say that something cannot be had, and why."""
        self.refused.append(why.text)
        self.chip(phrase, item, "refused", why)


def read_prompt(prompt: str, every: Mapping[str, Style] | None = None) -> Brief:
    """Read ``prompt``: any text is fine, and what is not understood is kept in ``unknown``.

    ``every`` style is a built-in one where none are given.
    """
    return _read(prompt, styles() if every is None else every)[0]


def chips(prompt: str, every: Mapping[str, Style] | None = None) -> tuple[Chip, ...]:
    """Return a chip for each thing that is read in ``prompt``, in the order in which they are shown."""
    return _read(prompt, styles() if every is None else every)[1]


def understand(prompt: str) -> tuple[str, ...]:
    """Return what the composer reads in ``prompt``, as short words: ("lofi", "85 bpm", "A minor", "piano")."""
    return tuple(dict.fromkeys(chip.text for chip in chips(prompt)))


def _read(prompt: str, every: Mapping[str, Style]) -> tuple[Brief, tuple[Chip, ...]]:
    text = PlainText(prompt)
    items = read_items(text, every)
    mark_negated(items)
    named = named_styles(items, every)
    reading = _Reading(text, every)
    _read_styles(reading, named)
    for item in items:
        _read_item(reading, item, named)
    excluded = _exclusions(reading, items)
    solo, drums = _read_solo(reading, items)
    shown = sorted(reading.chips, key=lambda chip: (_ORDER.index(chip.kind), chip.phrase == _SOLO))
    feelings = reading.feelings
    brief = Brief(
        style=named.style,
        tempo_bpm=reading.tempo_bpm,
        near_bpm=reading.near_bpm if reading.tempo_bpm is None else None,
        pace=feelings.pace,
        tonic=reading.tonic,
        mode=reading.mode,
        metre=reading.metre,
        moods=tuple(feelings.moods),
        instruments=tuple(name for name in dict.fromkeys(reading.instruments) if name not in excluded),
        drums=drums and "drums" not in reading.without,
        without=frozenset(reading.without),
        solo=solo,
        unknown=tuple(dict.fromkeys(reading.unknown)),
        fusion=named.fusion,
        bars=reading.bars,
        energy=feelings.amount("energy"),
        density=feelings.amount("density"),
        brightness=feelings.amount("brightness"),
        space=feelings.amount("space"),
        swing=feelings.swing,
        half_time=feelings.half_time,
        grit=max(0.0, feelings.amount("grit")),
        rain=max(0.0, feelings.amount("rain")),
        excluded=excluded,
        refused=tuple(dict.fromkeys(reading.refused)),
        nearest=tuple(dict.fromkeys(reading.nearest)),
        pieces=tuple(name for name in dict.fromkeys(reading.pieces) if name not in excluded),
        kit=reading.kit,
        wanted=frozenset(reading.wanted - reading.without),
        not_styles=named.excluded,
    )
    return brief, tuple(shown)


def _read_styles(reading: _Reading, named: NamedStyles) -> None:
    every = reading.every
    for name, item in named.chosen:
        is_near = item.meaning is not None and not item.meaning.is_known
        if is_near or item.is_slip:
            _take_for(reading, item, (every[name].title,))
        else:
            reading.chip(_name(every[name].title), item, "style")
    for name, item in named.too_many:
        short, reason = LEFT_OUT
        title = every[name].title
        reading.refuse(Phrase(short, title), Phrase(f"{short}: {reason}", title), item)


def _take_for(reading: _Reading, item: Item, known: tuple[str, ...]) -> None:
    reading.nearest.append((item.text, known))
    reading.chip(Phrase("{said} → {names}", item.text, known), item, "nearest")


def _name(name: str) -> Phrase:
    return Phrase("{names}", names=(name,))


def _as_it_is(text: str) -> Phrase:
    return Phrase("{said}", text)


def _read_item(reading: _Reading, item: Item, named: NamedStyles) -> None:
    if item.ignored:
        return
    if item.figure is not None:
        _read_figure(reading, item, item.figure)
    elif item.negated:
        _read_negated(reading, item)
    elif item.meaning is None:
        _not_known(reading, item)
    else:
        _read_meaning(reading, item, named)


def _read_figure(reading: _Reading, item: Item, figure: Figure) -> None:
    if item.negated:
        reading.chip(Phrase("not {said}", item.text), item, "excluded")
    elif figure.refusal is not None:
        reading.refuse(*figure.refusal, item)
    elif figure.kind == "tempo" and reading.tempo_bpm is None:
        reading.tempo_bpm = figure.number
        reading.chip(Phrase("{said} bpm", f"{figure.number:g}"), item, "tempo")
    elif figure.kind == "near" and reading.near_bpm is None:
        reading.near_bpm = figure.number
        reading.chip(Phrase("about {said} bpm", f"{figure.number:g}"), item, "tempo")
    elif figure.kind == "metre" and reading.metre is None:
        reading.metre = figure.metre
        reading.chip(_as_it_is(f"{figure.metre[0]}/{figure.metre[1]}"), item, "metre")
    elif figure.kind == "bars" and reading.bars is None:
        reading.bars = int(figure.number)
        reading.chip(Phrase("1 bar" if figure.number == 1 else "{said} bars", f"{figure.number:g}"), item, "feel")
    elif figure.kind == "swing":
        reading.feelings.swing = figure.number
        reading.chip(_as_it_is(item.text), item, "feel")
    elif figure.kind == "key" and reading.tonic is None:
        reading.tonic, mode = figure.tonic, figure.mode or reading.mode
        reading.mode = mode
        is_minor = mode is not None and MODES[mode][2] == 3
        tonic = "" if figure.tonic is None else tonic_name(figure.tonic, is_minor=is_minor)
        # A note or a mode alone is a name, which has a translation; a whole key is written by the window.
        key = _name(mode or "") if not tonic else Phrase("{names}{said}", tonic[1:], (tonic[:1],))
        reading.chip(_as_it_is(f"{tonic} {mode}") if tonic and mode else key, item, "key")


def _read_meaning(reading: _Reading, item: Item, named: NamedStyles) -> None:
    meaning = item.meaning
    if meaning is None or meaning.grammar:
        return
    if not meaning.is_known:
        _read_near(reading, item, meaning, named)
        return
    if meaning.metre is not None and reading.metre is None:
        reading.metre = meaning.metre
        reading.chip(_as_it_is(f"{meaning.metre[0]}/{meaning.metre[1]}"), item, "metre")
    if meaning.mode and reading.mode is None:
        reading.mode = meaning.mode
        reading.chip(_name(meaning.mode), item, "key")
    if meaning.absent is not None:
        _leave_out(reading, meaning.absent, item)
    took: list[str] = []
    if meaning.sound is not None:
        _want(reading, meaning.sound, item)
        took.append(meaning.sound.name)
    # A word that names the style is not also a feeling: "swing, big band".
    if meaning.feeling is not None and not named.is_chosen(item):
        _read_feeling(reading, item, meaning.feeling)
        took.append(meaning.feeling.name)
    if item.is_slip and took:
        _take_for(reading, item, tuple(took))
    elif not (took or meaning.metre or meaning.mode or meaning.absent or named.is_mentioned(item)):
        # It hints at a style that was not chosen: what else it is near to still counts.
        _read_near(reading, item, meaning, named)


def _read_near(reading: _Reading, item: Item, meaning: Meaning, named: NamedStyles) -> None:
    if meaning.near and not named.is_chosen(item):
        for feeling in meaning.near:
            reading.feelings.add(feeling, item.weight)
        _take_for(reading, item, tuple(feeling.name for feeling in meaning.near))
    elif not named.is_mentioned(item):
        _not_known(reading, item)


def _not_known(reading: _Reading, item: Item) -> None:
    reading.unknown.append(item.text)
    reading.chip(Phrase("{said}?", item.text), item, "unknown")


def _read_feeling(reading: _Reading, item: Item, feeling: Feeling) -> None:
    reading.feelings.add(feeling, item.weight)
    if item.weight < 0.0 and not feeling.has_amounts:
        reading.chip(Phrase("not {names}", names=(feeling.name,)), item, "excluded")
        return
    reading.near_bpm = reading.near_bpm or feeling.bpm or None
    if not item.is_slip:
        phrase = Phrase("{names}" if item.weight > 0.0 else "less {names}", names=(feeling.name,))
        reading.chip(phrase, item, _KINDS[feeling.kind])


def _read_negated(reading: _Reading, item: Item) -> None:
    meaning = item.meaning
    if meaning is None:
        return
    if (sound := meaning.sound or meaning.absent) is not None:
        _leave_out(reading, sound, item)
    elif meaning.style:
        reading.chip(Phrase("not {names}", names=(reading.every[meaning.style].title,)), item, "excluded")
    elif meaning.feeling is not None:
        if meaning.feeling.swing is not None:
            reading.feelings.swing = 0.0
        reading.chip(Phrase("not {names}", names=(meaning.feeling.name,)), item, "excluded")
    else:
        reading.chip(Phrase("not {said}", item.text), item, "excluded")


def _want(reading: _Reading, sound: Sound, item: Item) -> None:
    instruments, pieces = played(sound)
    reading.instruments += instruments
    reading.pieces += pieces
    if not is_stand_in(sound):
        reading.stated.update(instruments)
        reading.stated.update(pieces)
    reading.kit = reading.kit or sound.kit or None
    if sound.role:
        reading.wanted.add(sound.role)
    if sound.role == "drums" or sound.kit or pieces:
        reading.wanted.add("drums")
    if item.is_slip:
        return
    names = [INSTRUMENTS[name].tag for name in instruments] or (
        [sound.name] if not is_stand_in(sound) else list(pieces)
    )
    if is_stand_in(sound) and names:
        _take_for(reading, item, tuple(dict.fromkeys(name.partition("_")[0] for name in names)))
    else:
        for name in names:
            reading.chip(_name(name), item, "instrument")


def _leave_out(reading: _Reading, sound: Sound, item: Item) -> None:
    if sound.role:
        reading.without.add(sound.role)
    reading.chip(Phrase("no {names}", names=(sound.name,)), item, "excluded")


def _exclusions(reading: _Reading, items: Iterable[Item]) -> frozenset[str]:
    out: set[str] = set()
    for item in items:
        meaning = item.meaning
        if meaning is None or item.ignored:
            continue
        if item.negated and (sound := meaning.sound or meaning.absent) is not None:
            out |= leave_out(sound, reading.stated)
        elif not item.negated and meaning.absent is not None:
            out |= leave_out(meaning.absent, reading.stated)
    return frozenset(out)


def _read_solo(reading: _Reading, items: list[Item]) -> tuple[bool, bool]:
    """Return whether what is named plays alone, and whether drums were asked for."""
    drums = "drums" in reading.wanted
    targets = alone(items)
    if targets is None:
        return False, drums
    roles: set[str] = set()
    for item in targets:
        if item.meaning is not None and item.meaning.sound is not None:
            roles.update(all_of(item.meaning.sound))
    if targets:
        # "a lofi beat, piano only" is without its drums.
        beats = [item for item in items if item.text.startswith("beat") and item not in targets]
        named = [item for item in items if _is_drum(item) and not item.negated]
        drums = "drums" in roles or any(item not in beats for item in named)
    solo = bool(reading.instruments or (reading.wanted - {"drums"}) or (targets and drums))
    if solo:
        said = next(item for item in items if item.grammar == "only" and not item.ignored)
        reading.chip(_SOLO, said, "instrument")
    return solo, drums


def _is_drum(item: Item) -> bool:
    return item.meaning is not None and item.meaning.sound is not None and "drums" in all_of(item.meaning.sound)
