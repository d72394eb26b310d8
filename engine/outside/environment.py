# SPDX-License-Identifier: GPL-3.0-or-later
"""This module chooses the part of the environment that an outside program gets: what it needs to run, no secrets.

A shell's environment often holds tokens and passwords (GITHUB_TOKEN, AWS_SECRET_ACCESS_KEY, HF_TOKEN), which are none
of the business of a program that was downloaded. So this is a list of what is passed, not of what is left out. A
program that needs more is named through a shell script that sets it. The studio's own processes (audio, analysis,
generators) run the studio's own code and inherit everything.
"""

from __future__ import annotations

import os

NAMES = frozenset(
    (
        # Who and where the user is; which language and time; where temporary files go.
        *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        # Where libraries are.
        *("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
        # How the network is reached: a model is downloaded at first use.
        *("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NIX_SSL_CERT_FILE"),
        # Where models are kept (not HF_TOKEN).
        *("HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_ENDPOINT", "HUGGINGFACE_HUB_CACHE", "TORCH_HOME"),
    )
)
"""Names of variables that are passed as they are; those of proxies in small letters too."""

PREFIXES = (
    *("LC_", "XDG_", "INFINILOOP_"),
    # Graphics cards and the libraries that compute on them.
    *("CUDA_", "CUDNN_", "NVIDIA_", "ROCM_", "ROCR_", "HIP_", "HSA_", "AMD_", "GPU_", "ORT_"),
    *("OMP_", "KMP_", "MKL_"),
)
"""Prefixes of the names of variables that are passed."""


def program_environment() -> dict[str, str]:
    """Return the part of this process's environment that an outside program gets."""
    return {name: value for name, value in os.environ.items() if _is_passed(name)}


def _is_passed(name: str) -> bool:
    is_proxy = name.endswith("_proxy") and name.upper() in NAMES
    return name in NAMES or is_proxy or name.startswith(PREFIXES)
