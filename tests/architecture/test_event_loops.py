"""A test starts no event loop in its own thread: a browser test may have left one running there."""

import ast

import pytest

from tests.architecture.source_tree import ROOT, faults_of, modules_of_tests

APART = ROOT / "tests" / "event_loop.py"
MODULES = [module for module in modules_of_tests() if module.path != APART]


def started_loops(tree: ast.AST) -> list[str]:
    """Where a source runs a coroutine in a loop of its own thread."""
    return [
        f"line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("asyncio.run", "anyio.run", "run_until_complete"))
    ]


def test_loops_run_apart() -> None:
    found = faults_of(MODULES, lambda module: started_loops(module.tree))
    assert found == {}, "use tests.event_loop.run_apart"


@pytest.mark.parametrize(
    "source",
    ["asyncio.run(work())", "anyio.run(work)", "new_event_loop().run_until_complete(work)"],
)
def test_a_loop_is_found(source: str) -> None:
    assert started_loops(ast.parse(source))
