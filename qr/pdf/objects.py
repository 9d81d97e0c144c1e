"""The objects of a PDF file (ISO 32000), written as they come: only offsets are kept."""

import zlib
from array import array
from hashlib import blake2b
from typing import BinaryIO

_LEAF = 64
"""Pages per node of the page tree: readers find one of 100,000 pages without reading all."""


class ObjectFile:
    """A PDF being written to ``target``, which needs only ``write``."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._place = 0
        self._offsets = array("Q", [0])
        self._digest = blake2b(digest_size=16)
        self._put(b"%PDF-1.6\n%\xe9\x97\xa8\xe7\x89\x8c\n")

    def reserve(self) -> int:
        """Return the number of an object to be written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def write(self, number: int, body: bytes) -> None:
        """Write a reserved object."""
        self._offsets[number] = self._place
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def add(self, body: bytes) -> int:
        """Write an object and return its number."""
        number = self.reserve()
        self.write(number, body)
        return number

    def add_stream(self, data: bytes, entries: bytes = b"") -> int:
        """Write a compressed stream and return its number."""
        packed = zlib.compress(data)
        head = b"<</Length %d/Filter/FlateDecode%b>>" % (len(packed), entries)
        return self.add(b"%b\nstream\n%b\nendstream" % (head, packed))

    def finish(self, root: int, info: int) -> None:
        """Write the cross-reference table and the trailer; the target stays open."""
        start, count = self._place, len(self._offsets)
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for first in range(1, count, 4096):
            block = self._offsets[first : first + 4096]
            self._put(b"".join(b"%010d 00000 n \n" % offset for offset in block))
        mark = self._digest.hexdigest().encode()
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\n"
        self._put(trailer % (count, root, info, mark, mark))
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)

    def _put(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._place += len(data)


class PageTree:
    """The page tree of a file, in nodes of a few dozen pages."""

    def __init__(self, file: ObjectFile) -> None:
        self._file = file
        self.root = file.reserve()
        self._nodes: list[tuple[int, int]] = []
        self._node = 0
        self._leaves: list[int] = []

    def add(self, entries: bytes, contents: int) -> None:
        """Write a page; ``entries`` are its boxes and resources."""
        if not self._leaves:
            self._node = self._file.reserve()
        body = b"<</Type/Page/Parent %d 0 R/Contents %d 0 R%b>>"
        self._leaves.append(self._file.add(body % (self._node, contents, entries)))
        if len(self._leaves) == _LEAF:
            self._close_node()

    def finish(self) -> None:
        """Write the nodes."""
        if self._leaves:
            self._close_node()
        kids = b" ".join(b"%d 0 R" % node for node, _ in self._nodes)
        count = sum(pages for _, pages in self._nodes)
        self._file.write(self.root, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids))

    def _close_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % leaf for leaf in self._leaves)
        body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>"
        self._file.write(self._node, body % (self.root, len(self._leaves), kids))
        self._nodes.append((self._node, len(self._leaves)))
        self._leaves = []


def pdf_text(text: str) -> bytes:
    """A text string as hexadecimal UTF-16, safe for every character."""
    return b"<%b>" % ("\ufeff" + text).encode("utf-16-be").hex().upper().encode()
