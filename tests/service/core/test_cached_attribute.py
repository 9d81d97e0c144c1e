"""A cached attribute is made once, kept in its instance, and told from the class's."""

from dataclasses import dataclass, replace

from service.core.cached_attribute import cached_attribute

MADE: list[int] = []


@dataclass(frozen=True)
class Square:
    """What has a value that is worth keeping."""

    side: int

    @cached_attribute
    def area(self) -> int:
        """Its area."""
        MADE.append(self.side)
        return self.side**2


def test_it_is_made_once_for_each_instance() -> None:
    MADE.clear()
    three = Square(3)
    assert MADE == []
    assert (three.area, three.area, Square(4).area) == (9, 9, 16)
    assert MADE == [3, 4]
    assert vars(three) == {"side": 3, "area": 9}


def test_a_changed_copy_makes_its_own() -> None:
    three = Square(3)
    assert three.area == 9
    assert replace(three, side=5).area == 25


def test_the_class_shows_its_words() -> None:
    assert Square.area.__doc__ == "Its area."
