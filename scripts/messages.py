"""The English messages of commands and errors in the source, by which ``zh.po`` is judged.

A message is a literal text that reaches an error, the output of a command or its help. What is
filled in (``{…}`` of an f-string) is numbered, so that the catalogue says ``no division {0}``.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from scripts.prose import is_prose
from service.cli.chinese import SAID_ALONE, SAID_BY_TYPER

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("service", "address_model", "qr", "migrations")
SHELL = "service/cli/"
SINKS = {"say", "refuse", "result", "progress"}
"""Functions that print or refuse; errors are sinks by their class."""
TELLING = re.compile(
    r"^_?(?:find|explain|say|why|describe|name|refuse)_?\w*(?:fault|trouble|reason|refusal)s?$"
    r"|^_?(?:fault|refusal|problem|reason|explain\w*|refuse\w*|refused)$|^as_lines?$"
)
"""Functions that give what is said of a fault, or lines of a report."""
PRINTED = ("command", "callback", "health", "refusal")
"""Decorators of functions whose docstrings are printed: commands and checks."""
OUTSIDE = {"compile", "sub", "split", "fullmatch", "text", "execute", "strftime", "getLogger"}
Values = Mapping[str, list[ast.expr]]


class Module:
    """The messages of one file."""

    def __init__(self, name: str, tree: ast.Module, errors: set[str]) -> None:
        self.name = name
        self._sinks = SINKS | errors
        self._tree = tree

    @cached_property
    def given(self) -> dict[str, list[ast.expr]]:
        """What a name stands for: values assigned to it, or returned by the function."""
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self._tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for name in (n for t in targets for n in ast.walk(t)):
                        if isinstance(name, ast.Name):
                            found.setdefault(name.id, []).append(value)
                case (
                    ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                    | ast.NamedExpr(target=ast.Name(id=name), value=value)
                ):
                    found.setdefault(name, []).append(value)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    said = [
                        n.value for n in ast.walk(node) if isinstance(n, ast.Return | ast.Yield)
                    ]
                    found.setdefault(name, []).extend(value for value in said if value)
        return found

    def messages(self, constants: Values) -> Iterator[str]:
        """Its messages; ``constants`` are the texts of all files."""
        waiting = list(self._roots())
        seen: set[int] = set()
        while waiting:
            node = waiting.pop()
            called = called_by(node)
            if id(node) in seen or called in OUTSIDE:
                continue
            seen.add(id(node))
            text = template_of(node)
            if text is not None and is_prose(text):
                yield text
            name = node.id if isinstance(node, ast.Name) else called
            if name:
                waiting += self.given.get(name, constants.get(name, []))
            # What the node is made of; of a text what fills its gaps, of a table its values.
            match node:
                case ast.JoinedStr(values=values):
                    waiting += [v.value for v in values if isinstance(v, ast.FormattedValue)]
                case ast.Dict(values=values):
                    waiting += values
                case _:
                    waiting += ast.iter_child_nodes(node)

    def _roots(self) -> Iterator[ast.AST]:
        nodes = list(ast.walk(self._tree))
        if self.name.startswith(SHELL):
            # Every text of a command's file but docstrings; those of commands and checks are said.
            silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            silent |= {id(key) for node in nodes if isinstance(node, ast.Dict) for key in node.keys}
            gaps = (node.values for node in nodes if isinstance(node, ast.JoinedStr))
            silent |= {id(part) for parts in gaps for part in parts}
            for node in nodes:
                if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in silent:
                    yield node
                if isinstance(node, ast.FunctionDef) and {*map(called_by, node.decorator_list)} & {
                    *PRINTED
                }:
                    for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                        if not paragraph.startswith(("Raises:", "Args:")):
                            yield ast.Constant(" ".join(paragraph.split()))
        for node in nodes:
            if isinstance(node, ast.Call) and called_by(node) in self._sinks:
                yield from [*node.args, *(key.value for key in node.keywords)]
            elif isinstance(node, ast.FunctionDef) and TELLING.search(node.name):
                yield from self.given[node.name]


def called_by(node: ast.AST) -> str:
    """The name of the function that a call calls; "" if the node is none."""
    if not isinstance(node, ast.Call):
        return ""
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def template_of(node: ast.AST) -> str | None:
    """A literal text with numbered gaps; None if the node is none."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            parts = [str(v.value) if isinstance(v, ast.Constant) else None for v in values]
            gaps = iter(range(len(parts)))
            return "".join(f"{{{next(gaps)}}}" if part is None else part for part in parts)
    return None


def find_messages() -> dict[str, list[str]]:
    """Every message with the files where it stands."""
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in files
        if "versions" not in path.parts
    }
    errors = error_classes(trees.values())
    modules = [Module(name, tree, errors) for name, tree in trees.items()]
    constants: dict[str, list[ast.expr]] = {}
    for module in modules:
        for name, values in module.given.items():
            if name.isupper():
                texts = [v for v in values if isinstance(v, ast.Constant | ast.JoinedStr)]
                constants.setdefault(name, []).extend(texts)
    found: dict[str, set[str]] = {}
    for module in modules:
        for text in module.messages(constants):
            found.setdefault(text, set()).add(module.name)
    for text in (*SAID_BY_TYPER, *SAID_ALONE):
        found.setdefault(text, set()).add(f"{SHELL}chinese.py")
    return {text: sorted(places) for text, places in found.items()}


def error_classes(trees: Iterable[ast.AST]) -> set[str]:
    """The names of all exceptions, also those that stand before their base."""
    known = {"Exception", "ValueError", "RuntimeError", "OSError", "LookupError"}
    classes = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    while True:
        more = {
            node.name
            for node in classes
            if known & {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        }
        if more <= known:
            return known
        known |= more
