# SPDX-License-Identifier: GPL-3.0-or-later
"""This package is the weights of models on this machine: where they are, and how they come here and go."""
