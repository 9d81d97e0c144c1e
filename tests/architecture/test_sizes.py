import ast
from collections.abc import Iterator

from tests.architecture.source_tree import Module, faults_of, modules_of_tests, source_modules

MODULES = source_modules()
GENERATED = {"menpai.client.answers"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def test_a_file_has_at_most_300_lines() -> None:
    written = [one for one in MODULES + modules_of_tests() if one.name not in GENERATED]
    lines = {module.name: module.line_count for module in written}
    assert {name: count for name, count in lines.items() if count > 300} == {}


def oversized(module: Module) -> Iterator[str]:
    """Functions of more than 40 lines or five positional parameters."""
    for function in module.functions():
        docstring = len((ast.get_docstring(function) or "").splitlines())
        length = (function.end_lineno or 0) - function.lineno + 1 - docstring
        if length > 40:
            yield f"{function.name} has {length} lines"
        positional = [a for a in function.args.args if a.arg not in ("self", "cls")]
        if len(positional) > 5 and "service.cli" not in module.name:
            yield f"{function.name} has {len(positional)} parameters"


def test_a_function_has_at_most_40_lines_and_five_positional_parameters() -> None:
    assert faults_of(MODULES, oversized) == {}


def test_a_module_says_in_one_sentence_what_lives_there() -> None:
    """An empty package file needs no sentence."""
    silent = [m.name for m in MODULES if m.text.strip() and not ast.get_docstring(m.tree)]
    assert silent == []


def test_names_are_nouns_of_the_field() -> None:
    wrong = [m.name for m in MODULES if m.path.stem in FORBIDDEN_NAMES or "part2" in m.path.stem]
    assert wrong == []
