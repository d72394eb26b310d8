# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker processes: `jobs` are their values; `process` is the analysis worker's main, `library_process` the other."""
