"""The printed content of a plate: design and texts for the level of its address."""

from dataclasses import replace

from address_model.elements import Elements, division_names, local_parts
from address_model.pinyin import spell_name, spell_street
from address_model.things import KINDS
from qr.content import PlateContent
from qr.designs import get_design, list_designs
from qr.layout import PlateSpec
from service.divisions.imprints import Imprint
from service.plates.faces import INDOOR, design_name, number_and_name
from service.plates.queries import BlankRow, PlateRow

AUTO = "auto"
"""The design of a batch in which each plate takes the design of its level."""

NO_IMPRINT = Imprint()
_OF_KINDS = ("lamp", "stop", "aed")
AUTO_DESIGNS = (
    *("medium", "lane", "village", "temporary", "building", "unit", "room"),
    *dict.fromkeys(kind.design for kind in KINDS),
)
"""The designs that ``design_name`` can return."""


def design_title(name: str, elements: Elements | None = None) -> str:
    """The Chinese title of a design; for ``auto`` that of the address's level, if given."""
    if name == AUTO and elements is not None:
        name = design_name(elements)
    if name == AUTO:
        return "按地址类型"
    return get_design(name).title if name in list_designs() else name


def spec_of(
    plate: PlateRow, *, authority: str, design: str = "", imprint: Imprint = NO_IMPRINT
) -> PlateSpec:
    """The spec of a plate for printing: its design and all its texts.

    ``design`` defaults to that of its batch, and ``auto`` to that of its level. ``authority`` is
    printed where ``imprint``, that of its division, names no issuer.
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


def number_spec_of(elements: Elements, design: str) -> PlateSpec:
    """A spec without token, only to measure the number of an address; never printed."""
    return PlateSpec(get_design(design), _texts(elements, design))


def _texts(elements: Elements, design: str) -> PlateContent:
    numbered, parts = number_and_name(elements, door=design not in INDOOR.values())
    if elements.thing is not None and design in _OF_KINDS:  # the design itself names the kind
        numbered = elements.thing._replace(quantifier="号" if elements.thing.number else "")
    in_estate = design == "building" and elements.estate
    pinyin = spell_name(elements.estate) if in_estate else spell_street(elements)
    return PlateContent(
        plate_id="",
        payload="",
        code="",
        name="".join(parts),
        name_parts=parts,
        pinyin=pinyin.upper(),
        number=f"{numbered.prefix}{numbered.number}" if numbered else "",
        suffix=numbered.suffix if numbered else "",
        quantifier=numbered.quantifier if numbered else "",
    )


def blank_spec_of(plate: BlankRow, *, authority: str) -> PlateSpec:
    """The spec of a blank plate: QR code, and the token to type if it cannot be scanned."""
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
