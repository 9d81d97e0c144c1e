import json
from pathlib import Path

from tests.command_line import menpai

TEXTS = [
    "宁波市江北区环城北路西段207弄19号8-2",
    "江北区人民路11-12号",
    "瑞安市塘下镇上金村104国道1938公里处",
    "",
]


def test_parse_says_what_a_text_says_without_a_database() -> None:
    done = menpai("parse", TEXTS[0], "--json", database_url="postgresql://nobody@/nothing")
    assert done.code == 0
    assert done.json["verdict"] == "OK"
    assert ["lane", "207弄", 12, 16] in done.json["elements"]
    assert done.json["plates"][0]["standard_text"] == "浙江省宁波市江北区环城北路西段207弄19号8-2室"


def test_parse_explains_each_rule() -> None:
    done = menpai("parse", "江北区大闸小区138弄附17-18号", "--explain")
    assert "lanes: lane 138弄" in done.out
    assert done.out.count("plate ") == 2


def test_a_file_is_parsed_line_by_line_in_order(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps({"text": text}) for text in TEXTS), "utf-8")
    done = menpai("parse-file", str(source), str(out), "--json")
    assert done.json["texts"] == len(TEXTS)
    read = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["text"] for line in read] == TEXTS
    assert [line["verdict"] for line in read[:3]] == ["OK", "LIST", "NOPLATE"]
    for line in read:
        for _, text, start, end in line["elements"]:
            assert line["text"][start:end] == text


def test_a_line_that_is_no_text_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "河坊街1号"}\nnonsense\n', "utf-8")
    done = menpai("parse-file", str(source), str(out))
    assert done.code == 2
    assert "line 2" in done.err
    assert not out.exists()
