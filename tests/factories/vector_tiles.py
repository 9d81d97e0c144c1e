"""Reads Mapbox Vector Tiles (version 2), as far as tests look into them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Feature:
    """Its properties, kind of geometry (1 point, 2 line, 3 area), and first point in the tile."""

    properties: dict[str, object]
    kind: int
    first: tuple[int, int]


@dataclass
class Layer:
    name: str = ""
    extent: int = 4096
    features: list[Feature] = field(default_factory=list)


def read_tile(data: bytes) -> dict[str, Layer]:
    """The layers of a tile by name."""
    layers = [_layer(part) for number, part in _fields(data) if number == 3]
    return {layer.name: layer for layer in layers}


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field of a message; a varint as its bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            _, end = _varint(data, at)
        elif wire == 2:
            length, at = _varint(data, at)
            end = at + length
        else:
            end = at + (8 if wire == 1 else 4)
        yield number, data[at:end]
        at = end


def _numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _value(data: bytes) -> object:
    ((number, part),) = _fields(data)
    if number == 1:
        return part.decode()
    if number in (2, 3):
        return struct.unpack("<f" if number == 2 else "<d", part)[0]
    value = _varint(part, 0)[0]
    return _signed(value) if number == 6 else bool(value) if number == 7 else value


def _layer(data: bytes) -> Layer:
    layer, keys, values = Layer(), list[str](), list[object]()
    raw = []
    for number, part in _fields(data):
        if number == 1:
            layer.name = part.decode()
        elif number == 2:
            raw.append(dict(_fields(part)))
        elif number == 3:
            keys.append(part.decode())
        elif number == 4:
            values.append(_value(part))
        elif number == 5:
            layer.extent = _varint(part, 0)[0]
    for one in raw:
        tags = _numbers(one.get(2, b""))
        properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        command = _numbers(one[4])
        first = (_signed(command[1]), _signed(command[2]))
        layer.features.append(Feature(properties, _varint(one[3], 0)[0], first))
    return layer
