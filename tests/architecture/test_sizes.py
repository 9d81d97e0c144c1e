import ast

import pytest

from tests.architecture.source_tree import Module, modules_of_tests, source_modules

MODULES = source_modules()
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


@pytest.mark.parametrize("module", MODULES + modules_of_tests(), ids=lambda m: m.name)
def test_a_file_has_at_most_300_lines(module: Module) -> None:
    assert module.line_count <= 300


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_a_function_has_at_most_40_lines_and_five_positional_parameters(module: Module) -> None:
    faults = []
    for function in module.functions():
        docstring = len((ast.get_docstring(function) or "").splitlines())
        length = (function.end_lineno or 0) - function.lineno + 1 - docstring
        if length > 40:
            faults.append(f"{module.name}:{function.name} has {length} lines")
        positional = [a for a in function.args.args if a.arg not in ("self", "cls")]
        if len(positional) > 5 and "service.cli" not in module.name:
            faults.append(f"{module.name}:{function.name} has {len(positional)} parameters")
    assert faults == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_a_module_says_in_one_sentence_what_lives_there(module: Module) -> None:
    if module.path.name == "__init__.py" and not module.path.read_text(encoding="utf-8").strip():
        pytest.skip("an empty package file needs no sentence")
    assert ast.get_docstring(module.tree)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)
def test_names_are_nouns_of_the_field(module: Module) -> None:
    assert module.path.stem not in FORBIDDEN_NAMES
    assert "part2" not in module.path.stem
