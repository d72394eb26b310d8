# SPDX-License-Identifier: GPL-3.0-or-later
"""This package holds the values that cross rooms, threads and processes: frozen, read-only, in samples.

Work goes out as a request and comes back as a result stamped with the request's ``job_id``; a stale id is dropped.
"""

from engine.values.arrays import ByteArray, FloatArray, IntArray, read_only
from engine.values.asked import MOST_VARIATIONS, SPEEDS, Asked, content_hash
from engine.values.audio import BakedLoop, Clip, LoopRegion, OverlapLimit, Sound
from engine.values.channels import (
    ENDLESS,
    MIXER_CHANNELS,
    SILENT_CHANNEL,
    BarLock,
    ChannelParameter,
    ChannelSnapshot,
    Effects,
    Lfo,
    LfoShape,
)
from engine.values.family import Family
from engine.values.guide import GivenBeats, GivenChord, Guide
from engine.values.jobs import ClipRequest, ClipResult, EndlessMusic, JobFailed, Progress, Repaint, Restyle
from engine.values.judged import Dullness, Fit, KeyFit, Misfit, MusicFit, TempoFit
from engine.values.layers import LAYERS, Layer, PartName
from engine.values.loops import (
    Algorithm,
    BeatGrid,
    LoopCandidate,
    LoopFindings,
    LoopMetrics,
    LoopOrigin,
    LoopSearch,
    MetricWeights,
    MusicFacts,
    ScoreMap,
    SeamProof,
)
from engine.values.mixes import Lead, MixKind, MixRecipe, leads_within
from engine.values.models import Licence, ModelCard
from engine.values.pace import Expected, MachinePace, Pace, PaceRun
from engine.values.parameters import MAX_TEXT_CHARACTERS, Kind, Parameter, Parameters, ParameterValue
from engine.values.pictures import PeakPyramid, SpectrogramImage, SpectrogramWindow
from engine.values.playback import (
    PLACE_HOP_SAMPLES,
    BarGrid,
    Meters,
    MusicInHand,
    OutputDevice,
    PlaybackSnapshot,
    TransitionPlan,
    TransitionWish,
    TransportState,
)
from engine.values.played import PlayedChord, PlayedHit, PlayedNote, PlayedPart, PlayedScore
from engine.values.presets import Preset, PresetWords
from engine.values.readings import Phrase, Reading, ReadingKind
from engine.values.ready import ReadyLoop
from engine.values.saving import PACKS, FileShape, Jump, SaveKind, SavePlan, WrittenFile
from engine.values.score_maps import METRIC_NAMES, MapWindow, ScoreMaps
from engine.values.seams import SeamPicture, SeamSpectra, Snap, SnapPlaces, nearest_place, place_beyond
from engine.values.takes import (
    FAVOURITE,
    NEVER,
    RATINGS,
    Excerpt,
    Mark,
    Recipe,
    Room,
    RoomTaken,
    Take,
)
from engine.values.transition_pictures import ComingTransition, TransitionEdit, TransitionExcerpt, TransitionPicture
from engine.values.transitions import TRANSITION_LENGTHS, Entry, FadeCurve

__all__ = [
    "ENDLESS",
    "FAVOURITE",
    "LAYERS",
    "MAX_TEXT_CHARACTERS",
    "METRIC_NAMES",
    "MIXER_CHANNELS",
    "MOST_VARIATIONS",
    "NEVER",
    "PACKS",
    "PLACE_HOP_SAMPLES",
    "RATINGS",
    "SILENT_CHANNEL",
    "SPEEDS",
    "TRANSITION_LENGTHS",
    "Algorithm",
    "Asked",
    "BakedLoop",
    "BarGrid",
    "BarLock",
    "BeatGrid",
    "ByteArray",
    "ChannelParameter",
    "ChannelSnapshot",
    "Clip",
    "ClipRequest",
    "ClipResult",
    "ComingTransition",
    "Dullness",
    "Effects",
    "EndlessMusic",
    "Entry",
    "Excerpt",
    "Expected",
    "FadeCurve",
    "Family",
    "FileShape",
    "Fit",
    "FloatArray",
    "GivenBeats",
    "GivenChord",
    "Guide",
    "IntArray",
    "JobFailed",
    "Jump",
    "KeyFit",
    "Kind",
    "Layer",
    "Lead",
    "Lfo",
    "LfoShape",
    "Licence",
    "LoopCandidate",
    "LoopFindings",
    "LoopMetrics",
    "LoopOrigin",
    "LoopRegion",
    "LoopSearch",
    "MachinePace",
    "MapWindow",
    "Mark",
    "Meters",
    "MetricWeights",
    "Misfit",
    "MixKind",
    "MixRecipe",
    "ModelCard",
    "MusicFacts",
    "MusicFit",
    "MusicInHand",
    "OutputDevice",
    "OverlapLimit",
    "Pace",
    "PaceRun",
    "Parameter",
    "ParameterValue",
    "Parameters",
    "PartName",
    "PeakPyramid",
    "Phrase",
    "PlaybackSnapshot",
    "PlayedChord",
    "PlayedHit",
    "PlayedNote",
    "PlayedPart",
    "PlayedScore",
    "Preset",
    "PresetWords",
    "Progress",
    "Reading",
    "ReadingKind",
    "ReadyLoop",
    "Recipe",
    "Repaint",
    "Restyle",
    "Room",
    "RoomTaken",
    "SaveKind",
    "SavePlan",
    "ScoreMap",
    "ScoreMaps",
    "SeamPicture",
    "SeamProof",
    "SeamSpectra",
    "Snap",
    "SnapPlaces",
    "Sound",
    "SpectrogramImage",
    "SpectrogramWindow",
    "Take",
    "TempoFit",
    "TransitionEdit",
    "TransitionExcerpt",
    "TransitionPicture",
    "TransitionPlan",
    "TransitionWish",
    "TransportState",
    "WrittenFile",
    "content_hash",
    "leads_within",
    "nearest_place",
    "place_beyond",
    "read_only",
]
