"""The types of answers in ``menpai/client/answers.py``, made of the API description.

``python -m scripts.openapi_document`` writes them together with the description.
"""

import json
import keyword
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).resolve().parents[1] / "menpai" / "client" / "answers.py"
LEFT_OUT = {"reconciliation"}
"""Tags whose calls have a specification of their own."""

Schema = Mapping[str, Any]
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_WIDTH = 100
_HEAD = '''"""What the API is sent and answers, as typed dictionaries.

Generated from the API description by ``python -m scripts.openapi_document``.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

'''


def render_answers(document: Mapping[str, Any]) -> str:
    """The module: every schema that a call needs, by name, but for problems and forms."""
    schemas: Mapping[str, Schema] = document["components"]["schemas"]
    found: set[str] = set()
    waiting: list[object] = [
        call
        for methods in document["paths"].values()
        for call in methods.values()
        if not LEFT_OUT & set(call["tags"])
    ]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found and not name.startswith(("Problem", "Body_")):
                found.add(name)
                waiting.append(schemas[name])
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    values = sorted(name for name in found if "properties" not in schemas[name])
    records = sorted(found - set(values))
    named = "\n".join(_name_values(name, schemas[name]) for name in values)
    return _HEAD + "\n\n\n".join([named, *(_define(one, schemas[one]) for one in records)]) + "\n"


def _name_values(name: str, schema: Schema) -> str:
    """A name for the values of a field, as the formatter writes it."""
    text = f"{name} = {_type(schema, most=1000)}"
    if len(text) <= _WIDTH:
        return text
    head, _, inner = text.partition("[")
    return f"{head}[\n    " + inner.removesuffix("]").replace(", ", ",\n    ") + ",\n]"


def _define(name: str, schema: Schema) -> str:
    """A record as a class of its members."""
    required = set(schema.get("required", ()))
    members = {
        member: _type(one) if member in required else f"NotRequired[{_type(one)}]"
        for member, one in schema["properties"].items()
    }
    if any(keyword.iskeyword(one) or not one.isidentifier() for one in members):
        fields = "".join(f'        {json.dumps(one)}: "{kind}",\n' for one, kind in members.items())
        return f'{name} = TypedDict(\n    "{name}",\n    {{\n{fields}    }},\n)'
    told = " ".join(str(schema.get("description") or name).split("\n\n")[0].split())
    lines = textwrap.wrap(f'"""{told}"""', _WIDTH - 4)
    if len(lines) > 1:
        lines = [*textwrap.wrap(f'"""{told}', _WIDTH - 4), '"""']
    lines += ["", *(f"{one}: {kind}" for one, kind in members.items())]
    return f"class {name}(TypedDict):\n" + textwrap.indent("\n".join(lines), "    ")


def _type(schema: Schema, most: int = 45) -> str:
    """The Python type of a schema; an unnamed choice of many words is plain text."""
    choices = schema.get("anyOf") or schema.get("oneOf")
    words = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    told = ", ".join(json.dumps(one, ensure_ascii=False) for one in words)
    if "$ref" in schema:
        text = str(schema["$ref"]).rpartition("/")[2]
    elif words:
        text = f"Literal[{told}]" if len(told) <= most else "str"
    elif choices:
        text = " | ".join(dict.fromkeys(_type(one) for one in choices))
    elif schema.get("type") == "array":
        text = f"list[{_type(schema.get('items', {}))}]"
    elif schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        text = f"dict[str, {_type(inner) if isinstance(inner, Mapping) else 'Any'}]"
    else:
        text = _PLAIN.get(str(schema.get("type")), "Any")
    return text
