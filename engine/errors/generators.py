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
        "The weights of the model “{model}” ({repository}) are not on this machine: “infiniloop models get "
        "{repository}” or Models in the menu fetches them."
    )


class NothingPaints(GeneratorError, UserError):
    template = (
        "No model that can paint a seam anew is on this machine: “infiniloop models setup diffusion” installs what "
        "they run on, and Models in the menu fetches one."
    )


class CheckpointBad(GeneratorError, UserError):
    template = "{generator} cannot load what is in “{folder}”: {detail}."


class ModelOutOfMemory(GeneratorError, UserError):
    template = (
        "{generator} made no clip: there is not enough memory for the model “{model}”. A smaller model, "
        "a shorter clip, fewer clips at once or half precision need less."
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


class RemoteError(GeneratorError):
    """Another machine, or the way to it, failed: a clip may be asked of the next machine."""

    template = "{machine} made no clip: {detail}."


class RemoteRefuses(RemoteError):
    template = "{machine} refuses connections: is a server (“infiniloop serve”) running there, at that port?"


class RemoteUnknown(RemoteError):
    template = "No machine is known by the name in {machine}: is it spelt right, and is there a network?"


class RemoteSilent(RemoteError):
    template = "{machine} does not answer within {limit_s:g} s."


class RemoteLost(RemoteError):
    template = "The connection to {machine} was lost and did not come back: {detail}."


class RemoteForgot(RemoteError):
    template = "{machine} no longer knows the clip: it was started again, or heard nothing of us for long."


class RemoteTokenWrong(RemoteError):
    template = (
        "{machine} does not accept the token: name the file with the token it was started with, by --remote-token-file "
        "or in SETUP, under Another machine."
    )


class RemoteTokenMissing(RemoteError):
    template = (
        "{machine} asks for a token: name the file with it, by --remote-token-file or in SETUP, under Another machine."
    )


class RemoteVersionWrong(RemoteError):
    template = "{machine} speaks version {theirs} of the protocol and this studio {ours}: update the older one."


class RemoteNotOurs(RemoteError):
    template = "What answers at {machine} does not speak the protocol that is set for it: {detail}."


class RemoteLacksModel(RemoteError):
    template = (
        "{machine} lacks the weights of the model “{model}”: “infiniloop models get {repository}” fetches them there."
    )


class RemoteBusy(RemoteError):
    template = "{machine} is busy: {detail}."


class RemoteTooSlow(RemoteError):
    template = "{machine} is too slow: a second of music takes it {pace:.1f} s, and {limit:g} s are set as the slowest."


class RemoteNone(RemoteError):
    template = "None of the {n_machines} machines made a clip: {detail}."


class TokenUnusable(UserError):
    template = (
        "The token in “{path}” cannot be used ({detail}): the file has to hold one word of at least {least} letters, "
        "digits and signs."
    )


class PasswordUnusable(TokenUnusable):
    template = "The password in “{path}” cannot be used ({detail}): the file has to hold it, in one line of signs."


class ServingNeedsToken(UserError):
    template = (
        "Other machines could reach {host}: name a file with --token-file, or stay with --host 127.0.0.1, which only "
        "this machine reaches."
    )


class CannotListen(UserError):
    template = "Nothing can be offered at {host}, port {port}: {detail}."


class ServingLacksPart(UserError):
    template = "What offers a generator to other machines is not installed: “infiniloop models setup serve” puts it in."


class RadioLacksPart(UserError):
    template = "What a radio needs is not installed: “infiniloop models setup radio” puts it in."


class RayLacksPart(UserError):
    template = "What places a generator on a Ray cluster is not installed: “infiniloop models setup ray” puts it in."


class ClusterUnusable(UserError):
    template = "The Ray cluster ({address}) cannot be used: {detail}."


class NotIcecastAddress(UserError):
    template = (
        "“{address}” does not name a mount of Icecast: it is like icecast://radio.example.org:8000/calm.mp3 (or .opus, "
        ".aac, .flac); the password is in a file (--icecast-password-file)."
    )


class NeedsOption(UserError):
    template = "{name} says how {option} is done: give both, or neither."
