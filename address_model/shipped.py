"""Locates the shipped data: beside the package or inside the wheel."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Return the folder that holds ``divisions/`` and the other shipped data.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for folder in (_HERE.parent / "data", _HERE / "shipped_data"):
        if (folder / "divisions").is_dir():
            return folder
    raise FileNotFoundError(
        f"the shipped data is missing: neither {_HERE.parent / 'data'} nor "
        f"{_HERE / 'shipped_data'} has a folder divisions; install the product again"
    )
