"""Where things stand in a TOML file: tomllib tells what a file says, not on which line.

Only for text that tomllib has read without complaint: nothing is checked here.
"""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate

_SPACE = " \t\r\n"
_ENDS_OF_BARE = ",]}#\n\r"
_QUOTES = ('"""', "'''", '"', "'")


def lines_of(text: str) -> Mapping[str, int]:
    """The line (from 1) of everything in a file, by its path: "parts[0].title.ja"."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def line_at(lines: Mapping[str, int], path: str) -> int:
    """The line of a path, else of the nearest thing around it; 1 where there is none."""
    while path:
        if path in lines:
            return lines[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[str, int] = {}
        self.counts: dict[str, int] = {}  # how many tables an array of tables has so far
        self.starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]

    def scan(self) -> None:
        table = ""
        while self.skip():
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def skip(self, *, also: str = "") -> bool:
        """Go on to what is neither white space nor a comment; false at the end of the file."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in _SPACE or self.text[self.at] in also:
                self.at += 1
            else:
                return True
        return False

    def note(self, path: str, start: int) -> None:
        self.lines.setdefault(path, bisect_right(self.starts, start))

    def header(self) -> str:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        *above, last = self.key()
        self.at = self.text.index("]", self.at) + (2 if is_array else 1)
        path = ""
        for name in above:
            path = _join(path, name)
            path = f"{path}[{self.counts[path] - 1}]" if path in self.counts else path
        path = _join(path, last)
        if is_array:
            self.note(path, start)
            self.counts[path] = self.counts.get(path, 0) + 1
            path = f"{path}[{self.counts[path] - 1}]"
        self.note(path, start)
        return path

    def key(self) -> list[str]:
        """A dotted key; stops before what follows it."""
        names: list[str] = []
        while self.skip(also="."):
            if self.text[self.at] in "=]":
                break
            start = self.at
            if self.text[self.at] in "\"'":
                self.string()
                names.append(self.text[start + 1 : self.at - 1])
            else:
                while self.text[self.at] not in " \t.=]":
                    self.at += 1
                names.append(self.text[start : self.at])
        return names

    def pair(self, table: str) -> None:
        start, path = self.at, table
        for name in self.key():
            path = _join(path, name)
            self.note(path, start)
        self.at += 1  # the =
        self.value(path)

    def value(self, path: str) -> None:
        self.skip()
        match self.text[self.at]:
            case "[":
                self.inside(path, "]")
            case "{":
                self.inside(path, "}")
            case '"' | "'":
                self.string()
            case _:
                while self.at < len(self.text) and self.text[self.at] not in _ENDS_OF_BARE:
                    self.at += 1

    def inside(self, path: str, end: str) -> None:
        """The items of an array, or the pairs of an inline table."""
        self.at += 1
        count = 0
        while self.skip(also=",") and self.text[self.at] != end:
            if end == "]":
                item = f"{path}[{count}]"
                self.note(item, self.at)
                self.value(item)
                count += 1
            else:
                self.pair(path)
        self.at += 1

    def string(self) -> None:
        quote = next(one for one in _QUOTES if self.text.startswith(one, self.at))
        self.at += len(quote)
        while not self.text.startswith(quote, self.at):
            self.at += 2 if quote[0] == '"' and self.text[self.at] == "\\" else 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(quote[0], self.at):  # noqa: PLR2004 - """ may end with quotes of its text
            self.at += 1


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
