# SPDX-License-Identifier: GPL-3.0-or-later
"""This child process for tests of links ends as soon as it is started."""
