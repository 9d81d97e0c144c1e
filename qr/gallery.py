"""Sample pictures of every design with short, long and hard names, for review before ordering."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qr.content import PlateContent
from qr.designs import get_design, list_designs
from qr.designs.specification import Design
from qr.fonts import Fonts
from qr.layout import LaidOutPlate, lay_out
from qr.output import save_file
from qr.payload import make_payload
from qr.png import draw_png
from qr.svg import draw_svg

_HOST = "https://menpai.test"
_WIDEST = 640
"""Pixels of the longer side of a picture."""

_PLAIN = PlateContent(
    plate_id="K7QX3M9T2B",
    payload=make_payload(_HOST, "K7QX3M9T2B"),
    name="中山中路",
    pinyin="ZHONGSHAN ZHONGLU",
    number="1",
    code="3301020612345663",
    postcode="310000",
    authority="示例市地名管理部门监制",
    note="示例数据",
    valid_until="2027年6月30日",
    address="示例市上城区清波街道中山中路1号2幢3单元402室",
    contacts="社区 0571-0000 0000 网格员 0571-0000 0001（演示）",
)
_SHORT = {"name": "中山中路", "pinyin": "ZHONGSHAN ZHONGLU", "number": "1"}
_LONG = {
    "name": "北京西路辅路南二巷",
    "pinyin": "BEIJING XILU FULU NAN'ERXIANG",
    "number": "123",
    "suffix": "之一",
    "address": "示例市上城区清波街道北京西路辅路南二巷123号之一12幢3单元1402室",
}
_HARD = {
    "name": "𬭊㘭漈路",
    "pinyin": "DU'AOJI LU",
    "number": "47",
    "suffix": "1",
    "address": "示例市上城区清波街道𬭊㘭漈路47-1号",
}
_SECOND = {
    "name": "人民中路",
    "pinyin": "RENMIN ZHONGLU",
    "number": "88",
    "second_script": "畲语书写位置（示例）",
    "authority": "景宁畲族自治县（示例）",
}
_ELEMENT = re.compile(
    r"[0-9]+甲?(?:-[0-9]+)?(?:号之一|[号幢室组]|单元)|示例市|上城区|清波街道|[^0-9]+"
)
_DOOR = {"short": _SHORT, "long": _LONG, "hard": _HARD}
_SCRIPTED = {**_DOOR, "second": _SECOND}

_SAMPLES: dict[str, dict[str, dict[str, str]]] = {
    "large": _SCRIPTED,
    "medium": _SCRIPTED,
    "small": _SCRIPTED,
    "lane": {
        "short": {
            **_SHORT,
            "pinyin": "ZHONGSHAN ZHONGLU 12 LONG",
            "number": "12",
            "quantifier": "弄",
        },
        "long": {
            **_LONG,
            "pinyin": "BEIJING XILU FULU NAN'ERXIANG 123 ZHILONG",
            "number": "123",
            "suffix": "",
            "quantifier": "支弄",
        },
        "hard": {**_HARD, "pinyin": "DU'AOJI LU 47 LONG", "suffix": "", "quantifier": "弄"},
    },
    "village": {
        "short": {"name": "石塘村3组", "pinyin": "SHITANGCUN 3 ZU", "number": "27"},
        "long": {"name": "上方山口大塘自然村12组", "pinyin": "", "number": "临127"},
        "hard": {"name": "𬭊㘭垟村", "pinyin": "DU'AOYANGCUN", "number": "5", "suffix": "附2"},
        "second": {**_SECOND, "name": "东弄村2组", "pinyin": "DONGLONGCUN 2 ZU", "number": "16"},
    },
    "building": {
        "short": {"name": "中山花园", "pinyin": "ZHONGSHAN HUAYUAN", "number": "3"},
        "long": {
            "name": "江湾国际新城揽月花园",
            "pinyin": "JIANGWAN GUOJI XINCHENG LANYUE HUAYUAN",
            "number": "128",
        },
        "hard": {"name": "𬭊漈公寓", "pinyin": "DUJI GONGYU", "number": "12", "suffix": "甲"},
    },
    "unit": {
        "short": {"name": "中山花园3幢", "number": "2"},
        "long": {"name": "江湾国际新城揽月花园128幢", "number": "12"},
        "hard": {"name": "𬭊漈公寓12甲幢", "number": "东1"},
    },
    "room": {
        "short": {"name": "中山花园3幢2单元", "number": "201"},
        "long": {"name": "江湾国际新城揽月花园128幢12单元", "number": "2801"},
        "hard": {"name": "𬭊漈公寓12甲幢", "number": "2.01", "quantifier": ""},
    },
    "lamp": {
        "short": {"name": "中山中路", "number": "023"},
        "long": {"name": "北京西路辅路南二巷", "number": "1023"},
        "hard": {"name": "𬭊㘭漈路", "number": "7", "suffix": "甲"},
    },
    "stop": {
        "short": {"name": "武林广场", "pinyin": "WULIN GUANGCHANG", "number": "2"},
        "long": {
            "name": "北京西路辅路南二巷口",
            "pinyin": "BEIJING XILU FULU NAN'ERXIANG KOU",
            "number": "12",
        },
        "hard": {"name": "𬭊㘭漈村", "pinyin": "DU'AOJICUN", "number": "1"},
    },
    "aed": {
        "short": {"name": "清波街道文化站一楼", "number": "12"},
        "long": {"name": "中山中路地铁站四号出口站厅服务台旁", "number": "1023"},
        "hard": {"name": "𬭊㘭漈村卫生室", "number": "3"},
    },
}
_QUANTIFIERS = {"building": "幢", "unit": "单元", "room": "室", "stop": "号站台"}


@dataclass(frozen=True, slots=True)
class GalleryPicture:
    """One picture of the gallery in both forms."""

    design: str
    sample: str
    png: Path
    svg: Path


def list_samples(design: Design) -> dict[str, PlateContent]:
    """Return a design's sample contents by name: short, long, hard and, for some, second."""
    kind = design.name.split("-")[0]
    quantifier = _QUANTIFIERS.get(kind, "号")
    samples = _SAMPLES.get(kind, _DOOR)
    found = {}
    for sample, changes in samples.items():
        content = replace(_PLAIN, **{"quantifier": quantifier, **changes})  # type: ignore[arg-type]
        # With the elements of its texts, as the register provides them.
        name, address = (tuple(_ELEMENT.findall(text)) for text in (content.name, content.address))
        found[sample] = replace(content, name_parts=name, address_parts=address)
    return found


def lay_out_samples(fonts: Fonts) -> Iterator[tuple[str, LaidOutPlate]]:
    """Lay out every sample of every shipped design."""
    for name in list_designs():
        design = get_design(name)
        for sample, content in list_samples(design).items():
            yield sample, lay_out(design, content, fonts)


def write_gallery(folder: Path, fonts: Fonts) -> list[GalleryPicture]:
    """Write one PNG and one SVG of every design and sample; raises OutputRefused."""
    pictures = []
    for sample, plate in lay_out_samples(fonts):
        stem = f"{plate.design.name}-{sample}"
        picture = GalleryPicture(
            plate.design.name, sample, folder / f"{stem}.png", folder / f"{stem}.svg"
        )
        face = plate.design.face
        dpi = round(_WIDEST * 25.4 / max(face.width, face.height))
        save_file(picture.png, draw_png(plate, fonts, dpi=dpi), plate_id=plate.content.plate_id)
        save_file(picture.svg, draw_svg(plate, fonts), plate_id=plate.content.plate_id)
        pictures.append(picture)
    return pictures
