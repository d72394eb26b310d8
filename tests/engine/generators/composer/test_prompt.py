# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what the composer reads in a prompt, in English and Italian: styles, figures, feelings, players."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.generators.composer.brief import asked_brief
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.prompt import Brief, chips, read_prompt, understand
from engine.generators.composer.reading.lexicon import Lexicon, Meaning
from engine.generators.composer.reading.text import Word
from engine.generators.composer.styles import styles
from engine.values import ClipRequest, Layer


def said(prompt: str, *fields: str) -> dict[str, object]:
    """Return these fields of what is read in a prompt."""
    brief = read_prompt(prompt)
    return {field: getattr(brief, field) for field in fields}


def request(prompt: str, *, bars: int | None = None, layer: Layer = Layer.EVERYTHING) -> ClipRequest:
    return ClipRequest(1, prompt, "composer", "", 10.0, bars=bars, layer=layer)


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("lofi calm beat, 85 bpm", ("lofi", "85 bpm", "calm", "drums")),
        ("Techno in F# minor at 130BPM", ("techno", "130 bpm", "F# minor")),
        ("ambient in 7/8, D dorian", ("ambient", "D dorian", "7/8")),
        ("jazz, Bbm, saxophone, no drums", ("jazz", "Bb minor", "saxophone", "no drums")),
        ("bossa nova senza batteria, flauto", ("bossa nova", "flute", "no drums")),
        ("solo piano, slow and sad", ("slow", "sad", "piano", "solo")),
        ("half time drum and bass 172,5 bpm", ("drum and bass", "172.5 bpm", "half time")),
        ("allegro con violino", ("allegro", "violin")),
        ("rain in a minor key", ("minor", "rain")),
        ("a major hit", ("A major",)),
        ("techno with a zxqv", ("techno", "zxqv?")),
        ("400 bpm funk", ("funk", "400 bpm is out of range")),
        ("ambient without piano, 8 bars", ("ambient", "8 bars", "no piano")),
        ("very dark, less dense", ("less dense", "dark")),
        ("not too fast, not sad", ("not fast", "not sad")),
        ("thunderstorm", ("thunderstorm → dark, downpour, gritty",)),
        ("tecno with a flutte", ("tecno → techno", "flutte → flute")),
        ("no drums, no drums", ("no drums",)),
        ("", ()),
    ],
)
def test_chips_say_what_is_read(prompt: str, shown: tuple[str, ...]) -> None:
    assert understand(prompt) == shown


@pytest.mark.parametrize(
    ("prompt", "marked"),
    [
        ("Lofi, 85 BPM", [("lofi", "Lofi", "style"), ("85 bpm", "85 BPM", "tempo")]),
        ("ambient without Piano", [("ambient", "ambient", "style"), ("no piano", "Piano", "excluded")]),
        ("più tristezza in LA minore", [("A minor", "in LA minore", "key"), ("sad", "tristezza", "mood")]),
        ("8 bars, blorp", [("8 bars", "8 bars", "feel"), ("blorp?", "blorp", "unknown")]),
        ("tre quarti, fitto", [("3/4", "tre quarti", "metre"), ("dense", "fitto", "feel")]),
        ("0 bpm, Snow", [("snow → calm, airy", "Snow", "nearest"), ("0 bpm is out of range", "0 bpm", "refused")]),
        ("cafe\u0301 flute", [("flute", "flute", "instrument"), ("cafe → warm, calm", "cafe\u0301", "nearest")]),
        ("ﬂute solo", [("flute", "ﬂute", "instrument"), ("solo", "solo", "instrument")]),
    ],
)  # fmt: skip
def test_a_chip_knows_where_in_the_prompt_it_stands(prompt: str, marked: list[tuple[str, str, str]]) -> None:
    assert [(chip.text, prompt[chip.start : chip.end], chip.kind) for chip in chips(prompt)] == marked


