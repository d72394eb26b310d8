# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of generators and of their models."""

from __future__ import annotations

from engine.errors.root import StudioError, UserError


class GeneratorError(StudioError):
    """A generator did not deliver a clip."""

    template = "{generator} made no clip: {detail}."


class GeneratorMissing(GeneratorError, UserError):
    template = "{generator} was not found: {hint}."


class ModelMissing(GeneratorError, UserError):
    template = (
        "The weights of the model “{model}” ({repository}) are not on this machine: “infiniloop models get {model}” or "
        "Models in the menu fetches them."
    )


class GeneratorOutOfMemory(GeneratorError):
    template = (
        "{generator} has not enough memory for the model “{model}”: close other programs, or choose a smaller model or "
        "a shorter clip."
    )


class GeneratorFailed(GeneratorError):
    template = "{generator} stopped with exit code {exit_code}: {detail}."


class GeneratorHung(GeneratorError):
    template = "{generator} gave no clip within {limit_s:.0f} s and was stopped."


class GeneratorOutputBad(GeneratorError):
    template = "{generator} made a clip that cannot be used: {detail}."


class GeneratorClipLength(GeneratorOutputBad):
    template = (
        "{generator} made a clip that cannot be used: "
        "it lasts {duration_s:.1f} s where {requested_s:g} s were asked for."
    )


class GeneratorFileTooLarge(GeneratorOutputBad):
    template = (
        "{generator} made a clip that cannot be used: "
        "its audio file has {megabytes:.0f} MB, far more than {requested_s:g} s of music take."
    )
