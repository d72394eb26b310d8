# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: the mix rendered to a file, and sounds played for longer than they last."""
