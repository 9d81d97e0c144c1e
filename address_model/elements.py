"""The elements of an address (GB/T 35639, GB/T 23705, DB42/T 2175) as immutable values.

They are named tuples, which are five times as fast to create as frozen dataclasses.
"""

from typing import NamedTuple, Self


class Numbered(NamedTuple):
    """A number with its prefix, suffix and quantifier kept apart.

    ``临47-1号`` is prefix 临, number 47, suffix 1, quantifier 号. A suffix that begins with 之 (and
    a Chinese numeral) or 附 (and digits) is written behind the quantifier (``123号之一``,
    ``94号附1``), any other before it (``12甲号``); ``plate_suffixes`` brings every writing to this
    form. Digits are half-width; a floor below ground is negative: ``地下二层`` is number
    -2, quantifier 层.
    """

    number: str
    quantifier: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        if self.suffix.startswith(("之", "附")):
            return f"{self.prefix}{self.number}{self.quantifier}{self.suffix}"
        joint = "-" if self.suffix[:1].isdigit() else ""
        return f"{self.prefix}{self.number}{joint}{self.suffix}{self.quantifier}"

    @property
    def bare(self) -> str:
        """The number without its quantifier, as in the canonical key."""
        return str(self._replace(quantifier=""))


class Elements(NamedTuple):
    """One address, from the province down to the room; an absent element is empty.

    Upper divisions are names as written in the register (浙江省 杭州市 上城区 清波街道 清河坊社区).
    ``lanes`` is the chain of 弄, 支弄 and 巷 under a thoroughfare or an estate, outermost first.
    ``parent_place`` is a place named before the one that counts and not a level above it:
    西郊路 in 西郊路后河巷20号. It is part of the text and of no key.
    ``thing`` is the lamp, bus stop … that has the address, see ``address_model.things``.
    """

    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    community: str = ""
    devzone: str = ""
    parent_place: str = ""
    thoroughfare: str = ""
    lanes: tuple[Numbered, ...] = ()
    natural_village: str = ""
    group: Numbered | None = None
    estate: str = ""
    number: Numbered | None = None
    building: Numbered | None = None
    unit: Numbered | None = None
    floor: Numbered | None = None
    room: Numbered | None = None
    thing: Numbered | None = None

    def with_divisions(
        self, *, province: str, city: str, county: str, township: str, community: str = ""
    ) -> Self:
        """Return the same local elements under these upper divisions."""
        return self._replace(
            province=province,
            city=city,
            county=county,
            township=township,
            community=community,
        )

    @property
    def street(self) -> str:
        """What the plate number counts along: thoroughfare, else estate, else natural village."""
        return self.thoroughfare or self.estate or self.natural_village or self.community
