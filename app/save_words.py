# SPDX-License-Identifier: GPL-3.0-or-later
"""This module says in words what SALVA is going to write, and what it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.translations import sentence
from engine.errors import StudioError
from engine.library.carried import CLIP, Carried
from engine.playback.file.extent import Cut
from engine.playback.file.saving import about_bytes, described_name, shapes_of
from engine.session.licences import limits_of
from engine.session.made_again import maker_of, request_again
from engine.values import Jump, SavePlan, WrittenFile
from widgets.dialogs.model_words import licence_words
from widgets.dialogs.save_sheet import Beside, Outline, OutlinedFile
from widgets.figures import Figure

if TYPE_CHECKING:
    from engine.generators.base import GeneratorSettings
    from engine.session.options import LoopView

_CHANNELS = 2


def tr(text: str) -> str:
    """Return a text in the person's language."""
    return QCoreApplication.translate("SaveSheet", text)


def name_of(view: LoopView) -> str:
    """Return the name that is proposed for a loop: its title, tempo, key and bars."""
    facts, candidate = view.recipe.facts, view.candidate
    return described_name(view.recipe.title, candidate.tempo_bpm or facts.tempo_bpm, facts.key, candidate.bars)


def cut_of(view: LoopView) -> Cut:
    """Return how many samples of a clip come before, in and after the loop that plays."""
    region = view.region
    return Cut(
        region.loop_start,
        region.n_samples,
        view.n_samples - region.loop_end,
        view.sample_rate,
        _CHANNELS,
        at_head=False,
    )


def outline_of(cut: Cut, plan: SavePlan, name: str) -> Outline:
    """Return which files a plan makes, or why it makes none."""
    try:
        shapes = shapes_of(plan, name, cut)
    except StudioError as error:
        return Outline(trouble=sentence(error))
    return Outline(tuple(OutlinedFile(one.name, one.n_samples / one.sample_rate, about_bytes(one)) for one in shapes))


def told_of(one: WrittenFile) -> str:
    """Return a line on a written file: how long it is, its loop tags, its seam."""
    words = [tr("{seconds:.2f} s").format(seconds=Figure(one.duration_s))]
    if one.n_samples != one.shape.n_samples:
        words.append(
            tr("{wanted} samples were written, {n} are read").format(wanted=one.shape.n_samples, n=one.n_samples)
        )
    if not one.are_tags_right:
        words.append(tr("its loop tags are wrong"))
    elif one.shape.tagged is not None:
        words.append(tr("loop tags right"))
    if one.proof is not None:
        percent = int(100.0 * one.proof.quieter_than + 1e-9)
        words.append(tr("seam quieter than {percent} % of its beats").format(percent=percent))
    named = {
        Jump.CLICK: tr("it clicks"),
        Jump.BUMP: tr("it bumps"),
        Jump.DIP: tr("it dips"),
        Jump.BEAT: tr("it falls out of its beat"),
    }
    words += [named[jump] for jump in one.jumps]
    words += one.left_out
    return f"{Path(one.path).name}: {', '.join(words)}"


def licence_of(view: LoopView) -> str:
    """Return what is said of the licence that limits a loop, in the person's language; "" where none does."""
    found = limits_of(Carried(view.recipe, CLIP))
    words = tr("Made with a model whose licence is {licence}")
    return words.format(licence=licence_words(found[0].words)) if found else ""


def beside_of(view: LoopView, settings: GeneratorSettings, *, notes: bool, parts: bool) -> Beside:
    """Return what can be saved beside a loop, or why not, in the person's language.

    ``notes`` and ``parts`` say what is wanted where it can be.
    """
    maker = maker_of(view.recipe)
    no_notes = no_parts = ""
    if maker is None:
        no_notes = no_parts = tr("It is not known how this loop was made")
    else:
        if request_again(0, view.recipe, settings) is None:
            no_parts = tr("This loop cannot be made again from its recipe")
            # The notes of what was made in this session are known.
            no_notes = no_parts if view.score is None else ""
        if not maker.tells.score:
            no_notes = tr("The generator of this loop does not tell its notes")
        if not maker.takes.stems:
            no_parts = tr("The generator of this loop does not give its parts")
    return Beside(notes=notes, parts=parts, no_notes=no_notes, no_parts=no_parts)
