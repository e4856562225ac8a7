"""Reading plain JSON values into dataclasses, with the path of whatever is wrong."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

Json = dict[str, Any]
E = TypeVar("E", bound=Enum)


class ShapeError(ValueError):
    """A value is missing or of the wrong type; `path` says where."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"{path}: {expected}")
        self.path = path
        self.expected = expected


class Reader:
    """One JSON object with its path; each method reads one key and raises ShapeError when it does not fit."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, Mapping):
            raise ShapeError(path, "an object is expected")
        self.data: Mapping[str, Any] = data
        self.path = path

    def wrong(self, key: str, expected: str) -> ShapeError:
        """The error for what stands below a key, to be raised."""
        return ShapeError(f"{self.path}.{key}", expected)

    def _get(self, key: str) -> Any:
        if key not in self.data:
            raise self.wrong(key, "is missing")
        return self.data[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A string; `default` where the key is absent and a default is given."""
        if default is not None and key not in self.data:
            return default
        value = self._get(key)
        if not isinstance(value, str):
            raise self.wrong(key, "a text is expected")
        return value

    def integer(self, key: str) -> int:
        """A whole number; true and false are none."""
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, "a whole number is expected")
        return value

    def flag(self, key: str) -> bool:
        """True or false; an absent key is false (flags are written only when they are set)."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false is expected")
        return value

    def day(self, key: str) -> date:
        """A calendar day written 2022-10-14."""
        text = self.text(key)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.wrong(key, "a date like 2022-10-14 is expected") from None

    def uuid(self, key: str) -> UUID:
        """A UUID written out."""
        return as_uuid(self._get(key), f"{self.path}.{key}")

    def uuid_or_none(self, key: str) -> UUID | None:
        """A UUID, or None for null."""
        return None if self._get(key) is None else self.uuid(key)

    def choice(self, key: str, of: type[E]) -> E:
        """A member of an enumeration, by its value."""
        value = self._get(key)
        try:
            if isinstance(value, bool):  # true would pass for 1
                raise ValueError
            return of(value)
        except ValueError:
            known = ", ".join(str(member.value) for member in of)
            raise self.wrong(key, f"one of {known} is expected") from None

    def items(self, key: str) -> list[tuple[Any, str]]:
        """The items of a list, each with its path."""
        value = self._get(key)
        if not isinstance(value, list | tuple):
            raise self.wrong(key, "a list is expected")
        return [(item, f"{self.path}.{key}[{index}]") for index, item in enumerate(value)]

    def objects(self, key: str) -> "list[Reader]":
        """The objects of a list, each ready to be read."""
        return [Reader(item, path) for item, path in self.items(key)]

    def object(self, key: str) -> "Reader":
        """The object below a key."""
        return Reader(self._get(key), f"{self.path}.{key}")


def as_uuid(value: object, path: str) -> UUID:
    """A UUID from its text."""
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            pass
    raise ShapeError(path, "a UUID is expected")
