"""A lazily computed attribute, without a lock."""

from collections.abc import Callable
from typing import Generic, TypeVar, overload

V = TypeVar("V")


class cached_attribute(Generic[V]):  # noqa: N801 - a decorator, as functools.cached_property
    """Like ``functools.cached_property``, which before Python 3.12 takes a lock.

    Two threads may both compute the value, so it must be the same each time.
    """

    def __init__(self, make: Callable[..., V]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "cached_attribute[V]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> V: ...

    def __get__(self, instance: object | None, owner: type) -> "cached_attribute[V] | V":
        if instance is None:
            return self
        value = vars(instance)[self._name] = self._make(instance)
        return value
