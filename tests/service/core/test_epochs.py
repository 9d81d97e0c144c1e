from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from service.core.epochs import Epoch, EpochCache

Step = tuple[str, str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["begin", "end", "change", "change all"]),
        st.sampled_from("ab"),
        st.integers(0, 2),
    ),
    max_size=30,
)


@dataclass
class World:
    """What the database says, and readers that have read of it but not yet handed it over."""

    truth: dict[str, int] = field(default_factory=lambda: {"a": 0, "b": 0})
    readers: dict[int, tuple[str, int, Epoch]] = field(default_factory=dict)


@given(STEPS)
def test_nothing_is_held_that_was_read_before_the_last_change(steps: list[Step]) -> None:
    cache, world = EpochCache[str, int](), World()
    for what, key, reader in steps:
        if what == "begin":
            epoch = cache.epoch(key)
            world.readers[reader] = key, world.truth[key], epoch
        elif what == "end" and reader in world.readers:
            of, value, epoch = world.readers.pop(reader)
            assert cache.keep(of, value, epoch) is (cache.find(of) == value)
        elif what == "change":
            world.truth[key] += 1
            cache.drop(key)
        elif what == "change all":
            world.truth = {one: value + 1 for one, value in world.truth.items()}
            cache.drop_all()
        for one, value in world.truth.items():
            assert cache.find(one) in (None, value)


def test_a_change_of_one_key_lets_what_is_read_of_another_stay() -> None:
    cache = EpochCache[str, int]()
    epoch = cache.epoch("a")
    cache.drop("b")
    assert cache.keep("a", 1, epoch)
    assert cache.find("a") == 1
