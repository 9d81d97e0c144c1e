"""The caption of a location sketch: its facts, and the sentence in a language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from address_model.pinyin import spell_figure, spell_name, thing_in_english
from address_model.things import find_thing
from service.core.words import Language, Words, mark
from service.scans.street_fit import StreetFit, wind_of

Home = tuple[int, int, int, str, str, bool]
"""Squared distance from the centre, units east, units north, label, street, is a block."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A home named in a caption: direction (see ``wind_of``), label and kind."""

    wind: int
    label: str
    is_block: bool


@dataclass(frozen=True, slots=True)
class Caption:
    """The facts of a caption, independent of language.

    On a street: ``street``, the ``side`` as a direction, and in ``near`` the next doors on that
    side. Otherwise ``side`` is None, ``near`` holds the nearest homes, and ``street`` may name the
    nearest street, in direction ``wind`` at ``metres``.
    """

    label: str
    is_block: bool
    street: str = ""
    side: int | None = None
    near: tuple[Neighbour, ...] = ()
    wind: int = 0
    metres: int = 0


def caption_of(
    own: Home, homes: Sequence[Home], fits: Mapping[str, StreetFit], metre: int
) -> Caption:
    """The facts about a home among others, given nearest first.

    ``metre`` is one metre in the units of the homes.
    """
    fit = fits.get(own[4])
    if fit is None:
        return _without_street(own, homes, fits, metre)
    street, (ux, uy) = own[4], fit.direction
    is_left = fit.left_of(0, 0) > 0
    ahead, behind = _next_doors([home for home in homes if home[4] == street], fit, is_left=is_left)
    near = []
    if ahead is not None:
        near.append(Neighbour(wind_of(ux, uy), ahead[3], ahead[5]))
    if behind is not None:
        near.append(Neighbour(wind_of(-ux, -uy), behind[3], behind[5]))
    return Caption(own[3], own[5], street, wind_of(*fit.towards(0, 0)), tuple(near))


def _next_doors(
    homes: Sequence[Home], fit: StreetFit, *, is_left: bool
) -> tuple[Home | None, Home | None]:
    """The next doors on one side of the street, ahead and behind."""
    ahead = behind = None
    first, last = float("inf"), float("-inf")
    for home in homes:
        offset = fit.along(home[1], home[2])
        if offset > first or offset < last or -4 <= offset <= 4:
            continue
        if (fit.left_of(home[1], home[2]) > 0) is not is_left:
            continue
        if offset > 0:
            ahead, first = home, offset
        else:
            behind, last = home, offset
    return ahead, behind


def _without_street(
    own: Home, homes: Sequence[Home], fits: Mapping[str, StreetFit], metre: int
) -> Caption:
    """In villages and estates: the nearest homes of its kind, and the nearest street."""
    label, is_block = own[3], own[5]
    names = [home for home in homes if home[5] == is_block and home[3] != label][:3]
    near = tuple(Neighbour(wind_of(x, y), name, block) for _, x, y, name, _, block in names)
    if not fits:
        return Caption(label, is_block, near=near)
    ways = {street: fit.nearest_to(0, 0) for street, fit in fits.items()}
    street = min(ways, key=lambda name: ways[name][0] ** 2 + ways[name][1] ** 2)
    east, north = ways[street]
    metres = round((east * east + north * north) ** 0.5 / metre, -1)
    return Caption(label, is_block, street, None, near, wind_of(east, north), int(metres))


WINDS = (
    *(mark("东"), mark("东北"), mark("北"), mark("西北")),
    *(mark("西"), mark("西南"), mark("南"), mark("东南")),
)
_RUNS = re.compile(r"[!-~]+|[^!-~]+")
_BLOCK = re.compile(r"([0-9A-Za-z-]+)(?:幢|栋|座|楼|号楼)")


def sketch_sentence(caption: Caption, _: Words) -> str:
    """河坊街88号在街的南侧，东邻90号，西邻86号; off streets the nearest homes and street."""
    own = spoken(caption.label, _, is_block=caption.is_block)
    if caption.side is not None:
        text = _(
            "{street}{own}在街的{wind}侧",
            street=_street_name(caption.street, _),
            own=own,
            wind=_(WINDS[caption.side]),
        )
        for near in caption.near:
            name = spoken(near.label, _, is_block=near.is_block)
            text += _("，{wind}邻{name}", wind=_(WINDS[near.wind]), name=name)
        return text
    names = _("、").join([spoken(near.label, _, is_block=near.is_block) for near in caption.near])
    text = _("{own}附近有{names}", own=own, names=names) if names else _("{own}的位置", own=own)
    if caption.street:
        wind = _(WINDS[caption.wind])
        text += _(
            "，{wind}面约{metres}米是{street}",
            wind=wind,
            metres=caption.metres,
            street=_street_name(caption.street, _),
        )
    return text


def _street_name(street: str, _: Words) -> str:
    """A street name in the language of the words: 河坊街6弄, Hefang Jie 6 Long."""
    if _.language is Language.ZH:
        return street
    return " ".join([one if one.isascii() else spell_name(one) for one in _RUNS.findall(street)])


def spoken(label: str, _: Words, *, is_block: bool) -> str:
    """The label of a home in words: 88号, 3幢; No. 88, Building 3."""
    if _.language is Language.ZH:
        return label if is_block else _("{number}号", number=label)
    if is_block and (thing := find_thing(label)):
        return thing_in_english(thing[1])
    if block := _BLOCK.fullmatch(label) if is_block else None:
        return _("{number}幢", number=block[1])
    label = spell_figure(label)
    return label if is_block else _("{number}号", number=label)
