# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm analysis worker process: `jobs` are its values, `process` its main."""
