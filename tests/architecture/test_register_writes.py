"""Rows of registers are written by commands alone; nowhere else stands a statement that does."""

import ast
import re

from service.changes.registers import REGISTERS
from tests.architecture.source_tree import faults_of, source_modules

TABLES = sorted({rows.table for register in REGISTERS.values() for rows in register.tables})
MODELS = {"".join(part.title() for part in table.split("_")) for table in TABLES}
WRITES = re.compile(
    rf"\b(insert into|update|delete from|copy|merge into|truncate)\s+({'|'.join(TABLES)})\b"
)
MODULES = [
    module
    for module in source_modules()
    if module.name.startswith("service.") and ".commands" not in module.name
]


def written_in(tree: ast.Module) -> list[str]:
    """The statements of a module that write rows of registers."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = " ".join(node.value.lower().split())
            found += [match[0] for match in WRITES.finditer(said) if not _is_lock(said, match)]
        elif isinstance(node, ast.Call):
            target = node.func
            name = target.attr if isinstance(target, ast.Attribute) else ast.unparse(target)
            first = ast.unparse(node.args[0]) if node.args else ""
            if name in ("insert", "update", "delete") and first.split(".")[-1] in MODELS:
                found.append(f"{name}({first})")
            if name == "copy_rows" and len(node.args) > 1:
                table = node.args[1]
                if isinstance(table, ast.Constant) and table.value in TABLES:
                    found.append(f"copy_rows({table.value})")
    return found


def _is_lock(said: str, match: re.Match[str]) -> bool:
    return said[: match.start()].endswith(("for ", "for no key "))


def test_only_commands_write_rows_of_registers() -> None:
    assert faults_of(MODULES, lambda module: written_in(module.tree)) == {}


def test_a_write_in_any_form_is_found() -> None:
    source = """
ONE = text("update plate p set status = 'void'")
TWO = "select 1 for no key update"
three = session.execute(delete(AddressName).where(...))
copy_rows(session, "address", COLUMNS, rows)
f"insert  into work_item (kind) {values}"
update(Limit)
"""
    assert sorted(written_in(ast.parse(source))) == [
        "copy_rows(address)",
        "delete(AddressName)",
        "insert into work_item",
        "update plate",
    ]
