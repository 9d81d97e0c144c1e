"""Compares wanted with stored links: which to add, which to delete."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.linking.binary_copy import Areas, Codes, Links

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WantedLinks:
    """The links derived from points: for each kind, positions in ``codes`` and area ids.

    ``codes`` are all addresses in question, ascending, without duplicates.
    """

    codes: Codes
    by_kind: Mapping[str, tuple[Integers, Areas]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of address and area, as two parallel arrays."""

    codes: Codes
    areas: Areas


@dataclass(frozen=True, slots=True)
class LinkDifference:
    """The changes to write: new pairs of each kind, and pairs to delete.

    ``same`` pairs stay; ``codes`` are the addresses whose links change, ascending: the ``wanted``
    ones among those whose links were wanted (a mask), and ``others``.
    """

    new: Mapping[str, Pairs]
    gone: Pairs
    same: int
    codes: Codes
    wanted: NDArray[np.bool_]
    others: Codes


def compare(wanted: WantedLinks, held: Links, kinds: Mapping[int, str]) -> LinkDifference:
    """Compare the links derived from points with the stored links of the same addresses.

    A link by hand replaces all links of its kind, as long as its area is in force.

    Args:
        held: stored links of these addresses, in any order; those of others are deleted.
        kinds: the kind of every area in force.
    """
    # the union of the codes, ascending, and the position of each wanted one in it
    codes, moves = wanted.codes, np.arange(len(wanted.codes))
    strange = held.codes[~np.isin(held.codes, codes)] if len(held.codes) else held.codes
    if len(strange):
        codes = np.union1d(wanted.codes, strange)
        moves = np.searchsorted(codes, wanted.codes)
    held_at = np.searchsorted(codes, held.codes)
    held_keys = _keys(held_at, held.areas)
    by_point, by_hand = held_keys[~held.by_hand], held_keys[held.by_hand]
    hand_kinds = np.array([kinds.get(int(area), "") for area in held.areas[held.by_hand]], str)
    fresh: dict[str, Integers] = {}
    all_wanted = [np.empty(0, np.int64)]
    for kind, (positions, areas) in wanted.by_kind.items():
        keys = _keys(moves[positions], areas)
        if len(by_hand):
            keys = keys[~np.isin(keys >> 32, by_hand[hand_kinds == kind] >> 32)]
        all_wanted.append(keys)
        fresh[kind] = keys[~np.isin(keys, by_point)] if len(by_point) else keys
    stays = np.isin(by_point, np.concatenate(all_wanted)) if len(by_point) else by_point
    stale = np.concatenate([by_point[~stays.astype(bool)], by_hand[hand_kinds == ""]])
    touched = np.zeros(len(codes), bool)
    for keys in (stale, *fresh.values()):
        touched[keys >> 32] = True
    is_wanted = np.zeros(len(codes), bool)
    is_wanted[moves] = True
    return LinkDifference(
        {kind: _pairs(keys, codes) for kind, keys in fresh.items() if len(keys)},
        _pairs(stale, codes),
        int(np.count_nonzero(stays)),
        codes[touched],
        touched[moves],
        codes[touched & ~is_wanted],
    )


def _keys(at: Integers, areas: Areas) -> Integers:
    """Pack a position in the codes and an area id into one number."""
    keys: Integers = (at.astype(np.int64) << 32) | areas.astype(np.int64)
    return keys


def _pairs(keys: Integers, codes: Codes) -> Pairs:
    return Pairs(codes[keys >> 32], (keys & 0xFFFFFFFF).astype(np.int32))
