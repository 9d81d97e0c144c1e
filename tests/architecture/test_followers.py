"""Whoever changes an address lets what hangs on it follow, in the same function."""

import ast

from tests.architecture.source_tree import faults_of, source_modules

CHANGES = {
    "correct_address",
    "follow_division",
    "follow_places",
    "merge_addresses",
    "move_address",
    "renumber_addresses",
    "retire_address",
    "split_address",
}
FOLLOWS = "follow_addresses"
OUTSIDE = [m for m in source_modules() if not m.name.startswith("service.addresses")]


def called(node: ast.AST) -> set[str]:
    """The last names of all that is called in a tree."""
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            target = call.func
            names.add(target.attr if isinstance(target, ast.Attribute) else ast.unparse(target))
    return names


def forgetful(tree: ast.Module) -> list[str]:
    """The functions that change addresses and let nothing follow."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = called(node)
            if names & CHANGES and FOLLOWS not in names:
                found.append(node.name)
    return found


def test_what_hangs_on_an_address_follows_it() -> None:
    assert faults_of(OUTSIDE, lambda module: forgetful(module.tree)) == {}


def test_a_function_that_forgets_it_is_found() -> None:
    source = """
def forgets(session): change(lambda: commands.retire_address(session))
def thinks(session): follow_addresses(session, [commands.retire_address(session)])
"""
    assert forgetful(ast.parse(source)) == ["forgets"]
