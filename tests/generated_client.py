"""A client of the API made out of its description alone, as a generator would make it.

Every schema becomes a class, every operation a call; an answer that its description does not
foresee, or that does not fit it, is an error. It knows nothing else of the product.
"""

from dataclasses import dataclass, make_dataclass
from typing import Any

import httpx2


class NotAsDescribed(Exception):
    """The answer is not one that the description foresees."""


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its body as a value of the described class, its headers."""

    status: int
    value: Any
    headers: httpx2.Headers


class GeneratedClient:
    """Calls operations by their ids, over a client that carries whatever names the caller."""

    def __init__(self, document: dict[str, Any], http: httpx2.Client) -> None:
        self._http = http
        self._schemas = document["components"]["schemas"]
        self.classes = {
            name: make_dataclass(name, [_member(one) for one in schema["properties"]])
            for name, schema in self._schemas.items()
            if "properties" in schema
        }
        self._operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def call(self, name: str, *, body: object = None, **values: object) -> Answer:
        """Call an operation with its parameters by name; ``-`` is written ``_``."""
        method, path, operation = self._operations[name]
        query: dict[str, str] = {}
        headers: dict[str, str] = {}
        for parameter in operation.get("parameters", []):
            value = values.pop(_member(parameter["name"]), None)
            if value is None:
                continue
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(value))
            else:
                place = query if parameter["in"] == "query" else headers
                place[parameter["name"]] = str(value)
        assert not values, f"{name} has no {', '.join(values)}"
        done = self._http.request(method, path, params=query, headers=headers, json=body)
        described = operation["responses"].get(str(done.status_code))
        if described is None:
            raise NotAsDescribed(f"{name}: {done.status_code}")
        kind = done.headers.get("content-type", "").split(";")[0]
        content = described.get("content", {})
        if kind not in content and (content or done.content):
            raise NotAsDescribed(f"{name}: {done.status_code} {kind}")
        value = self._read(content[kind]["schema"], done.json()) if content else None
        return Answer(done.status_code, value, done.headers)

    def _read(self, schema: dict[str, Any], value: Any) -> Any:
        """A JSON value as the class that its schema names."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._make(name, value) if name in self.classes else value
        if "anyOf" in schema:
            for one in schema["anyOf"]:
                try:
                    return self._read(one, value)
                except NotAsDescribed:
                    continue
            raise NotAsDescribed(f"{value!r} fits none of several schemas")
        if schema.get("type") == "array":
            if not isinstance(value, list):
                raise NotAsDescribed(f"{value!r} is no list")
            return [self._read(schema.get("items", {}), one) for one in value]
        types: dict[str, Any] = {
            "string": str,
            "integer": int,
            "number": (int, float),
            "boolean": bool,
        }
        types |= {"null": type(None), "object": dict}
        said = schema.get("type")
        kinds = tuple(types[one] for one in ([said] if isinstance(said, str) else said or []))
        if kinds and not any(isinstance(value, kind) for kind in kinds):
            raise NotAsDescribed(f"{value!r} is no {said}")
        return value

    def _make(self, name: str, value: Any) -> Any:
        schema = self._schemas[name]
        members = schema["properties"]
        missing = set(schema.get("required", [])) - set(value if isinstance(value, dict) else ())
        if not isinstance(value, dict) or missing or set(value) - set(members):
            raise NotAsDescribed(f"{name}: {value!r}")
        read = {
            _member(one): self._read(members[one], value[one]) if one in value else None
            for one in members
        }
        return self.classes[name](**read)


def _member(name: str) -> str:
    """A name of the description as Python writes it."""
    return {"in": "in_", "class": "class_"}.get(name, name.replace("-", "_").lower())