def test_words_are_whole() -> None:
    assert read_prompt("subtle housekeeping in a rockery").style is None
    assert read_prompt("subtle").instruments == ()


def test_unknown_words_are_kept_and_change_nothing() -> None:
    plain = read_prompt("lofi, 85 bpm, piano")
    strange = read_prompt("lofi zxqv, 85 bpm, blorp piano")
    assert strange.unknown == ("zxqv", "blorp")
    assert plain.unknown == ()
    assert {name: getattr(strange, name) for name in Brief.__slots__ if name != "unknown"} == {
        name: getattr(plain, name) for name in Brief.__slots__ if name != "unknown"
    }


@pytest.mark.parametrize("name", list(styles()))
def test_every_style_is_found_by_each_of_its_words(name: str) -> None:
    for word in (*styles()[name].words, *styles()[name].hints):
        assert read_prompt(f"a {word} thing").style == name, word


@pytest.mark.parametrize(
    ("prompt", "tempo_bpm"),
    [
        ("85 bpm", 85),
        ("lofi at 90", 90),
        ("dnb 174", 174),
        ("174 drum and bass", 174),
        ("techno, 132, dark", 132),
        ("ambient piano 60", 60),
        ("tempo 96", 96),
        ("bpm: 101,5", 101.5),
        ("100-bpm funk", 100),
        ("a 120 battiti al minuto", 120),
        ("@ 124 house", 124),
        ("♩=72 waltz", 72),
        ("techno 120 seconds", None),
        ("house for 90 minutes", None),
        ("jazz 1999", None),
        ("3 guitars and a flute", None),
        ("808 trap", None),
        ("8-bit", None),
        ("110 strings of light, no tempo", None),
        ("400 bpm", None),
        ("20 bpm", None),
        ("0 bpm", None),
    ],
)
def test_tempos(prompt: str, tempo_bpm: float | None) -> None:
    assert read_prompt(prompt).tempo_bpm == tempo_bpm


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("400 bpm", "400 bpm is out of range: 30–300; the style's own tempo is used"),
        ("techno 20 bpm", "20 bpm is out of range: 30–300; the style's own tempo is used"),
        ("jazz in 11/16", "11/16 is not a metre it knows: 2/4, 3/4, 4/4, 5/4, 6/4, 7/4, 5/8, 6/8, 7/8, 9/8, 12/8"),
        ("100 bars", "100 bars are out of range: 1–64; the number of bars follows from the length"),
        ("0 battute", "0 bars are out of range: 1–64; the number of bars follows from the length"),
        ("120% swing", "120 % swing is out of range: 0–100; the style's own swing is used"),
        ("house and techno and jazz", "“jazz” is left out: a piece mixes two styles at most"),
    ],
)
def test_what_cannot_be_had_is_said(prompt: str, sentence: str) -> None:
    assert read_prompt(prompt).refused == (sentence,)
    assert sentence.partition(":")[0] in understand(prompt)


@pytest.mark.parametrize(
    ("prompt", "near_bpm", "pace"),
    [
        ("allegro", 130, 0),
        ("un andante", 86, 0),
        ("60-70 bpm", 65, 0),
        ("between 120 and 130 bpm", 125, 0),
        ("slow", None, -1),
        ("lenta", None, -1),
        ("veloce", None, 1),
        ("up-tempo", None, 1),
        ("adagio at 66 bpm", None, 0),
    ],
)
def test_tempo_words(prompt: str, near_bpm: float | None, pace: int) -> None:
    assert said(prompt, "near_bpm", "pace") == {"near_bpm": near_bpm, "pace": pace}


