"""PDFs of our typesetter, joined into one: pages, bookmarks and the structure that reading aloud follows.

A long paper is typeset in parts, since the typesetter holds a whole paper in memory. Joining reads one part at a time
and writes it on with new numbers; what it holds is a line for every page, bookmark and table head.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

PAGES, STRUCTURE, DOCUMENT, OUTLINES, CATALOG, INFO, METADATA = range(1, 8)
_UA = b"<pdfuaid:part>"
_OPENING = re.compile(rb"\(|(?<![\w.])(\d+) 0 R|/(StructParents?) (\d+)")
_PARENS = re.compile(rb"\\.|[()]", re.DOTALL)
_TABLE_HEAD = re.compile(rb"\(U\d+x\d+y\d+\)")


class CannotJoin(Exception):  # noqa: N818 - it says what could not be done
    """A part is not built as the typesetter builds its PDFs."""


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of the typesetter has. Raises `CannotJoin`."""
    return len(_Part(pdf).pages)


@dataclass
class _Mark:
    """A bookmark: where it leads, and what stands under it."""

    title: bytes
    leads_to: int
    below: "list[_Mark]" = field(default_factory=list)


class Joined:
    """One PDF that grows by parts; a context, at whose end the file is whole. The parts must share their language."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[int, int] = {}
        self._next = METADATA + 1
        self._parts = self._keys = 0
        self._pages: list[int] = []
        self._top: list[bytes] = []
        self._parents: list[bytes] = []
        self._heads: list[bytes] = []
        self._marks: list[_Mark] = []
        self._seal = hashlib.sha256()
        self._first: _Part | None = None
        self._humblest: _Part | None = None

    def __enter__(self) -> Self:
        self._file: BinaryIO = self._path.open("wb")
        self._file.write(b"%PDF-1.7\n%\x80\x80\x80\x80\n\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._file.close()

    def add(self, pdf: bytes, *, continues: bool = False) -> None:
        """Write a part on. Raises `CannotJoin`.

        One that `continues` begins with the chapter that stood last, whose bookmark stays one.
        """
        part = _Part(pdf)
        self._first = self._first or part.head_only()
        if self._humblest is None or (_UA in self._humblest.metadata and _UA not in part.metadata):
            self._humblest = part.head_only()  # it claims no more than every part keeps
        numbers = self._numbers(part)
        for number in part.numbers:
            if number not in part.not_carried:
                self._write(numbers[number], part.object(number, self._renumbering(numbers)))
        again = self._renumbering(numbers)
        self._pages += [numbers[one] for one in part.pages]
        self._top.append(again(part.top))
        keys = self._keys
        self._parents += [b"%d %d 0 R" % (key + keys, numbers[one]) for key, one in part.parents]
        self._heads.append(again(part.heads))
        marks = part.marks(lambda number: numbers[number])
        if continues and self._marks and marks:
            self._marks[-1].below += marks.pop(0).below
        self._marks += marks
        self._keys += part.next_key
        self._parts += 1
        self._seal.update(hashlib.sha256(pdf).digest())

    def _numbers(self, part: "_Part") -> dict[int, int]:
        numbers = {
            part.root: CATALOG,
            part.page_tree: PAGES,
            part.structure: STRUCTURE,
            part.document: DOCUMENT,
        }
        for number in part.numbers:
            if number not in numbers and number not in part.not_carried:
                numbers[number] = self._next
                self._next += 1
        return numbers

    def _renumbering(self, numbers: dict[int, int]) -> Callable[[bytes], bytes]:
        place, keys = self._parts, self._keys
        return lambda text: _renumbered(text, numbers, keys=keys, name=b"P%05d" % place)

    def _write(self, number: int, body: bytes) -> None:
        self._places[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _finish(self) -> None:
        first, humblest = self._first, self._humblest
        if first is None or humblest is None:
            message = "a paper has at least one part"
            raise CannotJoin(message)
        kids = b" ".join(b"%d 0 R" % one for one in self._pages)
        self._write(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._pages), kids))
        self._write(
            STRUCTURE,
            b"<</Type/StructTreeRoot%s/K[%d 0 R]/ParentTree<</Nums[%s]>>%s/ParentTreeNextKey %d>>"
            % (first.roles, DOCUMENT, b" ".join(self._parents), self._id_tree(), self._keys),
        )
        top = b" ".join(self._top)
        self._write(DOCUMENT, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (STRUCTURE, top))
        outlines = b""
        if self._marks:
            self._write_marks(OUTLINES, self._marks, b"/Type/Outlines")
            outlines = b"/Outlines %d 0 R" % OUTLINES
        self._write(
            CATALOG,
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/StructTreeRoot %d 0 R%s%s>>"
            % (PAGES, METADATA, STRUCTURE, first.manner, outlines),
        )
        self._write(INFO, first.info)
        seal = b64encode(self._seal.digest()[:16])
        metadata = re.sub(rb"NPages>\d+<", b"NPages>%d<" % len(self._pages), humblest.metadata)
        metadata = re.sub(rb"(InstanceID|DocumentID)>[^<]*<", rb"\1>" + seal + b"<", metadata)
        about = b"<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % len(metadata)
        self._write(METADATA, about + metadata + b"\nendstream")
        self._write_places(seal)

    def _id_tree(self) -> bytes:
        names = b" ".join(filter(None, self._heads))  # parts are named in their order, so they are sorted
        return b"/IDTree<</Names[%s]>>" % names if names else b""

    def _write_marks(self, number: int, below: list[_Mark], about: bytes) -> None:
        """Write a bookmark (`about`: its own facts) and everything under it."""
        numbers = list(range(self._next, self._next + len(below)))
        self._next += len(below)
        ends = b""
        if below:
            count = len(below) if number == OUTLINES else -len(below)
            ends = b"/First %d 0 R/Last %d 0 R/Count %d" % (numbers[0], numbers[-1], count)
        self._write(number, b"<<" + about + ends + b">>")
        for place, (one, mark) in enumerate(zip(numbers, below, strict=True)):
            facts = b"/Parent %d 0 R/Title%s/Dest %d 0 R" % (number, mark.title, mark.leads_to)
            if place:
                facts += b"/Prev %d 0 R" % numbers[place - 1]
            if place + 1 < len(numbers):
                facts += b"/Next %d 0 R" % numbers[place + 1]
            self._write_marks(one, mark.below, facts)

    def _write_places(self, seal: bytes) -> None:
        begins, size = self._file.tell(), max(self._places) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for number in range(1, size):
            place = self._places.get(number)
            self._file.write(b"0000000000 65535 f \n" if place is None else b"%010d 00000 n \n" % place)
        self._file.write(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[(%s)(%s)]>>\nstartxref\n%d\n%%%%EOF\n"
            % (size, CATALOG, INFO, seal, seal, begins)
        )


class _Part:
    """One PDF of the typesetter, taken apart. Every object stands by itself, numbered, in one plain table."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self._ends = self._table()
        self.numbers = sorted(self._ends)
        trailer = pdf[pdf.rindex(b"trailer") :]
        self.root, info = _ref(trailer, b"Root"), _ref(trailer, b"Info")
        catalog = self._text(self.root)
        self.page_tree, self.structure = _ref(catalog, b"Pages"), _ref(catalog, b"StructTreeRoot")
        metadata = _ref(catalog, b"Metadata")
        self.manner = b"".join(
            _found(rb"/Lang\([^)]*\)|/MarkInfo<<.*?>>|/ViewerPreferences<<.*?>>", catalog, every=True)
        )
        self.info = self._text(info)
        self.metadata = self._stream(metadata)
        self.pages = [
            int(one) for one in re.findall(rb"(\d+) 0 R", _array(self._text(self.page_tree), b"Kids"))
        ]
        structure = self._text(self.structure)
        self.document = int(_found(rb"^(\d+) 0 R$", _array(structure, b"K"))[0])
        self.roles = b"".join(_found(rb"/RoleMap<<.*?>>", structure, every=True))
        parents = re.findall(rb"(\d+) (\d+) 0 R", _array(structure, b"Nums"))
        self.parents = [(int(key), int(one)) for key, one in parents]
        self.next_key = int(_found(rb"/ParentTreeNextKey (\d+)", structure)[0])
        self.heads = _array(structure, b"Names") if b"/IDTree" in structure else b""
        self.top = _array(self._text(self.document), b"K")
        outlines = re.search(rb"/Outlines (\d+) 0 R", catalog)
        self._outlines = int(outlines[1]) if outlines else None
        self._bookmarks = self._bookmark_numbers()
        made_anew = {self.root, info, metadata, self.page_tree, self.structure, self.document}
        self.not_carried = made_anew | set(self._bookmarks)
        if not all(b"/Type/Page/" in self._text(one) for one in self.pages):
            message = "the pages are not in one list"
            raise CannotJoin(message)

    def head_only(self) -> "_Part":
        """The same without what is large."""
        self_ = object.__new__(_Part)
        self_.roles, self_.manner, self_.info, self_.metadata = (
            self.roles,
            self.manner,
            self.info,
            self.metadata,
        )
        return self_

    def object(self, number: int, renumbered: Callable[[bytes], bytes]) -> bytes:
        """An object with its references changed; what it carries as a stream stays as it is."""
        body = self._body(number)
        begins = _stream_begins(body)
        return renumbered(body[:begins]) + body[begins:]

    def marks(self, numbered: Callable[[int], int]) -> list[_Mark]:
        """The bookmarks, leading to objects by their new numbers."""
        return self._below(self._outlines, numbered) if self._outlines is not None else []

    def _below(self, number: int, numbered: Callable[[int], int]) -> list[_Mark]:
        marks: list[_Mark] = []
        following = re.search(rb"/First (\d+) 0 R", _without_strings(self._text(number)))
        while following:
            one = int(following[1])
            text = self._text(one)
            plain = _without_strings(text)
            marks.append(_Mark(_title(text), numbered(_ref(plain, b"Dest")), self._below(one, numbered)))
            following = re.search(rb"/Next (\d+) 0 R", plain)
        return marks

    def _bookmark_numbers(self) -> list[int]:
        found = [] if self._outlines is None else [self._outlines]
        for one in found:  # it grows while it is looked through
            links = re.findall(rb"/(?:First|Next) (\d+) 0 R", _without_strings(self._text(one)))
            found += [int(number) for number in links]
        return found

    def _table(self) -> dict[int, tuple[int, int]]:
        """Where every object begins and ends."""
        start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", self.pdf[-64:])
        begins = int(start[1]) if start else -1
        head = re.match(rb"xref\s+0 (\d+)\s+", self.pdf[begins : begins + 40]) if begins >= 0 else None
        if head is None:
            message = "there is no plain table of objects"
            raise CannotJoin(message)
        table = begins + head.end()
        lines = (self.pdf[table + 20 * place : table + 20 * place + 20] for place in range(int(head[1])))
        places = {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}
        ordered = [*sorted(places.values()), begins]
        ends = dict(pairwise(ordered))
        return {number: (place, ends[place]) for number, place in places.items()}

    def _body(self, number: int) -> bytes:
        start, end = self._ends[number]
        whole = re.match(rb"\d+ 0 obj\n(.*)\nendobj\s*$", self.pdf[start:end], re.DOTALL)
        if whole is None:
            message = f"object {number} is not one"
            raise CannotJoin(message)
        return whole[1]

    def _text(self, number: int) -> bytes:
        body = self._body(number)
        return body[: _stream_begins(body)]

    def _stream(self, number: int) -> bytes:
        body = self._body(number)
        carried = body[_stream_begins(body) :]
        return carried.removeprefix(b"\nstream\n").removesuffix(b"\nendstream")


