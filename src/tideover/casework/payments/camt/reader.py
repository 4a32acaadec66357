"""A statement's XML as a stream of entries; hostile, broken and endless files are refused.

Python's own expat, without its trees: no document type is let in (so no entities, from inside or
outside), nothing is nested deep, no token and no text is long, and one entry is held at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from tideover.casework.payments.camt.schema import (
    CHILDREN,
    MESSAGES,
    NEEDED,
    SPACE,
    STATEMENTS,
    unlike,
)
from tideover.terms.faults import Refused

CHUNK_BYTES, TOKEN_BYTES = 1 << 16, 1 << 22
MOST_DEEP, MOST_TEXT, MOST_NODES = 40, 10_000, 2_000_000
MOST_BYTES, MOST_OF_AN_ENTRY = 4 << 30, 500_000
_SPACE = re.compile(SPACE, re.ASCII)


class Node:
    """An element with its text, its attributes and its children."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.text = ""
        self.children: list[Node] = []

    def child(self, name: str) -> Node | None:
        """Return the first child of a name."""
        return next((one for one in self.children if one.name == name), None)

    def at(self, *path: str) -> Node | None:
        """Return the first element down a path."""
        found: Node | None = self
        for name in path:
            found = found.child(name) if found is not None else None
        return found

    def all(self, *path: str) -> Iterator[Node]:
        """Yield every element down a path."""
        if not path:
            yield self
            return
        for one in self.children:
            if one.name == path[0]:
                yield from one.all(*path[1:])

    def said(self, *path: str) -> str:
        """Return the text down a path; empty where there is none."""
        found = self.at(*path)
        return found.text if found is not None else ""


Take = Callable[[str, Node], None]


class Walk:
    """Follows a document, and hands over what stands in a statement, element by element.

    `take(kind, element, inside)` gets every child of a statement once it is whole, and every
    `TxDtls` of an entry before that; it is then let go.
    """

    def __init__(self, take: Take, where: str) -> None:
        self.take, self.where = take, where
        self.path: list[str] = []
        self.open: list[Node] = []
        self.space, self.statements, self.nodes, self.of_entry = "", 0, 0, 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def read(self, file: BinaryIO) -> None:
        """Follow the whole file.

        Raises:
            Refused: It is no statement, or not one that can be trusted.
        """
        fed = 0
        try:
            while chunk := file.read(CHUNK_BYTES):
                fed += len(chunk)
                self.parser.Parse(chunk, False)
                if fed - max(self.parser.CurrentByteIndex, 0) > TOKEN_BYTES or fed > MOST_BYTES:
                    raise self.wrong("Something in this file is too long")
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            words = expat.ErrorString(error.code)
            raise self.wrong(f"This is no whole XML file ({words})", error.lineno) from None
        except (ValueError, LookupError):
            raise self.wrong("This file is written in letters that cannot be read") from None
        if not self.statements:
            raise self.wrong("There is no statement in this file")

    def wrong(self, what: str, line: int = 0) -> Refused:
        """Return the refusal of this file, with the line where it is read."""
        at = line or self.parser.CurrentLineNumber
        return Refused(what, where=f"{self.where}, line {at}",
                       mend="Ask the bank for the file again")  # fmt: skip

    def _doctype(self, *_: object) -> None:
        raise self.wrong("A statement has no document type and no entities")

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        space, _, name = full.rpartition(" ")
        if len(self.path) >= MOST_DEEP:
            raise self.wrong("The elements of this file are nested too deep")
        if name == "Document" and not self.space:
            if not _SPACE.fullmatch(space):
                raise self.wrong("This is no camt.053 or camt.054 statement")
            self.space, self.path = space, []
        if self.space:
            self._inside(name, space)
        self.path.append(name)
        if self.open or self._in_statement():
            self._grow(name, attributes)

    def _inside(self, name: str, space: str) -> None:
        """See that an element may stand where it does."""
        if space != self.space:
            if not self.path or (self.path[-1] != "SplmtryData" and "SplmtryData" not in self.path):
                raise self.wrong("Something in this statement is of another kind of file")
            return
        parent = self.path[-1] if self.path else ""
        allowed = MESSAGES if parent == "Document" else CHILDREN.get(parent)
        if allowed is not None and name not in allowed:
            raise self.wrong(f"A statement has no {name[:40]} in {parent}")

    def _in_statement(self) -> bool:
        """Say whether the element that begins is a child of a statement, or of its message."""
        return (len(self.path) == 4 and self.path[2] in STATEMENTS) or (
            len(self.path) == 3 and self.path[2] == "GrpHdr")  # fmt: skip

    def _grow(self, name: str, attributes: dict[str, str]) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.wrong("One entry of this statement is too large")
        node = Node(name, attributes)
        if self.open:
            self.open[-1].children.append(node)
        self.open.append(node)

    def _text(self, text: str) -> None:
        if self.open:
            node = self.open[-1]
            node.text += text
            if len(node.text) > MOST_TEXT:
                raise self.wrong("A text in this statement is too long")

    def _end(self, full: str) -> None:
        name = self.path.pop() if self.path else ""  # an envelope may stand around the document
        if name == "Document":
            self.space = ""
        if self.open:
            self._ended(self.open.pop())
        elif name in STATEMENTS and len(self.path) == 2:
            self.statements += 1
            self.take("end", Node(name, {}))

    def _ended(self, node: Node) -> None:
        node.text = " ".join(node.text.split())
        present = {one.name for one in node.children}
        lacking = [name for name in NEEDED.get(node.name, ()) if name not in present]
        if lacking and not (node.name == "Ntry" and lacking == ["Sts"]):
            raise self.wrong(f"{node.name} lacks its {lacking[0]}")
        if not node.children and (why := unlike(node.name, node.text)):
            raise self.wrong(why)
        if node.name == "TxDtls" and self.open:
            self.open[-1].children.pop()
            self.nodes -= _size(node)
            self.of_entry += 1
            if self.of_entry > MOST_OF_AN_ENTRY:
                raise self.wrong("One entry of this statement is too large")
            self.take("TxDtls", node)
        elif not self.open:
            self.nodes = self.of_entry = 0
            self.take(node.name, node)


def _size(node: Node) -> int:
    return 1 + sum(map(_size, node.children))