@pytest.mark.parametrize(
    ("prompt", "tonic", "mode"),
    [
        ("in F# minor", 6, "minor"),
        ("C#m", 1, "minor"),
        ("in E flat major", 3, "major"),
        ("A harmonic minor", 9, "harmonic minor"),
        ("la minore armonica", 9, "harmonic minor"),
        ("in fa diesis minore", 6, "minor"),
        ("tonalità di re maggiore", 2, "major"),
        ("si bemolle minore", 10, "minor"),
        ("in D", 2, None),
        ("in sol, con flauto", 7, None),
        ("key of B", 11, None),
        ("dorian", None, "dorian"),
        ("misolidio", None, "mixolydian"),
        ("E frigio dominante", 4, "phrygian dominant"),
        ("minor", None, "minor"),
        ("in a minor key", None, "minor"),
        ("triste e minore", None, "minor"),
        ("d&b minor", None, "minor"),
        ("come and see", None, None),
    ],
)
def test_keys_and_modes(prompt: str, tonic: int | None, mode: str | None) -> None:
    assert said(prompt, "tonic", "mode") == {"tonic": tonic, "mode": mode}


@pytest.mark.parametrize(
    ("prompt", "metre"),
    [
        ("3/4", (3, 4)),
        ("in 6/8", (6, 8)),
        ("tre quarti", (3, 4)),
        ("cinque quarti", (5, 4)),
        ("sette ottavi", (7, 8)),
        ("in three", (3, 4)),
        ("in 5", (5, 4)),
        ("six eight", (6, 8)),
        ("a waltz", (3, 4)),
        ("valzer", (3, 4)),
        ("not a waltz", None),
        ("24/7", None),
        ("11/16", None),
    ],
)
def test_metres(prompt: str, metre: tuple[int, int] | None) -> None:
    assert read_prompt(prompt).metre == metre


@pytest.mark.parametrize(
    ("prompt", "bars"),
    [
        ("8 bars", 8),
        ("a 16-bar loop", 16),
        ("4 battute", 4),
        ("otto battute", 8),
        ("eight bars", 8),
        ("twenty-four bars", 24),
        ("1 bar", 1),
        ("2 misure", 2),
        ("8-bit", None),
        ("in a bar", None),
        ("65 bars", None),
    ],
)
def test_bars(prompt: str, bars: int | None) -> None:
    assert read_prompt(prompt).bars == bars


def test_the_request_overrules_the_prompts_bars() -> None:
    assert asked_brief(request("8 bars")).bars == 8
    assert asked_brief(request("8 bars", bars=4)).bars == 4


@pytest.mark.parametrize(
    ("prompt", "field", "sign"),
    [
        ("low energy", "energy", -1), ("bassa energia", "energy", -1), ("calm", "energy", -1), ("calmo", "energy", -1),
        ("high-energy", "energy", 1), ("alta energia", "energy", 1), ("aggressive", "energy", 1),
        ("arrabbiata", "energy", 1), ("forte", "energy", 1), ("delicate", "energy", -1), ("pesante", "energy", 1),
        ("sparse", "density", -1), ("rado", "density", -1), ("minimal arrangement", "density", -1),
        ("simple", "density", -1), ("semplice", "density", -1), ("busy", "density", 1), ("dense", "density", 1),
        ("fitto", "density", 1), ("fitta", "density", 1), ("denso", "density", 1), ("complex", "density", 1),
        ("less busy", "density", -1), ("leggera", "density", -1),
        ("bright", "brightness", 1), ("luminoso", "brightness", 1), ("brillante", "brightness", 1),
        ("airy", "brightness", 1), ("dark", "brightness", -1), ("cupa", "brightness", -1),
        ("not so bright", "brightness", -1),
        ("muffled", "brightness", -1),
        ("dry", "space", -1), ("intimate", "space", -1), ("no reverb", "space", -1), ("wet", "space", 1),
        ("spacious", "space", 1), ("roomy", "space", 1), ("riverbero", "space", 1),
        ("dusty", "grit", 1), ("vinyl", "grit", 1), ("tape hiss", "grit", 1), ("gritty", "grit", 1),
        ("sporca", "grit", 1),
        ("90s", "grit", 1), ("anni 70", "grit", 1), ("retro", "grit", 1), ("1950s", "brightness", -1),
        ("clean", "grit", 0), ("dusty but clean", "grit", 0), ("bright and dark", "density", 0),
    ],
)  # fmt: skip
def test_feelings_have_their_amount(prompt: str, field: str, sign: int) -> None:
    amount = getattr(read_prompt(prompt), field)
    assert -1 <= amount <= 1
    assert (amount > 0) - (amount < 0) == sign


