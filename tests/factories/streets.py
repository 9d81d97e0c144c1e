"""Streets of any kind: doors, lanes, suffixes, buildings, floors and rooms, for hypothesis."""

from hypothesis import strategies as st

from address_model.elements import Elements, Numbered

numbers = st.integers(min_value=1, max_value=10**6)
_FEW = st.integers(min_value=1, max_value=12).map(str)
_SUFFIXES = ("", "", "", "1", "2", "10", "之一", "之二", "之十", "附1", "附2", "甲", "乙", "A")


def numbered(quantifier: str) -> st.SearchStrategy[Numbered | None]:
    """A small number with this quantifier, or none."""
    return st.none() | _FEW.map(lambda number: Numbered(number, quantifier))


@st.composite
def addresses(draw: st.DrawFn) -> Elements:
    """An address on one of two streets of 清波街道; many share their street, lane or house."""
    lanes = draw(st.lists(_FEW.map(lambda number: Numbered(number, "弄")), max_size=1))
    number = draw(numbered("号"))
    if number is not None:
        number = number._replace(
            prefix=draw(st.sampled_from(("", "", "临"))), suffix=draw(st.sampled_from(_SUFFIXES))
        )
    floors = st.none() | st.sampled_from(("-2", "-1", "1", "2", "10"))
    floor = draw(floors.map(lambda floor: None if floor is None else Numbered(floor, "层")))
    return Elements(
        province="浙江省",
        city="杭州市",
        county="上城区",
        township="清波街道",
        thoroughfare=draw(st.sampled_from(("河坊街", "文一路"))),
        lanes=tuple(lanes),
        number=number,
        building=draw(numbered("幢")),
        unit=draw(numbered("单元")),
        floor=floor,
        room=draw(numbered("室")),
    )
