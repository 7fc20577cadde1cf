"""Write the sample of an uploaded file in a child process: `python -m bot.upload_sample_process`.

The argument is the path of the file. The process prints why the file cannot be read, if it cannot.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.imports.row import UnreadableFileError
from bot.services.imports.upload_sample import write_sample

if __name__ == "__main__":
    try:
        write_sample(Path(sys.argv[1]))
    except UnreadableFileError as error:
        sys.stdout.write(str(error.details["reason"]))
