"""Grades are computed from what a source is and how it was seen."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from address_model.heritage.claims import (
    DATED,
    SEEN_AS,
    SOURCE_KINDS,
    SUBJECTS,
    Citation,
    Claim,
    list_sources,
)
from address_model.heritage.plain import entry_from_plain, entry_to_plain
from tests.factories.heritage import entry_of

WORST_BY_SEEN = {
    "transcription_read": "A", "page_read": "B", "quoted_in_gazetteer": "B",
    "quoted_in_press": "C", "quoted_in_mirror": "D", "not_seen": "D",
}  # fmt: skip

texts = st.text(st.characters(exclude_characters="\0"), max_size=8)
citations = st.builds(
    Citation,
    title=st.text("史志书", min_size=1, max_size=3),
    author=texts,
    published=texts,
    locator=texts,
    url=st.just("https://example.org/1"),
    kind=st.sampled_from(SOURCE_KINDS),
    seen_as=st.sampled_from(SEEN_AS),
    says=st.sampled_from(["", "作979年"]),
    read_on=st.none() | st.just(date(2026, 11, 20)),
    note=texts,
)
claims = st.builds(
    Claim,
    subject=st.sampled_from(SUBJECTS),
    value=texts,
    year=st.none() | st.sampled_from([-222, 1, 1121]),
    not_after=st.booleans(),
    citations=st.lists(citations, max_size=3).map(tuple),
    note=texts,
)


@given(citations)
def test_a_grade_is_never_above_what_was_seen(one: Citation) -> None:
    assert one.grade >= WORST_BY_SEEN[one.seen_as]


@given(claims)
def test_a_claim_has_the_best_grade_of_those_that_bear_it_out(claim: Claim) -> None:
    bearing = [one for one in claim.citations if not one.says]
    assert claim.grade == (min(one.grade for one in bearing) if bearing else "")


def test_an_old_history_that_a_mirror_mentions_is_hearsay() -> None:
    history = Citation("《宋史》", kind="standard_history", seen_as="transcription_read")
    assert history.grade == "A"
    assert Citation("《宋史》", kind="standard_history", seen_as="quoted_in_mirror").grade == "D"
    assert Citation("《宋史》", kind="standard_history", seen_as="not_seen").grade == "D"
    assert Citation("某报", kind="press", seen_as="page_read").grade == "C"
    rival = Citation("《通志》", kind="local_gazetteer", seen_as="transcription_read", says="979年")
    assert Claim("name", year=978, citations=(rival,)).grade == ""


@given(st.lists(claims, max_size=4))
def test_claims_and_their_citations_survive_export(given_claims: list[Claim]) -> None:
    entry = entry_of(claims=tuple(given_claims))
    assert entry_from_plain(entry_to_plain(entry)) == entry


def test_a_source_that_two_claims_cite_is_listed_once() -> None:
    book = Citation("《宋史》", locator="卷88 叶2a")
    again = Citation("《宋史》", locator="卷88 叶6a")
    claims = [Claim("name", citations=(book,)), Claim("origin", citations=(again,))]
    assert list_sources(claims) == (book,)


def test_an_export_from_before_claims_loses_no_evidence() -> None:
    plain = entry_to_plain(entry_of()) | {
        "attestations": [
            {
                "subject": "name", "year": 872, "precision": "year", "calendar_text": "咸通十三年",
                "source": {"title": "碑", "kind": "inscription", "tier": 1}, "grade": "A",
                "kind": "inscription", "note": "原文未核",
            }
        ],
        "accounts": [{"kind": "legend", "text": "相传…"}, {"kind": "scholarly", "text": "一说…"}],
        "sources": [{"title": "a.test", "url": "https://a.test/1"}],
    }  # fmt: skip
    entry = entry_from_plain(plain)
    assert [one.subject for one in entry.claims] == ["name", "origin", "origin"]
    name, legend, scholarly = entry.claims
    assert (name.year, name.calendar_text, name.note) == (872, "咸通十三年", "原文未核")
    assert name.subject in DATED
    assert name.grade == "D", "it is not known how it was seen"
    assert [one.url for one in legend.citations] == ["https://a.test/1"]
    assert scholarly.citations == ()