def _renumbered(text: bytes, numbers: dict[int, int], *, keys: int, name: bytes) -> bytes:
    """The text of an object with new numbers, keys of its page's structure, and names of table heads."""
    made, done = [], 0
    while found := _OPENING.search(text, done):
        made.append(text[done : found.start()])
        done = found.end()
        if found[0] == b"(":
            done = _string_ends(text, found.start())
            string = text[found.start() : done]
            made.append(b"(" + name + string[1:] if _TABLE_HEAD.fullmatch(string) else string)
        elif found[1]:
            made.append(b"%d 0 R" % numbers[int(found[1])])
        else:
            made.append(b"/%s %d" % (found[2], int(found[3]) + keys))
    made.append(text[done:])
    return b"".join(made)


def _string_ends(text: bytes, start: int) -> int:
    """Where a string in parentheses ends; it may hold pairs of them."""
    depth = 0
    for sign in _PARENS.finditer(text, start):
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
        if depth == 0:
            return sign.end()
    message = "a string does not end"
    raise CannotJoin(message)


def _without_strings(text: bytes) -> bytes:
    made, done = [], 0
    while (start := text.find(b"(", done)) >= 0:
        made.append(text[done:start] + b" ")
        done = _string_ends(text, start)
    return b"".join([*made, text[done:]])


