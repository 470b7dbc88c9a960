"""What a compiled bank is laid out by: the code that reads the files."""

import os
from pathlib import Path

from mlquiz import __version__


def layout() -> str:
    """Changes whenever what is compiled may: a catalogue of another layout is compiled anew.

    What a file means stands in `core` and `bank`; in an installed package their times are those of the installation.
    """
    package = Path(__file__).parent.parent
    code = [entry for room in ("core", "bank") for entry in os.scandir(package / room) if entry.name.endswith(".py")]
    return f"{__version__} {max(entry.stat().st_mtime_ns for entry in code)} {len(code)}"
