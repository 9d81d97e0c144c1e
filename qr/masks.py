"""Mask penalties (ISO/IEC 18004 §7.8.3) of many symbols at once, one machine word per row."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[Any]
"""Modules as words: the first module is the highest bit, 1 is dark, bits beyond are 0."""

_RUN_POINTS, _BLOCK_POINTS, _FINDER_POINTS, _SHARE_POINTS = 1, 3, 40, 10
_FINDER = "10111010000"


def word_type(size: int) -> type[np.uint32] | type[np.uint64]:
    """Return the smallest word that holds one row; symbols beyond version 11 do not fit."""
    return np.uint32 if size <= 32 else np.uint64


def to_words(modules: NDArray[np.bool_]) -> Words:
    """Pack the last axis of an array of modules into one word each."""
    kind = np.dtype(word_type(modules.shape[-1]))
    packed = np.packbits(modules, axis=-1)
    filled = np.zeros((*packed.shape[:-1], kind.itemsize), np.uint8)
    filled[..., : packed.shape[-1]] = packed
    words: Words = filled.view(kind.newbyteorder(">"))[..., 0].astype(kind)
    return words


def to_bytes(words: Words, size: int) -> NDArray[np.uint8]:
    """Return rows padded to whole bytes, as in ``Symbol.packed``."""
    octets = words.astype(words.dtype.newbyteorder(">"))[..., None].view(np.uint8)
    return octets[..., : -(-size // 8)]


def penalties(rows: Words, columns: Words, size: int) -> NDArray[np.int64]:
    """Score symbols by the four rules of ISO/IEC 18004 table 11; the last axis runs over words.

    Rule 3 counts the finder-like pattern with four light modules on one side, inside the symbol
    only, as ``qrcode`` does: both choose the same mask.
    """
    scores = _lines(rows, size) + _lines(columns, size)
    # Rule 2: blocks of two by two modules of one colour.
    same = _same(rows, size)
    above, below = rows[..., :-1], rows[..., 1:]
    scores += _BLOCK_POINTS * _count(same[..., :-1] & same[..., 1:] & ~(above ^ below))
    # Rule 4: ten points for each whole 5 % away from half dark.
    percent = _count(rows).astype(np.float64) / (size**2)
    return scores + _SHARE_POINTS * (np.abs(percent * 100 - 50) / 5).astype(np.int64)


def _top(kind: Any, count: int) -> Any:
    """A word whose ``count`` highest bits are set."""
    width = kind.itemsize * 8
    return kind.type(((1 << count) - 1) << (width - count))


def _count(words: Words) -> NDArray[np.int64]:
    """Set bits over the last axis."""
    bits: NDArray[np.int64] = np.bitwise_count(words).sum(axis=-1, dtype=np.int64)
    return bits


def _lines(words: Words, size: int) -> NDArray[np.int64]:
    """Rule 1 (runs of five or more) and rule 3 (finder-like patterns) in one direction."""
    same = _same(words, size)
    five = same & (same << 1) & (same << 2) & (same << 3)
    runs = _count(five) + 2 * _count(five & ~(five >> 1))
    light = ~words & _top(words.dtype, size)
    found = _match(words, light, _FINDER) + _match(words, light, _FINDER[::-1])
    return _RUN_POINTS * runs + _FINDER_POINTS * found


def _match(dark: Words, light: Words, pattern: str) -> NDArray[np.int64]:
    """Count the places where a pattern of modules begins (1 is dark)."""
    found = dark if pattern[0] == "1" else light
    for shift, module in enumerate(pattern[1:], start=1):
        found = found & ((dark if module == "1" else light) << shift)
    return _count(found)


def _same(words: Words, size: int) -> Words:
    """Mark every module equal to the next one."""
    same: Words = ~(words ^ (words << 1)) & _top(words.dtype, size - 1)
    return same
