# SPDX-License-Identifier: GPL-3.0-or-later
"""This module finds a model's weights on this machine; it downloads nothing."""

from __future__ import annotations

from pathlib import Path

from engine.errors import ModelMissing
from engine.values.models import ModelCard


def model_folder(card: ModelCard, models_folder: str = "") -> Path:
    """Return the folder with the weights of a model.

    Parameters
    ----------
    models_folder
        The folder that the person chose for weights; "" is the hub's usual cache, which other programs share.

    Raises
    ------
    ModelMissing
        It was not downloaded, or not wholly, or what it needs beside it was not: then that is named.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = snapshot_download(
            card.repository,
            revision=card.revision,
            cache_dir=models_folder or None,
            allow_patterns=list(card.files) or None,
            local_files_only=True,
        )
    except LocalEntryNotFoundError:
        raise ModelMissing(model=card.name, repository=card.repository) from None
    for one in card.needs:
        model_folder(one, models_folder)
    return Path(folder)
