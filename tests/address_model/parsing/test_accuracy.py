import pytest

from address_model.gazetteer import load_gazetteer
from address_model.normal_form import normalise
from address_model.parsing import parse
from benchmarks.accuracy import nasty, ncap, prefectures
from benchmarks.accuracy.real_data import find_data, read_addresses
from benchmarks.accuracy.scoring import Score
from benchmarks.conservation import count_changes

GAZETTEER = load_gazetteer()
LINE = (
    "江东区宁穿路临47-1号\t"
    "county=江东区(=鄞州区); road=宁穿路; no=临47; no_sub=1; verdict=OK\tx\tENT"
)
PLANTED = {
    "county": LINE.replace("county=江东区(=鄞州区)", "county=江北区"),
    "road": LINE.replace("road=宁穿路", "road=穿路"),
    "no": LINE.replace("no=临47", "no=47"),
    "no_sub": LINE.replace("no_sub=1", "no_sub=2"),
    "verdict": LINE.replace("verdict=OK", "verdict=LIST"),
}


def outcome(row: str) -> nasty.Outcome:
    line = nasty._read_line(row)  # noqa: SLF001
    return nasty.compare(line, parse(line.text, GAZETTEER))


def test_a_right_line_is_counted_as_right() -> None:
    assert outcome(LINE).whole_is_right


@pytest.mark.parametrize("row", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_wrong_answer_is_found(row: str) -> None:
    assert not outcome(row).whole_is_right


def test_a_span_counts_only_with_label_and_both_ends() -> None:
    score = Score()
    wanted = {("road", 0, 3), ("roadno", 3, 6), ("poi", 6, 8)}
    score.add(wanted, {("road", 0, 3), ("roadno", 3, 5), ("houseno", 6, 8)}, "文三路138号大厦")
    precision, recall, _ = score.f1()
    assert (round(precision), round(recall)) == (33, 33)


def test_hard_strings_are_read_as_well_as_promised() -> None:
    path = find_data("nasty.txt")
    if path is None:
        pytest.skip("nasty.txt is not on this machine")
    outcomes = nasty.measure(path, GAZETTEER)
    assert sum(o.verdict_is_right for o in outcomes) >= 46
    assert sum(o.whole_is_right for o in outcomes) >= 42


@pytest.mark.drill
def test_labelled_sentences_are_read_as_well_as_promised() -> None:
    path = find_data("corpora/ncap_naacl2019/dev.jsonl.gz")
    if path is None:
        pytest.skip("NCAP is not on this machine")
    assert ncap.measure(path, GAZETTEER).f1()[2] >= 94.5


@pytest.mark.drill
def test_prefectures_are_inferred_as_well_as_promised() -> None:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is None:
        pytest.skip("the enterprise addresses are not on this machine")
    named, others = prefectures.measure(path, GAZETTEER)
    assert named.right >= 0.999 * named.rows
    assert others.answered >= 0.6 * others.rows
    assert others.right >= 0.97 * others.answered


@pytest.mark.drill
def test_real_addresses_are_kept_as_well_as_promised() -> None:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is None:
        pytest.skip("the enterprise addresses are not on this machine")
    texts = read_addresses(path)
    count = count_changes(texts, GAZETTEER)
    good = count.verdicts["OK"] + count.verdicts["LIST"]
    assert good >= 0.52 * len(texts)
    assert sum(map(len, count.altered.values())) <= 0.005 * good


@pytest.mark.drill
def test_no_real_address_raises_and_normal_forms_are_stable() -> None:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is None:
        pytest.skip("the enterprise addresses are not on this machine")
    for text in read_addresses(path):
        parsed = parse(text, GAZETTEER)
        assert all(text[e.start : e.end] == e.text for e in parsed.elements)
        normal = normalise(text).text
        assert normalise(normal).text == normal