def test_more_and_less_of_a_feeling() -> None:
    bit, plain, very = (read_prompt(f"{much} fitto").density for much in ("un po'", "", "molto"))
    assert 0 < bit < plain < very <= 1


@pytest.mark.parametrize(("prompt"), ["bright", "luminosa", "brillante", "muffled", "airy"])
def test_brightness_is_no_mood(prompt: str) -> None:
    assert said(prompt, "moods", "mode") == {"moods": (), "mode": None}


@pytest.mark.parametrize(
    ("prompt", "moods"),
    [
        ("sad", ("sad",)), ("malinconica", ("sad",)), ("happy and warm", ("happy", "warm")), ("speranza", ("happy",)),
        ("angry", ("tense", "energetic")), ("divertenti", ("happy",)), ("ipnotica", ("dreamy",)), ("freddo", ()),
        ("mysterious", ("tense", "dreamy")), ("epic, epica", ("epic",)), ("1960s", ("warm",)),
    ],
)  # fmt: skip
def test_moods(prompt: str, moods: tuple[str, ...]) -> None:
    assert read_prompt(prompt).moods == moods


@pytest.mark.parametrize(
    ("prompt", "swing", "half_time"),
    [
        ("hip hop with swing", 0.55, 0), ("swung", 0.55, 0), ("shuffle", 0.66, 0), ("straight", 0.0, 0),
        ("house, no swing", 0.0, 0), ("senza swing", 0.0, 0), ("light swing", 0.25, 0), ("60% swing", 0.4, 0),
        ("swing 75%", 1.0, 0), ("30% swing", 0.3, 0), ("half time", None, -1), ("double-time", None, 1),
        ("tempo dimezzato", None, -1), ("not shuffled", 0.0, 0), ("techno", None, 0), ("half-time drums", None, -1),
    ],
)  # fmt: skip
def test_swing_and_half_time(prompt: str, swing: float | None, half_time: int) -> None:
    assert said(prompt, "swing", "half_time") == {"swing": swing, "half_time": half_time}


@pytest.mark.parametrize(
    ("prompt", "instruments"),
    [
        ("rhodes", ("electric piano",)), ("pianoforte e archi", ("piano", "strings")), ("two guitars", ("guitar",)),
        ("le chitarre", ("guitar",)), ("electric pianos", ("electric piano",)), ("l'arpa", ("harp",)),
        ("un'arpa", ("harp",)), ("contrabbasso", ("upright bass",)), ("tb-303", ("acid bass",)),
        ("trombe", ("trumpet",)), ("sintetizzatori", ("supersaw",)), ("808s", ("808 bass",)),
        ("e-piano", ("electric piano",)), ("flauto e piano", ("flute", "piano")),
        ("slap-bass", ("slap bass",)), ("flûte", ("flute",)), ("piano piano", ("piano",)),
    ],
)  # fmt: skip
def test_instruments(prompt: str, instruments: tuple[str, ...]) -> None:
    assert read_prompt(prompt).instruments == instruments


@pytest.mark.parametrize(
    ("prompt", "pieces", "kit"),
    [
        ("congas", ("conga_high", "conga_low"), None), ("shaker and tambourine", ("shaker", "tambourine"), None),
        ("handclaps", ("clap",), None), ("spazzole", ("brush", "brush_tap"), None), ("hi-hats", ("hat", "open"), None),
        ("909", (), "909"), ("tr-808", (), "808"), ("live drums", (), "acoustic"),
    ],
)  # fmt: skip
def test_drums_by_name(prompt: str, pieces: tuple[str, ...], kit: str | None) -> None:
    assert said(prompt, "pieces", "kit", "drums") == {"pieces": pieces, "kit": kit, "drums": True}


