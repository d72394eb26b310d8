# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the errors of fetching weights, programs and extras, and of keeping them."""

from __future__ import annotations

from engine.errors.files import DiskFull
from engine.errors.root import StudioError, UserError


class AssetUnknown(UserError):
    template = "There is no model called “{value}”: “infiniloop models list” names them all."


class AssetAmbiguous(UserError):
    template = "“{value}” is the name of several models: say which of {choices}."


class NotFetchedHere(UserError):
    template = "“{name}” is fetched by {generator} itself, the first time that it makes a clip with it."


class FetchingOff(UserError):
    template = (
        "Nothing was fetched: the studio is set to work offline. SETUP → Folders allows it again "
        "(“{name}” was asked for)."
    )


class ModelGated(UserError):
    template = (
        "“{repository}” is given only to who accepted its licence: accept the licence on {address}, "
        "then “hf auth login” in a terminal, and try again."
    )


class ModelNotOffered(UserError):
    template = "“{repository}” is not to be had at {address}: it was moved, removed or is private."


class HubUnreachable(UserError):
    template = "{address} cannot be reached ({detail}): what was fetched stays, and the next try goes on from there."


class FetchRefused(UserError):
    template = "{address} refused “{path}” (HTTP {status}): try again later."


class FetchedDamaged(UserError):
    template = (
        "“{path}” came from {address} with other bytes than its checksum says, and was thrown away: try again, "
        "and if it happens again do not trust that address."
    )


class NoChecksum(UserError):
    template = (
        "The release {release} tells no checksum of “{path}”, so it was not fetched: get it from {address} by hand, "
        "or “infiniloop models get {name} --without-checksum”."
    )


class NoReleaseFor(UserError):
    template = "There is no release of {generator} for this machine ({machine}): build it as {address} says."


class NoRoomFor(DiskFull):
    template = (
        "“{name}” needs {needed} and only {free} are free in “{path}”: free some space, or choose another folder for "
        "models in SETUP → Folders."
    )


class AssetInUse(UserError):
    template = "“{name}” is being fetched by another program: wait until that is done."


class AssetNotHere(UserError):
    template = "“{name}” is not on this machine: “infiniloop models get {name}” fetches it."


class AssetNotOurs(UserError):
    template = "“{name}” was not put there by the studio: remove “{path}” by hand."


class NotAgreed(UserError):
    template = "Nothing was done with “{name}”: say yes, or --yes."


class ExtraUnknown(UserError):
    template = "There is no extra called “{value}”: choose one of {choices}."


class EnvironmentClosed(UserError):
    """Packages cannot be put where the program runs; the hint is the rest of the sentence."""

    template = "Nothing can be installed into “{path}” ({detail}): {hint}."


class SetupFailed(StudioError):
    template = "pip could not install “{name}” ({detail}): is there a network? Its whole words are in {log}."
