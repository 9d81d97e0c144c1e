from contextlib import suppress
from pathlib import Path

from service.core.sheets import ERROR_COLUMNS, RowFault, open_rows, write_errors


def test_refused_rows_are_written_with_their_faults_and_can_be_read_again(tmp_path: Path) -> None:
    source_path, errors_path = tmp_path / "in.csv", tmp_path / "errors.xlsx"
    source_path.write_text("地址,经度\n=河坊街,abc\n中山路,120\n")
    faults = [RowFault(2, "经度", "not a number", "type it", "rule-1")]
    faults.append(RowFault(2, "地址", "odd", "hint", "rule-2"))
    with open_rows(source_path) as source, write_errors(errors_path, source.headings) as errors:
        for row in source:
            if row.number == 2:
                errors.add(row, faults)
    with open_rows(errors_path, unprotect=True) as again:
        assert again.headings == ("地址", "经度", *ERROR_COLUMNS)
        (row,) = list(again)
    assert dict(row.values) == {
        "地址": "=河坊街",
        "经度": "abc",
        "menpai_row": "2",
        "menpai_field": "经度 / 地址",
        "menpai_value": "abc / =河坊街",
        "menpai_reason": "not a number / odd",
        "menpai_hint": "type it / hint",
        "menpai_rule": "rule-1 / rule-2",
    }
    with open_rows(errors_path) as source, write_errors(errors_path, source.headings) as errors:
        for row in source:
            errors.add(row, faults[:1])
    assert open_rows(errors_path).headings == ("地址", "经度", *ERROR_COLUMNS)


def test_no_fault_no_file_and_none_either_when_the_block_raises(tmp_path: Path) -> None:
    with write_errors(tmp_path / "errors.csv", ["a"]) as errors:
        pass
    assert errors.count == 0
    (tmp_path / "in.csv").write_text("a\n1\n")
    (row,) = open_rows(tmp_path / "in.csv")
    with suppress(KeyboardInterrupt), write_errors(tmp_path / "e.csv", ["a"]) as errors:
        errors.add(row, [RowFault(2, "", "r", "m")])
        raise KeyboardInterrupt
    assert [file.name for file in tmp_path.iterdir()] == ["in.csv"]
