"""An address that a caller sends element by element, and the text that says the same."""

from typing import Annotated, Any

from pydantic import Field

from address_model.elements import Elements, local_text, standard_text
from address_model.parsing.level_cells import (
    NUMBERED_LEVELS,
    UnclearNumber,
    read_lane_cell,
    read_level_cell,
)
from service.core.errors import BadRequest
from service.core.fields import Question

Name = Annotated[str, Field(max_length=60)]


class ElementsIn(Question):
    """The elements of an address, each as people write it; what is not known is left out.

    A number without its quantifier gets that of its element: 88 is 88号, of ``building`` 88幢.
    """

    province: Name = Field("", description="省", examples=["浙江省"])
    city: Name = Field("", description="市", examples=["杭州市"])
    county: Name = Field("", description="县（市、区）", examples=["上城区"])
    township: Name = Field("", description="乡镇、街道", examples=["清波街道"])
    community: Name = Field("", description="社区、行政村", examples=[""])
    devzone: Name = Field("", description="开发区", examples=[""])
    thoroughfare: Name = Field("", description="街路巷", examples=["河坊街"])
    lane: Name = Field("", description="弄、支弄: 12弄3支弄", examples=[""])
    natural_village: Name = Field("", description="自然村", examples=[""])
    group: Name = Field("", description="组", examples=[""])
    estate: Name = Field("", description="小区", examples=[""])
    number: Name = Field("", description="门牌号", examples=["88号"])
    building: Name = Field("", description="幢", examples=[""])
    unit: Name = Field("", description="单元", examples=[""])
    floor: Name = Field("", description="层", examples=[""])
    room: Name = Field("", description="室", examples=[""])

    def write(self) -> str:
        """The text of these elements, as the standard orders them.

        Raises:
            BadRequest: a number is none, or all stand above the address.
        """
        values: dict[str, Any] = {}
        for name, cell in self.model_dump(exclude_unset=True).items():
            written = "".join(cell.split())
            if not written:
                continue
            try:
                if name == "lane":
                    values["lanes"] = read_lane_cell(written)
                elif name in NUMBERED_LEVELS:
                    values[name] = read_level_cell(name, written)
                else:
                    values[name] = written
            except UnclearNumber as error:
                raise BadRequest(f"elements.{name}: {error}", hint=error.hint) from error
        elements = Elements(**values)
        if not local_text(elements):
            raise BadRequest(
                "elements: nothing below the divisions is named",
                hint="name a street, an estate or a village, and a number",
            )
        return standard_text(elements)
