# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares all that a person can set of the studio: default, range, unit, title and tooltip of each.

The settings file, SETUP's pages, the panels, the command line and the session take it from here. To add an option: a
``Parameter`` here and in ``OPTIONS``, its field in ``app.settings.Settings``, its place on a page of SETUP (in
``widgets/dialogs/settings_pages/``) if it is to be seen there, its Italian.
"""

from __future__ import annotations

from engine.values.along_options import ALONG_OPTIONS
from engine.values.band_options import BAND_OPTIONS
from engine.values.fragment_options import FRAGMENT_OPTIONS
from engine.values.input_options import INPUT_OPTIONS
from engine.values.jam_options import JAM_OPTIONS
from engine.values.judging_options import MEND_SEAMS, MISFIT, VARIATIONS
from engine.values.loops import Algorithm
from engine.values.metric_options import METRIC_WEIGHTS
from engine.values.model_options import MODEL_OPTIONS
from engine.values.pace_options import KEEP_UP
from engine.values.parameters import Kind, Parameter
from engine.values.picture_options import LIVE_HOLD, PICTURE_OPTIONS, VISUAL_VIEW
from engine.values.radio_options import RADIO_OPTIONS
from engine.values.save_options import SAVE_OPTIONS
from engine.values.seam_options import SEAM_OPTIONS
from engine.values.together_options import TOGETHER_OPTIONS
from engine.values.transitions import TRANSITION_LENGTHS, Entry, FadeCurve

PROMPT = Parameter(
    "prompt",
    Kind.TEXT,
    "lofi calm rap beat, 85 bpm",
    "Prompt",
    "What you want to hear: a style, a mood, instruments, a tempo, a key",
)
ALGORITHM = Parameter(
    "algorithm",
    Kind.CHOICE,
    str(Algorithm.ADVANCED),
    "Algorithm",
    "By what a loop is judged: several metrics, or spectral similarity alone",
    choices=tuple(map(str, Algorithm)),
)
DURATION = Parameter(
    "duration_s",
    Kind.NUMBER,
    20.0,
    "Duration",
    "About how long each clip is before a loop is found in it: the composer makes whole bars, "
    "so 15 s of house at 122 bpm last 15.7 s",
    low=5.0,
    high=30.0,
    unit="s",
)
MIN_LOOP = Parameter(
    "min_loop_s",
    Kind.NUMBER,
    2.0,
    "Minimum loop length",
    "The shortest loop that is looked for in a clip",
    low=0.5,
    high=20.0,
    step=0.5,
    unit="s",
)
MAX_LOOP = Parameter(
    "max_loop_s",
    Kind.NUMBER,
    0.0,
    "Maximum loop length",
    "The longest loop that is looked for in a clip, and never less than the shortest",
    low=0.0,
    high=600.0,
    step=0.5,
    unit="s",
    unset="no limit",
)
MIN_PLAY = Parameter(
    "min_play_s",
    Kind.NUMBER,
    30.0,
    "Minimum play time",
    "How long a loop plays at least before the next one takes over",
    low=10.0,
    high=300.0,
    step=5.0,
    unit="s",
)
MAX_PLAY = Parameter(
    "max_play_s",
    Kind.NUMBER,
    0.0,
    "Maximum play time",
    "How long a loop plays at most: then, with nothing new in hand, an earlier one comes back",
    low=0.0,
    high=3600.0,
    step=60.0,
    unit="min",
    unset="no limit",
    shown_in=60.0,
)
MAKE_AGAIN = Parameter(
    "make_again",
    Kind.SWITCH,
    True,
    "Make weak loops again",
    "Make another clip, once, for one that loops worse than usual, while the music in hand lasts",
)
OVERLAP = Parameter(
    "overlap_ms",
    Kind.NUMBER,
    480.0,
    "Overlap",
    "How long the end of a loop blends into its start, and one loop into the next",
    low=1.0,
    high=5000.0,
    unit="ms",
)
TRANSITION_ENTRY = Parameter(
    "transition_entry",
    Kind.CHOICE,
    str(Entry.LOOP_END),
    "Where the next loop comes in",
    "Where in the loop that plays the next one comes in: at its end, at its next bar, or at once",
    choices=tuple(map(str, Entry)),
)
TRANSITION_BARS = Parameter(
    "transition_bars",
    Kind.INTEGER,
    0,
    "Length of a transition",
    "How long one loop blends into the next: the overlap above, or whole bars where they are known",
    low=TRANSITION_LENGTHS[0],
    high=TRANSITION_LENGTHS[-1],
)
TRANSITION_CURVE = Parameter(
    "transition_curve",
    Kind.CHOICE,
    str(FadeCurve.MATCHED),
    "Curve of the crossfade",
    "By which gains loops blend: matched to how alike they are, equal power, equal gain, or smooth",
    choices=tuple(map(str, FadeCurve)),
)
BEAT_MATCH = Parameter(
    "beat_match",
    Kind.SWITCH,
    True,
    "Match the beats",
    "Start the next loop at the tempo of the one that plays, beat on beat, and ease it to its own; "
    "where the tempos are near enough (SETUP)",
)
TEMPO_REACH = Parameter(
    "tempo_reach",
    Kind.NUMBER,
    0.08,
    "Tempo reach",
    "How far two tempos may lie apart for the next loop to be brought to the tempo that plays",
    low=0.0,
    high=0.25,
    step=0.01,
    unit="%",
    shown_in=0.01,
)
BASS_SWAP = Parameter(
    "bass_swap",
    Kind.SWITCH,
    True,
    "Swap the basses",
    "Exchange the basses in the middle of the transition, so that never two sound at once",
)

TARGET_LUFS = Parameter(
    "target_lufs",
    Kind.NUMBER,
    -16.0,
    "Loudness",
    "How loud every loop is made, whatever it was: −16 suits music at home, −23 is broadcast's",
    low=-30.0,
    high=-8.0,
    unit="LUFS",
)
VOLUME = Parameter(
    "volume_db",
    Kind.NUMBER,
    0.0,
    "Volume",
    "How loud the studio plays; at the bottom it is mute, a double click plays at full level",
    low=-60.0,
    high=0.0,
    unit="dB",
)
SLEEP_FADE = Parameter(
    "sleep_fade_s",
    Kind.NUMBER,
    60.0,
    "Sleep fade",
    "How long the music takes to fade out when the sleep timer ends, at most a third of its time",
    low=30.0,
    high=1800.0,
    step=30.0,
    unit="min",
    shown_in=60.0,
)
LATENCY = Parameter(
    "latency_ms",
    Kind.INTEGER,
    60,
    "Latency",
    "How far ahead sound is mixed: more is safer, less answers sooner",
    low=5,
    high=1000,
    step=5,
    unit="ms",
)

DATA_FOLDER = Parameter(
    "data_folder", Kind.FOLDER, "", "Data folder", "Where takes are kept", unset="The system's usual place"
)
SAVE_FOLDER = Parameter(
    "save_folder",
    Kind.FOLDER,
    "",
    "Music folder",
    "Where recordings and what you keep of what you heard are written, and where SALVA begins",
    unset="The system's music folder",
)
KEEP_DROPPED = Parameter(
    "keep_dropped",
    Kind.SWITCH,
    False,
    "Keep what is dropped",
    "Keep every sound that you drop or open in the library; without this one is kept when you make it a favourite",
)
ROOM_GB = Parameter(
    "room_gb",
    Kind.NUMBER,
    0.0,
    "Takes hold at most",
    "How much of the disk the takes may hold together: beyond it the oldest ones are removed for good",
    low=0.0,
    high=10_000.0,
    unit="GB",
    unset="a quarter of the free disk",
)
ROOM_DAYS = Parameter(
    "room_days",
    Kind.INTEGER,
    0,
    "Takes are kept",
    "How old a take may become before it is removed for good",
    low=0,
    high=3650,
    unit="days",
    unset="for ever",
)
LANGUAGE = Parameter(
    "language",
    Kind.CHOICE,
    "system",
    "Language",
    "The language of the window",
    choices=("system", "it", "en"),
    # A language is called by its own name, so that it is found by those who read no other.
    titles=("System", "Italiano", "English"),
)

DARK, LIGHT, HIGH_CONTRAST = "dark", "light", "high_contrast"
THEME = Parameter(
    "theme",
    Kind.CHOICE,
    DARK,
    "Theme",
    "The colours of the window: dark, light, or black and white with strong outlines",
    choices=(DARK, LIGHT, HIGH_CONTRAST),
    titles=("Dark", "Light", "High contrast"),
)
ACCENT = Parameter(
    "accent",
    Kind.CHOICE,
    "green",
    "Accent",
    "The one colour for what plays, what is chosen and what has the keyboard",
    choices=("green", "cyan", "blue", "violet", "rose", "lime"),
    titles=("Green", "Cyan", "Blue", "Violet", "Rose", "Lime"),
)
TEXT_SIZE = Parameter(
    "text_size",
    Kind.NUMBER,
    1.0,
    "Text size",
    "How large all text is, beside what the desktop asks for",
    low=1.0,
    high=2.0,
    step=0.1,
    unit="%",
    shown_in=0.01,
)
REDUCED_MOTION = Parameter(
    "reduced_motion",
    Kind.SWITCH,
    False,
    "Reduced motion",
    "Playheads and meters move twice a second, and nothing blinks",
)

SHOW_CHORDS = Parameter(
    "show_chords",
    Kind.SWITCH,
    True,
    "Show the chords",
    "Write the chords along the waveform, where the generator tells them",
)
SHOW_NOTES = Parameter(
    "show_notes",
    Kind.SWITCH,
    False,
    "Show the notes",
    "Draw the notes over the spectrogram, where the generator tells them",
)

OPTIONS = {
    one.name: one
    for one in (
        PROMPT,
        ALGORITHM,
        DURATION,
        MIN_LOOP,
        MAX_LOOP,
        MIN_PLAY,
        MAX_PLAY,
        MAKE_AGAIN,
        KEEP_UP,
        MISFIT,
        MEND_SEAMS,
        VARIATIONS,
        OVERLAP,
        TRANSITION_ENTRY,
        TRANSITION_BARS,
        TRANSITION_CURVE,
        BEAT_MATCH,
        TEMPO_REACH,
        BASS_SWAP,
        TARGET_LUFS,
        VOLUME,
        SLEEP_FADE,
        LATENCY,
        DATA_FOLDER,
        SAVE_FOLDER,
        *SAVE_OPTIONS,
        *MODEL_OPTIONS,
        KEEP_DROPPED,
        ROOM_GB,
        ROOM_DAYS,
        LANGUAGE,
        THEME,
        ACCENT,
        TEXT_SIZE,
        REDUCED_MOTION,
        SHOW_CHORDS,
        SHOW_NOTES,
        *METRIC_WEIGHTS,
        *PICTURE_OPTIONS,
        LIVE_HOLD,
        VISUAL_VIEW,
        *SEAM_OPTIONS,
        *FRAGMENT_OPTIONS,
        *JAM_OPTIONS,
        *TOGETHER_OPTIONS,
        *RADIO_OPTIONS,
        *ALONG_OPTIONS,
        *INPUT_OPTIONS,
        *BAND_OPTIONS,
    )
}
"""Options of the studio by their names."""

OF_PRESETS = {
    one.name: one
    for one in (
        ALGORITHM,
        DURATION,
        MIN_LOOP,
        MIN_PLAY,
        MAX_PLAY,
        MISFIT,
        VARIATIONS,
        OVERLAP,
        TRANSITION_ENTRY,
        TRANSITION_BARS,
        TRANSITION_CURVE,
        BEAT_MATCH,
        TEMPO_REACH,
        BASS_SWAP,
    )
}
"""Options that a preset may set: those of the music and of how one loop gives way to the next."""
