# SPDX-License-Identifier: GPL-3.0-or-later
"""This module asks the Hugging Face hub what a model's repository holds, and says in one sentence why it does not tell.

All goes through the hub's own library: its address (``HF_ENDPOINT``), token and cache are those of other programs.
"""

from __future__ import annotations

import contextlib
import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from engine.errors import FetchingOff, FetchRefused, HubUnreachable, ModelGated, ModelNotOffered, StudioError
from engine.models.fetching import Digest, Wanted
from engine.values import ModelCard

if TYPE_CHECKING:
    from huggingface_hub import RepoFile

LIBRARY = "infiniloop"
"""Name by which the studio introduces itself to the hub."""
_ERROR_CODE = "x-error-code"
_BLOB = re.compile(r"[0-9A-Za-z]{8,128}")
_FORBIDDEN, _GONE = (401, 403), 404


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository: its name there, its size in bytes, its checksum, and its blob's name in the cache."""

    path: str
    size_bytes: int
    digest: Digest | None
    blob: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing is the files that a card needs, at one commit of its repository."""

    commit: str
    files: tuple[HubFile, ...]

    @property
    def size_bytes(self) -> int:
        """Size of all files, each counted once however often it is there, bytes."""
        return sum({one.blob: one.size_bytes for one in self.files}.values())


def list_files(card: ModelCard) -> Listing:
    """Return which files a card needs. Waits for the network.

    Raises
    ------
    FetchingOff
        The environment (``HF_HUB_OFFLINE``) allows no look at the hub.
    ModelGated, ModelNotOffered, HubUnreachable, FetchRefused
        The hub does not tell.
    """
    from huggingface_hub import HfApi, RepoFile

    api = HfApi(library_name=LIBRARY)
    with told(card):
        commit = api.model_info(card.repository, revision=card.revision).sha or card.revision
        tree = api.list_repo_tree(card.repository, recursive=True, revision=commit)
        there = {one.path: _file(one) for one in tree if isinstance(one, RepoFile)}
        return Listing(commit, tuple(there[path] for path in matching(there, card.files)))


def _file(one: RepoFile) -> HubFile:
    name, size = (one.blob_id, one.size) if one.lfs is None else (one.lfs.sha256, one.lfs.size)
    # It becomes the name of a file of ours.
    if not _BLOB.fullmatch(name) or size < 0:
        raise ValueError(f"{one.path} is no file of a repository")
    return HubFile(one.path, size, Digest.of_etag(name), name)


def matching(paths: Iterable[str], patterns: tuple[str, ...]) -> list[str]:
    """Return the paths that match one of the patterns; all of them without patterns."""
    return [path for path in paths if not patterns or any(fnmatch.fnmatchcase(path, one) for one in patterns)]


def wanted_file(card: ModelCard, commit: str, file: HubFile) -> Wanted:
    """Return how a file of a card's repository is fetched."""
    from huggingface_hub import get_token, hf_hub_url

    def refusal(status: int, headers: Mapping[str, str]) -> StudioError | None:
        return _refusal(card, status, headers.get(_ERROR_CODE, ""))

    url = hf_hub_url(card.repository, file.path, revision=commit)
    token = get_token()
    headers = {"User-Agent": LIBRARY, **({"Authorization": f"Bearer {token}"} if token else {})}
    return Wanted(url, file.path, file.size_bytes, file.digest, headers, refusal)


def lay_out(card: ModelCard, folder: Path) -> None:
    """Have the hub's library make a snapshot of blobs that are in the cache already, and note which commit it is."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars, tqdm

    disable_progress_bars()
    # Without the thread that redraws bars.
    unseen = type("Unseen", (tqdm,), {"monitor_interval": 0})
    with told(card):
        snapshot_download(
            card.repository,
            revision=card.revision,
            cache_dir=folder,
            allow_patterns=list(card.files) or None,
            library_name=LIBRARY,
            tqdm_class=unseen,
        )


@contextlib.contextmanager
def told(card: ModelCard) -> Iterator[None]:
    """Turn what the hub's library raises inside the block into one sentence: see ``list_files``."""
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    # The base of all errors of the HTTP client that the installed library uses: httpx or a later one.
    client_error = cast("type[Exception]", HfHubHTTPError.__mro__[1])
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise FetchingOff(name=card.name) from error
    except LocalEntryNotFoundError as error:
        # The library looks for files on this machine when the hub does not answer.
        raise HubUnreachable(address=address(), detail="no network") from error
    except HfHubHTTPError as error:
        status, code = error.response.status_code, error.response.headers.get(_ERROR_CODE, "")
        refused = FetchRefused(address=address(), path=card.repository, status=status)
        raise (_refusal(card, status, code) or refused) from error
    except client_error as error:
        raise HubUnreachable(address=address(), detail="no network") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        # A hotel's log-in page, or a mirror that tells other things than the hub does.
        raise HubUnreachable(address=address(), detail="it answers something else than a hub does") from error


def _refusal(card: ModelCard, status: int, code: str) -> StudioError | None:
    where = f"{endpoint()}/{card.repository}"
    if code == "GatedRepo" or (status in _FORBIDDEN and code != "RepoNotFound"):
        return ModelGated(repository=card.repository, address=where)
    if status == _GONE or code == "RepoNotFound":
        return ModelNotOffered(repository=card.repository, address=where)
    return None


def endpoint() -> str:
    """Return the hub's address."""
    from huggingface_hub import constants

    return constants.ENDPOINT


def address() -> str:
    """Return the hub's host, as people read it."""
    return endpoint().partition("://")[2]


def usual_folder() -> str:
    """Return the cache that all programs on this machine share."""
    from huggingface_hub import constants

    return constants.HF_HUB_CACHE


def is_offline() -> bool:
    """Return whether the environment forbids any look at the hub."""
    from huggingface_hub import constants

    return constants.is_offline_mode()
