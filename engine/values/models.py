# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what a generator declares of the weights that its models need, and what one may do with them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence says what one may do with what a model makes.

    Attributes
    ----------
    words
        The licence in one line, as “CC-BY-NC-4.0: not for commercial use”.
    is_commercial
        Whether what is made with the model may be sold.
    """

    words: str
    is_commercial: bool


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model card says where a model's weights come from, what they take, and what one may do with them.

    Attributes
    ----------
    name
        What ``Capabilities.models`` calls it.
    repository
        The weights' repository on the Hugging Face hub, as ``facebook/musicgen-small``.
    revision
        Its commit, tag or branch.
    files
        Patterns of the files that are needed, as ``*.json``; all of them when empty.
    size_bytes
        What the files take on the disk, and so what is downloaded.
    memory_bytes
        What it takes of the memory while it makes a clip.
    licence
        The licence of the weights in one line, as “CC-BY-NC-4.0: not for commercial use”.
    is_commercial
        Whether what is made with it may be sold.
    extra
        The extra of ``pyproject.toml`` that the generator needs to run it, or "".
    fetched_by
        The program that keeps the weights in a folder of its own and fetches them by itself, or "": the studio does.
    needs
        Cards of other weights without which it cannot run, as those of a text encoder; they are fetched with it.
    """

    name: str
    repository: str
    size_bytes: int
    memory_bytes: int
    licence: str
    is_commercial: bool
    revision: str = "main"
    files: tuple[str, ...] = ()
    extra: str = ""
    fetched_by: str = ""
    needs: tuple[ModelCard, ...] = ()
