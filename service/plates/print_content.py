"""What stands on a plate: which design, which name and number, for the level it hangs at."""

from dataclasses import replace

from address_model.elements import Elements
from address_model.pinyin import spell_name, spell_street
from address_model.rendering import division_names, local_parts
from address_model.things import KINDS
from qr.content import PlateContent
from qr.designs import get_design, list_designs
from qr.layout import PlateSpec
from service.divisions.imprints import Imprint
from service.plates.faces import INDOOR, design_name, number_and_name
from service.plates.queries import BlankRow, PlateRow

AUTO = "auto"
"""The design of a batch whose plates each take the design of their level."""

NO_IMPRINT = Imprint()
_OF_KINDS = ("lamp", "stop", "aed")
AUTO_DESIGNS = (
    *("medium", "lane", "village", "temporary", "building", "unit", "room"),
    *dict.fromkeys(kind.design for kind in KINDS),
)
"""The designs that ``design_name`` gives."""


def design_title(name: str, elements: Elements | None = None) -> str:
    """The Chinese name of a design; of an automatic one that of the address's level, if known."""
    if name == AUTO and elements is not None:
        name = design_name(elements)
    if name == AUTO:
        return "按地址类型"
    return get_design(name).title if name in list_designs() else name


def order_of(
    plate: PlateRow, *, authority: str, design: str = "", imprint: Imprint = NO_IMPRINT
) -> PlateSpec:
    """The plate as it is ordered from the printing room: its design and all its texts.

    ``design`` is what its batch has fixed for it; else its batch's, or that of its level.
    ``authority`` has plates made where ``imprint``, that of its division, names nobody.
    """
    chosen = design or plate.design
    if chosen == AUTO:
        chosen = design_name(plate.elements)
    content = replace(
        _texts(plate.elements, chosen),
        plate_id=plate.token,
        payload=plate.payload,
        code=plate.code,
        authority=imprint.issuer or authority,
        postcode=imprint.postcode,
        note="示例数据" if plate.is_sample else "",
        address=plate.standard_text,
        address_parts=(*division_names(plate.elements), *local_parts(plate.elements)),
        is_trial=plate.is_trial,
    )
    return PlateSpec(get_design(chosen), content)


def number_order_of(elements: Elements, design: str) -> PlateSpec:
    """What of an address decides how large the numbers of its street are; never printed."""
    return PlateSpec(get_design(design), _texts(elements, design))


def _texts(elements: Elements, design: str) -> PlateContent:
    numbered, parts = number_and_name(elements, door=design not in INDOOR.values())
    if elements.thing is not None and design in _OF_KINDS:  # which says the kind itself
        numbered = elements.thing._replace(quantifier="号" if elements.thing.number else "")
    return PlateContent(
        plate_id="",
        payload="",
        code="",
        name="".join(parts),
        name_parts=parts,
        pinyin=_pinyin(elements, design),
        number=f"{numbered.prefix}{numbered.number}" if numbered else "",
        suffix=numbered.suffix if numbered else "",
        quantifier=numbered.quantifier if numbered else "",
    )


def blank_order_of(plate: BlankRow, *, authority: str) -> PlateSpec:
    """A blank plate as it is ordered: its code, and the token to type where the code fails."""
    content = PlateContent(
        plate_id=plate.token,
        payload=plate.payload,
        name="",
        number="",
        quantifier="",
        code=plate.token,
        authority=authority,
        is_trial=plate.is_trial,
    )
    return PlateSpec(get_design(plate.design), content)


def _pinyin(elements: Elements, design: str) -> str:
    if design == "building" and elements.estate:
        return spell_name(elements.estate).upper()
    return spell_street(elements).upper()
