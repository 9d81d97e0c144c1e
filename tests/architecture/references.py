"""Which definitions of our modules refer to which others, by name, read from their syntax trees."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.architecture.source_tree import Module

_LONGEST = 9
"""Through so many packages a name is followed."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class References:
    """What stands at the top of modules (functions, classes, values), by full dotted names.

    A name is followed through the packages that pass it on. What is called by a value that a
    function was handed is not seen.
    """

    nodes: dict[str, ast.stmt] = field(default_factory=dict)
    module_of: dict[str, str] = field(default_factory=dict)
    imported: dict[str, dict[str, str]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, modules: Iterable[Module]) -> "References":
        """Of these modules."""
        made = cls()
        for module in modules:
            made.imported[module.name] = {
                alias.asname or alias.name: f"{node.module}.{alias.name}"
                for node in ast.walk(module.tree)
                if isinstance(node, ast.ImportFrom) and node.module
                for alias in node.names
            }
            for node in module.tree.body:
                for name in _names_of(node):
                    made.nodes[f"{module.name}.{name}"] = node
                    made.module_of[f"{module.name}.{name}"] = module.name
        return made

    def is_function(self, name: str) -> bool:
        """Whether a definition is a function that others may call."""
        return isinstance(self.nodes[name], _FUNCTIONS) and "._" not in name

    def of(self, name: str) -> set[str]:
        """What a definition refers to."""
        if name not in self.known:
            self.known[name] = self._read(name)
        return self.known[name]

    def leading_to(self, ends: Iterable[str]) -> set[str]:
        """All that refers to one of these, at once or through others."""
        referring: dict[str, list[str]] = {}
        for name in self.nodes:
            for one in self.of(name):
                referring.setdefault(one, []).append(name)
        found: set[str] = set()
        todo = list(ends)
        while todo:
            for name in {*referring.get(todo.pop(), ())} - found:
                found.add(name)
                todo.append(name)
        return found

    def _read(self, name: str) -> set[str]:
        module, found = self.module_of[name], set()
        for node in ast.walk(self.nodes[name]):
            if isinstance(node, ast.Name):
                found.add(self._resolve(f"{module}.{node.id}"))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                passed_on = self.imported[module].get(node.value.id, "")
                found.add(self._resolve(f"{passed_on}.{node.attr}"))
        return found - {"", name}

    def reached(self, starts: Iterable[str], through: Callable[[str], bool]) -> set[str]:
        """All that is referred to from these, at once or through definitions of such modules."""
        found: set[str] = set()
        todo = list(starts)
        while todo:
            for name in self.of(todo.pop()) - found:
                found.add(name)
                if through(self.module_of[name]):
                    todo.append(name)
        return found

    def _resolve(self, name: str) -> str:
        """The definition that a dotted name leads to; "" if it is none of ours."""
        for _ in range(_LONGEST):
            if name in self.nodes:
                return name
            module, _, last = name.rpartition(".")
            name = self.imported.get(module, {}).get(last, "")
        return ""


def _names_of(node: ast.stmt) -> list[str]:
    """What a statement at the top of a module defines."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]
