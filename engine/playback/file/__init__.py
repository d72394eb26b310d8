# SPDX-License-Identifier: GPL-3.0-or-later
"""The file room renders the mix to a file, and plays sounds for longer than they last."""
