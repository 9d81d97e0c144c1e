"""The forms of areas: their kinds, their fields, and how they are read."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from pydantic import BaseModel, Field
from shapely.geometry.base import BaseGeometry

from service.areas.border_text import read_border, write_shape
from service.areas.features import read_features
from service.core.database import LARGEST_NUMBER
from service.core.errors import BadRequest

MOST_TEXT = 1 << 20
"""The longest border as text, in characters: 20,000 corners."""

LOOK, STORE = "look", "store"
"""The steps of a form: to see the result, and to store it."""


class BorderAction(StrEnum):
    """What can be done to the border of an area; the word in its path."""

    REDRAW = "redraw"
    SPLIT = "split"
    MERGE = "merge"
    END = "end"


@dataclass(frozen=True, slots=True)
class ActionWords:
    """An action in words: on its button, and what it does."""

    title: str
    advice: str


ACTIONS = {
    BorderAction.REDRAW: ActionWords(
        "改界线", "画出的界线为准：划进来的从相邻责任区划出，让出去的归原来相邻的一方，两边一起改。"
    ),
    BorderAction.SPLIT: ActionWords(
        "拆分", "画一条线，从一边的界线到另一边；一半沿用原来的编码和联系人，另一半是新的责任区。"
    ),
    BorderAction.MERGE: ActionWords(
        "合并", "选一个相邻的同类责任区并进来；并进来的随即撤销，它的联系人不再显示。"
    ),
    BorderAction.END: ActionWords(
        "撤销", "从今天起不再使用；这里的地址不再属于任何一个同类责任区，直到另外划入。"
    ),
}


class BorderForm(BaseModel):
    """The fields of all forms of borders.

    ``shown`` is written by ``BorderPreview.shown``; ``looked`` is the ``fingerprint`` of the form
    whose result was shown.
    """

    step: str = Field("", max_length=10)
    border: str = Field("", max_length=MOST_TEXT)
    line: str = Field("", max_length=60_000)
    other: int = Field(0, ge=0, le=LARGEST_NUMBER)
    kind: str = Field("", max_length=32)
    name: str = Field("", max_length=200)
    code: str = Field("", max_length=200)
    keeps: str = Field("", max_length=10)
    reason: str = Field("", max_length=200)
    shown: str = Field("", max_length=20_000)
    looked: str = Field("", max_length=64)

    @property
    def looks(self) -> bool:
        """Whether the result is asked for, and nothing is to be stored."""
        return self.step != STORE

    @property
    def fingerprint(self) -> str:
        """What the result depends on, as SHA-256 in hex."""
        drawn = (" ".join(self.border.split()), " ".join(self.line.split()))
        asked = (*drawn, self.other, self.kind, self.name, self.code, self.keeps)
        return hashlib.sha256(repr(asked).encode()).hexdigest()

    def take_border(self, name: str | None, file: BinaryIO | None) -> BaseGeometry:
        """The border of an uploaded file, if one was chosen, else of the text.

        Raises:
            BorderRefused, LayerRefused, LayerUnreadable: neither can be read.
        """
        if name and file is not None:
            with copied_layer(name, file) as path:
                found = read_features(path).listed
            if len(found) != 1 or found[0].geometry is None:
                raise BadRequest(
                    f"the file has {len(found)} features",
                    hint="give one area",
                    zh=f"文件里有 {len(found)} 个图形，这里只要一个；成批的请用“导入”。",
                    field="file",
                )
            self.border = write_shape(found[0].geometry)
        return read_border(self.border)


@contextmanager
def copied_layer(name: str, file: BinaryIO) -> Iterator[Path]:
    """A copy of an uploaded layer under its ending, deleted afterwards."""
    ending = Path(name).suffix.lower()
    with TemporaryDirectory(prefix="menpai-layer-") as folder:
        path = Path(folder, f"layer{ending if ending.isascii() and ending.isprintable() else ''}")
        path.write_bytes(file.read())
        yield path
