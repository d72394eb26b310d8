# SPDX-License-Identifier: GPL-3.0-or-later
"""Has Python find the studio by the way there from its environment, not by the clone's full path, as pip leaves it.

Python reads such a file (``__editable__….pth``) in the locale's encoding: where that is ASCII, a clone in a folder with
an umlaut would not start at all.
"""

import csv
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from os.path import relpath
from pathlib import Path
from sysconfig import get_path

CLONE = Path(__file__).resolve().parents[2]


def make_relative(record: Path, clone: Path) -> None:
    """Rewrite the file that leads to the clone, and its row in the package's list of files."""
    with record.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    folder = record.parents[1]
    for row in rows:
        if row[0].endswith(".pth") and (folder / row[0]).read_text(encoding="utf-8").strip() == str(clone):
            way = f"{relpath(clone, folder)}\n".encode()
            (folder / row[0]).write_bytes(way)
            digest = urlsafe_b64encode(sha256(way).digest()).rstrip(b"=").decode()
            row[1:] = [f"sha256={digest}", str(len(way))]
    with record.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)


def main() -> int:
    """Do so in the environment whose Python runs this."""
    for record in Path(get_path("purelib")).glob("infiniloop_studio-*.dist-info/RECORD"):
        make_relative(record, CLONE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
