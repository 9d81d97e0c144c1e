"""Rendered data that is kept for many doors is, at each of them, what it would be rendered anew."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from address_model.datasets.fields import THE_PUBLIC
from service.datasets.register import DatasetRegister, KnownDataset, StoredRow
from service.scans.hot.data_lists import DataLists
from service.scans.hot.fragments import Fragments
from service.scans.site import Site
from tests.factories.datasets import FACTS, KEY_BOX

HOST = "open.example.cn"
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
BODIES = Fragments(Site())
CODES = ("3301020000000017", "3301020000000025", "3301020000000033")
REGISTER = DatasetRegister(
    [
        KnownDataset(1, FACTS.name, FACTS.owner, FACTS.fields, f"https://{HOST}/{{code}}"),
        KnownDataset(2, KEY_BOX.name, KEY_BOX.owner, KEY_BOX.fields),
        KnownDataset(3, "演示：验收", "示例所", FACTS.fields, retention_days=30),
    ],
    date(2026, 11, 20),
)
TOLD = st.fixed_dictionaries(
    {},
    optional={
        "built_in": st.sampled_from((1998, 2004)),
        "floors": st.sampled_from((6, 18)),
        "main_use": st.sampled_from(("住宅", "<b>")),
        "box": st.just("XF-0012"),
    },
)
ROWS = st.lists(
    st.builds(
        StoredRow,
        st.sampled_from((1, 2, 3, 4)),
        st.sampled_from(CODES),
        st.sampled_from((*CODES, "A-1")),
        TOLD,
        st.sampled_from((0, 10, 31)).map(lambda days: NOON - timedelta(days=days)),
    ),
    max_size=5,
)
KEPT = DataLists(REGISTER)


BESIDE_ITS_OWN = [
    StoredRow(1, CODES[0], CODES[0], {"built_in": 1998}, NOON),
    StoredRow(1, CODES[0], CODES[1], {"built_in": 2004}, NOON),
]
"""A row with the code for its id, and one whose id sorts behind the code."""


@example(CODES[0], BESIDE_ITS_OWN)
@given(st.sampled_from(CODES), ROWS)
def test_it_is_what_the_register_shows(code: str, rows: list[StoredRow]) -> None:
    for hosts in ((HOST,), (HOST,)):  # the second time as kept
        shown = REGISTER.show(code, rows, THE_PUBLIC, hosts)
        assert KEPT.of(code, rows, BODIES, hosts) == BODIES.data(shown)


def test_two_doors_with_the_same_facts_have_their_own_links() -> None:
    kept, facts = DataLists(REGISTER), {"built_in": 1998}
    pages = [
        kept.of(code, [StoredRow(1, code, code, facts, NOON)], BODIES, (HOST,))
        for code in CODES[:2]
    ]
    assert [code.encode() in page for code, page in zip(CODES, pages, strict=False)] == [True, True]
    assert CODES[0].encode() not in pages[1]
    assert b"{code}" not in pages[0] + pages[1]


def test_nothing_is_rendered_without_rows() -> None:
    assert DataLists(REGISTER).of(CODES[0], (), BODIES, ()) == b""
