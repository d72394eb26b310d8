# SPDX-License-Identifier: GPL-3.0-or-later
"""This package decides what plays next and why, without Qt, on values alone; a few Protocols reach the outside."""
