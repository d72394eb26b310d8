# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a person can set of the window's fragments; see ``engine.values.options``."""

from __future__ import annotations

from engine.values.fragments import MOST_SLOTS, USUAL_SLOTS, FragmentMode
from engine.values.parameters import Kind, Parameter

FRAGMENTS_FOLDER = Parameter(
    "fragments_folder",
    Kind.FOLDER,
    "",
    "Folder",
    "The folder in which output01.wav and so on are overwritten in a circle; what was made stays in its archive",
    unset="none chosen",
)
FRAGMENTS_SLOTS = Parameter(
    "fragments_slots",
    Kind.INTEGER,
    USUAL_SLOTS,
    "Slots",
    "How many files there are in the circle",
    low=1,
    high=MOST_SLOTS,
)
FRAGMENTS_RATE = Parameter(
    "fragments_rate",
    Kind.CHOICE,
    "44100",
    "Sample rate",
    "The sample rate of the slots: that of the program which plays them",
    choices=("22050", "32000", "44100", "48000", "96000"),
    titles=("22.05 kHz", "32 kHz", "44.1 kHz", "48 kHz", "96 kHz"),
)
FRAGMENTS_DURATION = Parameter(
    "fragments_duration_s",
    Kind.NUMBER,
    5.0,
    "Duration",
    "About how long each fragment is before its silent ends are cut off, as far as its generator makes such",
    low=1.0,
    high=30.0,
    unit="s",
)
FRAGMENTS_PROMPT = Parameter(
    "fragments_prompt",
    Kind.TEXT,
    "",
    "Prompt of a fragment",
    "What the next fragment is to be; with nothing here the rotation's next, {rain|wind} is one or the other",
)
FRAGMENTS_PROMPTS = Parameter(
    "fragments_prompts",
    Kind.TEXT,
    "",
    "Rotation",
    "Prompts that take turns, one a line; {rain|wind} is one or the other",
)
FRAGMENTS_MODE = Parameter(
    "fragments_mode",
    Kind.CHOICE,
    str(FragmentMode.BY_HAND),
    "When",
    "When the next fragment is made: when you ask for it, every so many seconds, or when you took one",
    choices=tuple(map(str, FragmentMode)),
    titles=("By hand", "At intervals", "When one is taken"),
)
FRAGMENTS_EVERY = Parameter(
    "fragments_every_s",
    Kind.NUMBER,
    20.0,
    "Every",
    "Seconds from the begin of one fragment to the begin of the next",
    low=1.0,
    high=3600.0,
    unit="s",
)
FRAGMENTS_OPENS = Parameter(
    "fragments_opens",
    Kind.SWITCH,
    True,
    "Opened counts as taken",
    "A slot's file that another program opens counts as taken",
)
FRAGMENTS_LOOPS = Parameter(
    "fragments_loops",
    Kind.SWITCH,
    False,
    "Loops",
    "Make loops of whole bars that repeat without a seam, not sounds with an end",
)
FRAGMENTS_BARS = Parameter(
    "fragments_bars",
    Kind.INTEGER,
    4,
    "Bars of a loop",
    "How many bars each loop has",
    low=1,
    high=64,
    needs="fragments_loops",
)
FRAGMENTS_BPM = Parameter(
    "fragments_bpm",
    Kind.NUMBER,
    120.0,
    "Tempo",
    "The set's tempo, which each loop has exactly",
    low=30.0,
    high=300.0,
    unit="bpm",
    needs="fragments_loops",
)
FRAGMENTS_PAGE = Parameter(
    "fragments_page",
    Kind.SWITCH,
    False,
    "Prompt page",
    "Serve a page for a tablet on stage, on which fragments are asked for; its address is in the panel",
)
FRAGMENTS_NETWORK = Parameter(
    "fragments_network",
    Kind.SWITCH,
    False,
    "For the network",
    "Let other machines of the network open the page, by an address that only who is told it knows",
    needs="fragments_page",
)
FRAGMENTS_PORT = Parameter(
    "fragments_port",
    Kind.INTEGER,
    8421,
    "Port",
    "The page's port",
    low=1024,
    high=65_535,
    needs="fragments_page",
)
FRAGMENTS_OSC_IN = Parameter(
    "fragments_osc_in",
    Kind.TEXT,
    "",
    "OSC in",
    "Where /generate, /prompt, /taken and so on are heard: a port of this machine, or ADDRESS:PORT",
    unset="off",
)
FRAGMENTS_OSC_OUT = Parameter(
    "fragments_osc_out",
    Kind.TEXT,
    "",
    "OSC out",
    "Where /fragment/ready and so on are told: a port of this machine, or ADDRESS:PORT",
    unset="off",
)
FRAGMENT_OPTIONS = (
    FRAGMENTS_FOLDER,
    FRAGMENTS_SLOTS,
    FRAGMENTS_RATE,
    FRAGMENTS_DURATION,
    FRAGMENTS_PROMPT,
    FRAGMENTS_PROMPTS,
    FRAGMENTS_MODE,
    FRAGMENTS_EVERY,
    FRAGMENTS_OPENS,
    FRAGMENTS_LOOPS,
    FRAGMENTS_BARS,
    FRAGMENTS_BPM,
    FRAGMENTS_PAGE,
    FRAGMENTS_NETWORK,
    FRAGMENTS_PORT,
    FRAGMENTS_OSC_IN,
    FRAGMENTS_OSC_OUT,
)
"""Options of the fragments panel, in their order."""
IN_DIALOG = tuple(
    one for one in FRAGMENT_OPTIONS if one not in (FRAGMENTS_PROMPT, FRAGMENTS_PROMPTS, FRAGMENTS_MODE, FRAGMENTS_EVERY)
)
"""Options that stand as rows in the panel's settings; the others are in the panel, or have a field for many lines."""
