# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares the options of models: where their weights are kept, and whether anything is fetched."""

from __future__ import annotations

from engine.values.parameters import Kind, Parameter

MODELS_FOLDER = Parameter(
    "models_folder",
    Kind.FOLDER,
    "",
    "Models folder",
    "Where weights of models are kept, gigabytes of them; those that are elsewhere stay there and are not found",
    unset="The cache all programs share",
)
OFFLINE = Parameter(
    "offline",
    Kind.SWITCH,
    False,
    "Work offline",
    "Fetch nothing: no model, no program, no package, even where one is asked for; what is here goes on working",
)
MODEL_OPTIONS = (MODELS_FOLDER, OFFLINE)
