"""The forms of an import: the uploaded file, and what is declared about it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import BinaryIO

from pydantic import BaseModel

from address_model.coordinates import CoordinateSystem
from service.core.errors import BadRequest
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.states import LONGEST_NAME, Declared, list_name

MOST_BYTES = 31 << 20
"""The largest file, in bytes; a form of a list has 1 MB more."""

CHECK = "check"
"""What the second button of the form of declarations says."""

_LONGEST_SOURCE = 80


class DeclaredForm(BaseModel):
    """The declarations as chosen; ``field`` has one entry for each column of the list."""

    sheet: str = ""
    heading: str = ""
    crs: str = CoordinateSystem.CGCS2000
    source: str = ""
    field: list[str] = []
    then: str = ""


@contextmanager
def copied_file(name: str | None, file: BinaryIO | None) -> Iterator[tuple[str, Path]]:
    """The bare name of an uploaded file, and a copy that is deleted afterwards.

    Raises:
        BadRequest: none was chosen, it is empty, or too large.
    """
    bare = PurePosixPath(PureWindowsPath(name or "").name).name
    bare = "".join(one for one in bare if one.isprintable()).strip()[-LONGEST_NAME:]
    if file is None or not bare:
        raise BadRequest("no file was chosen", hint="choose one", zh="请选择要上传的文件。")
    with TemporaryDirectory(prefix="menpai-list-") as folder:
        path = Path(folder, list_name(bare))
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        size = path.stat().st_size
        if not size:
            raise BadRequest("the file is empty", hint="choose another", zh="文件是空的，请另选。")
        if size > MOST_BYTES:
            raise BadRequest(
                f"the file has more than {MOST_BYTES >> 20} MB",
                hint="split it",
                zh=f"文件超过 {MOST_BYTES >> 20} MB，请分成几份上传。",
            )
        yield bare, path


def declared_of(asked: DeclaredForm, upload: UploadRow) -> Declared:
    """What the form declares; columns count only for the sheet and heading they were shown for.

    Raises:
        BadRequest: there is no such coordinate system.
    """
    if asked.crs not in set(CoordinateSystem):
        raise BadRequest("no such coordinate system", hint="choose one", zh="没有这个坐标系。")
    reading, before = upload.reading, upload.declared
    sheet, heading = asked.sheet.strip(), asked.heading.strip()[:16]
    is_other_sheet = sheet != reading["sheet"]
    if is_other_sheet and heading == reading["heading"]:
        heading = ""  # that of the sheet before: to be found again
    columns = {}
    if not is_other_sheet and heading == reading["heading"]:
        columns = {
            column: name
            for column, name in zip(reading["headings"], asked.field, strict=False)
            if name and (name != reading["fields"].get(column) or column in before.columns)
        }
    source = asked.source.strip()[:_LONGEST_SOURCE] or before.source
    return Declared(sheet, heading, columns, CoordinateSystem(asked.crs), source)
