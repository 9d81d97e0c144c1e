"""The sentence below a location sketch, in words of a language."""

import re

from address_model.pinyin import spell_figure, spell_name, thing_in_english
from address_model.things import find_thing
from service.core.words import Language, Words, mark
from service.scans.sketch_caption import Caption, Neighbour

WINDS = (
    *(mark("东"), mark("东北"), mark("北"), mark("西北")),
    *(mark("西"), mark("西南"), mark("南"), mark("东南")),
)
_RUNS = re.compile(r"[!-~]+|[^!-~]+")
_BLOCK = re.compile(r"([0-9A-Za-z-]+)(?:幢|栋|座|楼|号楼)")


def sketch_sentence(caption: Caption, _: Words) -> str:
    """河坊街88号在街的南侧，东邻90号，西邻86号; or what lies near, and the way to a street."""
    own = spoken(caption.label, _, is_block=caption.is_block)
    if caption.side is not None:
        text = _(
            "{street}{own}在街的{wind}侧",
            street=_written(caption.street, _),
            own=own,
            wind=_(WINDS[caption.side]),
        )
        return text + "".join([_next_door(near, _) for near in caption.near])
    names = _("、").join([spoken(near.label, _, is_block=near.is_block) for near in caption.near])
    text = _("{own}附近有{names}", own=own, names=names) if names else _("{own}的位置", own=own)
    if caption.street:
        wind = _(WINDS[caption.wind])
        text += _(
            "，{wind}面约{metres}米是{street}",
            wind=wind,
            metres=caption.metres,
            street=_written(caption.street, _),
        )
    return text


def _written(street: str, _: Words) -> str:
    """A street's name as the reader reads it: 河坊街6弄 is Hefang Jie 6 Long."""
    if _.language is Language.ZH:
        return street
    return " ".join([one if one.isascii() else spell_name(one) for one in _RUNS.findall(street)])


def _next_door(near: Neighbour, _: Words) -> str:
    name = spoken(near.label, _, is_block=near.is_block)
    return _("，{wind}邻{name}", wind=_(WINDS[near.wind]), name=name)


def spoken(label: str, _: Words, *, is_block: bool) -> str:
    """The label of a home as one says it: 88号, 3幢; No. 88, Building 3."""
    if _.language is Language.ZH:
        return label if is_block else _("{number}号", number=label)
    if is_block and (thing := find_thing(label)):
        return thing_in_english(thing[1])
    if block := _BLOCK.fullmatch(label) if is_block else None:
        return _("{number}幢", number=block[1])
    label = spell_figure(label)
    return label if is_block else _("{number}号", number=label)
