"""Symbols of many payloads that differ only in their token, by XOR of difference tables.

For one version, level, mask and segmentation every module is an affine function over GF(2) of the
payload's bits, error correction included. So a symbol is a base XOR one table entry per pair of
characters. Tables are made with ``qrcode``, and the symbols are those ``qrcode`` would draw.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from qrcode.util import ALPHA_NUM, MODE_ALPHA_NUM

from qr.masks import Words, penalties, to_bytes, to_words
from qr.symbol import Level, Symbol, make_symbol, new_encoder, split_segments

_ALPHABET = ALPHA_NUM.decode()
_WORTH = 16
"""Number of payloads from which building the tables (a tenth of a second) pays."""

_BLOCK = 128
_LARGEST_VERSION = 11
_PAIR_BITS = 11


def make_symbols(payloads: Sequence[str], level: Level = "H") -> list[Symbol]:
    """Encode payloads, fast when many share a prefix up to the last slash; order is kept.

    Each symbol equals the one ``make_symbol`` makes. Raises PayloadTooLong as that does.
    """
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, payload in enumerate(payloads):
        prefix = payload[: payload.rfind("/") + 1]
        regular = all(character in _ALPHABET for character in payload[len(prefix) :])
        groups[prefix if regular else payload, len(payload)].append(place)
    found: dict[int, Symbol] = {}
    for (prefix, length), places in groups.items():
        series = find_series(prefix, length, level) if len(places) >= _WORTH else None
        wanted = [payloads[place] for place in places]
        made = series.encode(wanted) if series else [make_symbol(text, level) for text in wanted]
        found.update(zip(places, made, strict=True))
    return [found[place] for place in range(len(payloads))]


@lru_cache(maxsize=32)
def find_series(prefix: str, length: int, level: Level) -> "SymbolSeries | None":
    """Return the tables for payloads of ``length`` characters that begin with ``prefix``.

    None when the part after the prefix is not alphanumeric, or the symbol is too large for words.
    """
    template = prefix + "0" * (length - len(prefix))
    segments = split_segments(template)
    if length <= len(prefix) or not segments or segments[-1][1] != MODE_ALPHA_NUM:
        return None
    if new_encoder(template, level).version > _LARGEST_VERSION:
        return None
    return SymbolSeries(prefix, length, level)


class SymbolSeries:
    """The tables of one prefix, payload length and level."""

    def __init__(self, prefix: str, length: int, level: Level) -> None:
        self._level: Level = level
        self._template = prefix + "0" * (length - len(prefix))
        self._version: int = new_encoder(self._template, level).version
        self._start = length - len(split_segments(self._template)[-1][0])
        first = (len(prefix) - self._start) // 2
        last = (length - self._start + 1) // 2
        drawn = [(self._draw(mask, rehearsal=True), self._draw(mask)) for mask in range(8)]
        self._size = len(drawn[0][0])
        self._rehearsed = np.stack([self._words(rehearsal) for rehearsal, _ in drawn])
        self._base = np.stack([self._words(final) for _, final in drawn])
        self._tables = {group: self._table(group) for group in range(first, last)}

    def encode(self, payloads: Sequence[str]) -> list[Symbol]:
        """Encode payloads that all have the prefix and length of the series."""
        found: list[Symbol] = []
        for first in range(0, len(payloads), _BLOCK):
            block = payloads[first : first + _BLOCK]
            # The value of every pair of characters that varies (ISO/IEC 18004 §7.4.4).
            text = np.array([list(payload[self._start :].encode()) for payload in block], np.intp)
            numbers = _NUMBERS[text]
            if numbers.shape[1] % 2:
                lone = numbers[:, -1:]
                numbers = np.concatenate([numbers[:, :-1], np.zeros_like(lone), lone], axis=1)
            pairs = numbers[:, 0::2] * len(_ALPHABET) + numbers[:, 1::2]
            values = pairs[:, list(self._tables)]
            change = np.zeros((len(block), 2 * self._size), self._base.dtype)
            for column, table in enumerate(self._tables.values()):
                change ^= table[values[:, column]]
            # Pick the mask of lowest penalty, the lowest number among equals.
            candidates = self._rehearsed ^ change[:, None, :]
            rows, columns = candidates[..., : self._size], candidates[..., self._size :]
            masks: NDArray[np.intp] = penalties(rows, columns, self._size).argmin(axis=1)
            drawn = (self._base[masks] ^ change)[:, : self._size]
            found += [
                Symbol(self._version, self._level, mask, self._size, octets.tobytes())
                for mask, octets in zip(masks.tolist(), to_bytes(drawn, self._size), strict=True)
            ]
        return found

    def _table(self, group: int) -> Words:
        """The modules that each value of one pair changes, against the pair in the template."""
        place = self._start + 2 * group
        alone = place + 1 == len(self._template)
        bits = 6 if alone else _PAIR_BITS
        zero = self._words(self._with(place, 0, alone=alone))
        table = np.zeros((1 << bits, len(zero)), zero.dtype)
        for bit in range(bits):
            step = self._words(self._with(place, 1 << bit, alone=alone)) ^ zero
            table[1 << bit : 2 << bit] = table[: 1 << bit] ^ step
        place = self._start + 2 * group
        value = 0
        for character in self._template[place : place + 2]:
            value = value * len(_ALPHABET) + _ALPHABET.index(character)
        table ^= table[value].copy()
        return table

    def _with(self, place: int, value: int, *, alone: bool) -> NDArray[np.bool_]:
        """Draw the template with another pair (or last character) of the given value."""
        first, second = divmod(value, len(_ALPHABET))
        text = _ALPHABET[value] if alone else _ALPHABET[first] + _ALPHABET[second]
        changed = self._template[:place] + text + self._template[place + len(text) :]
        return self._draw(0, text=changed)

    def _draw(self, mask: int, *, text: str = "", rehearsal: bool = False) -> NDArray[np.bool_]:
        """Draw with ``qrcode``; a rehearsal omits format information, as mask scoring does."""
        encoder = new_encoder(text or self._template, self._level)
        encoder.makeImpl(rehearsal, mask)
        return np.array(encoder.modules, dtype=np.bool_)

    @staticmethod
    def _words(modules: NDArray[np.bool_]) -> Words:
        """Rows, then columns."""
        return np.concatenate([to_words(modules), to_words(np.ascontiguousarray(modules.T))])


_NUMBERS = np.full(128, -1, np.intp)
_NUMBERS[[ord(character) for character in _ALPHABET]] = np.arange(len(_ALPHABET))