def _stream_begins(body: bytes) -> int:
    """Where the stream of an object begins, behind its dictionary; its end where there is none."""
    if not body.endswith(b"endstream"):
        return len(body)
    length = re.search(rb"/Length (\d+)", _without_strings(body[: body.index(b"stream\n")]))
    begins = len(body) - len(b"\nstream\n\nendstream") - int(length[1]) if length else -1
    if begins < 0 or body[begins : begins + 8] != b"\nstream\n":
        message = "a stream is not as long as it says"
        raise CannotJoin(message)
    return begins


def _title(text: bytes) -> bytes:
    """The title of a bookmark as it stands: signs in hexadecimal, or a string."""
    start = text.index(b"/Title") + len(b"/Title")
    hexadecimal = text[start : start + 1] == b"<"
    return text[start : text.index(b">", start) + 1 if hexadecimal else _string_ends(text, start)]


def _ref(text: bytes, name: bytes) -> int:
    return int(_found(rb"/" + name + rb" (\d+) 0 R", text)[0])


def _array(text: bytes, name: bytes) -> bytes:
    return _found(rb"/" + name + rb"\[([^\]]*)\]", text)[0]


def _found(pattern: bytes, text: bytes, *, every: bool = False) -> list[bytes]:
    found = re.findall(pattern, text)
    if not found and not every:
        message = f"{pattern!r} is missing"
        raise CannotJoin(message)
    return found