def test_an_instrument_that_is_not_there_has_a_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(INSTRUMENTS, "harpsichord", raising=False)
    absent = read_prompt("clavicembalo")
    assert absent.instruments == ("pluck",)
    assert absent.nearest == (("clavicembalo", (INSTRUMENTS["pluck"].tag,)),)
    monkeypatch.setitem(INSTRUMENTS, "harpsichord", INSTRUMENTS["harp"])
    there = read_prompt("clavicembalo")
    assert there.instruments == ("harpsichord",)
    assert there.nearest == ()


@pytest.mark.parametrize(
    ("prompt", "nearest", "changed"),
    [
        ("thunderstorm", (("thunderstorm", ("dark", "downpour", "gritty")),), ("brightness", "space", "grit", "rain")),
        ("un abbraccio", (("abbraccio", ("warm", "calm")),), ("moods",)),
        ("cathedrals", (("cathedrals", ("spacious", "calm")),), ("space", "energy")),
        ("fabbriche", (("fabbriche", ("gritty", "aggressive")),), ("grit", "energy")),
        ("neve", (("neve", ("calm", "airy")),), ("energy", "brightness")),
        ("melancolic", (("melancolic", ("sad",)),), ("moods",)),
    ],
)
def test_everyday_words_are_taken_for_known_ones(
    prompt: str, nearest: tuple[tuple[str, tuple[str, ...]], ...], changed: tuple[str, ...]
) -> None:
    assert read_prompt(prompt).nearest == nearest
    assert read_prompt(prompt).unknown == ()
    assert all(getattr(read_prompt(prompt), field) != getattr(read_prompt(""), field) for field in changed)


@pytest.mark.parametrize("word", ["strong", "spring", "horse", "fright", "dance floor", "bat", "technique", "marble"])
def test_a_slip_is_not_seen_where_there_is_none(word: str) -> None:
    assert not any(
        known in {("techno",), ("strings",), ("house",), ("trance",)} for _, known in read_prompt(word).nearest
    )


def test_each_word_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[int] = []
    longest = Lexicon.longest

    def counted(self: Lexicon, words: tuple[Word, ...], at: int) -> tuple[int, Meaning] | None:
        looked_up.append(at)
        return longest(self, words, at)

    monkeypatch.setattr(Lexicon, "longest", counted)
    read_prompt("no piano, blorp and jazz or " * 70)
    assert len(looked_up) == len(set(looked_up)) == 6 * 70


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read(prompt: str) -> None:
    brief = read_prompt(prompt)
    assert brief == read_prompt(prompt)
    assert all(isinstance(chip, str) and chip for chip in understand(prompt))
    assert all(0 <= chip.start < chip.end <= len(prompt) for chip in chips(prompt))


PARTS = (
    "no", "senza", "not", "only", "solo", "piano", "drums", ",", "or", "e", "with", "jazz", "dark", "swing", "120 bpm",
    "3/4", ".", "rain", "blorp", "in A minor", "except", "very", "8 bars", "bass", "no hi-hat", "/", "free",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=25))
@settings(max_examples=300, deadline=None)
def test_what_is_left_out_is_never_asked_for(parts: list[str]) -> None:
    brief = read_prompt(" ".join(parts))
    assert not brief.excluded & {*brief.instruments, *brief.pieces}
    assert not brief.without & brief.wanted
    assert not (brief.drums and "drums" in brief.without)
    assert brief.style not in brief.not_styles
    assert brief.fusion is None or brief.fusion not in {brief.style, *brief.not_styles}
