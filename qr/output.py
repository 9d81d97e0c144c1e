"""Plate files on disk, written atomically."""

import os
import tempfile
from pathlib import Path

from qr.errors import OutputRefused


def save_file(path: Path, data: bytes, *, plate_id: str = "") -> None:
    """Write a temporary file and rename it, so that no partial file is ever seen.

    The folder is made when missing. Raises OutputRefused naming the file and the plate.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".menpai-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputRefused(
            f"{path} cannot be written ({error.strerror}); "
            f"choose another folder, or make room on the disk",
            plate_id=plate_id,
        ) from error
