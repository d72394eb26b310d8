# SPDX-License-Identifier: GPL-3.0-or-later
"""This package has the sub-commands of ``infiniloop``, one module each."""
