"""The bytes of a CSV file, unpacked, turned to UTF-8, and checked before anything parses them.

Parsers disagree about a lost quote, a NUL or a foreign encoding, and some read on in silence. So
what is not plainly RFC 4180 in the stated encoding is refused here, with its line.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tideover.terms.faults import Refused

BLOCK_BYTES = 8 * 1024**2
UNPACKED_LIMIT_BYTES = 20 * 1024**3
RATIO_LIMIT, RATIO_FROM_BYTES = 200, 100 * 1024**2

_QUOTE, _CR, _LF = ord('"'), ord("\r"), ord("\n")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Numbers = NDArray[np.int64]


def unpacked(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in blocks; a gzip is unpacked within the stated limits."""
    if not path.name.endswith(".gz"):
        with path.open("rb") as file:
            yield from iter(lambda: file.read(BLOCK_BYTES), b"")
        return
    total, packed = 0, path.stat().st_size
    try:
        with gzip.open(path, "rb") as file:
            while block := file.read(BLOCK_BYTES):
                total += len(block)
                absurd = total > RATIO_FROM_BYTES and total > RATIO_LIMIT * packed
                if total > UNPACKED_LIMIT_BYTES or absurd:
                    raise Refused(
                        f"{path.name} unpacks to more than {RATIO_LIMIT} times its size or 20 GB",
                        mend="Hand it over as parts, or as Parquet")  # fmt: skip
                yield block
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Refused(f"{path.name} is no whole gzip file", mend="Copy it again") from None


class CheckedStream(io.RawIOBase):
    """A CSV file to read from; what it yields is UTF-8, has no NUL, and its quotes close.

    While it is read it notes which records are blank lines and which hold line ends of their own,
    so that a record's number can be told as the line a person sees in an editor.
    """

    def __init__(self, path: Path, *, encoding: str = "utf-8", delimiter: str = ",") -> None:
        super().__init__()
        self._name = path.name
        self._plain = codecs.lookup(encoding).name == "utf-8"
        self._encoding = encoding
        self._allowed = np.frombuffer(f'{delimiter}\r\n"'.encode(), np.uint8)
        self._lines = 0  # line ends so far, those inside quotes too
        self._records = 0  # line ends outside quotes so far
        self._inside = False  # of quotes, at the end of the last block
        self._opened_line = 0  # where the quote that is open now was opened
        self._last = _LF
        self._embedded: list[Numbers] = []
        self._blank: list[Numbers] = []
        self._blocks = self._checked(path)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many; none at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        size = len(self._rest) if size < 0 else size
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)

    def first_line(self) -> str:
        """Return the header line; it stays to be read."""
        self._rest = memoryview(next(self._blocks, b""))
        head = bytes(self._rest)
        return re.split(rb"\r\n|\n|\r", head, maxsplit=1)[0].decode(errors="replace")

    def lines_of(self, records: Numbers) -> Numbers:
        """Return the line at which records begin; both are counted from 1."""
        before = np.searchsorted(_joined(self._embedded), records, side="left")
        return np.asarray(records + before, dtype=np.int64)

    def are_blank(self, records: Numbers) -> NDArray[np.bool_]:
        """Say which records are blank lines."""
        return np.isin(records, _joined(self._blank))

    def _checked(self, path: Path) -> Iterator[bytes]:
        held, begun = b"", False
        for text, is_last in _with_last(self._utf8(path)):
            block = held + text if begun else text.removeprefix(codecs.BOM_UTF8)
            begun = begun or bool(block)
            if is_last and begun and not block.endswith(b"\n"):
                block += b"\n"
            held = block[-1:] if block.endswith(b"\r") else b""  # its line feed may come next
            block = block.removesuffix(held)
            if block:
                self._check(block)
                yield block
        if not begun:
            raise Refused(f"{self._name} is empty", mend="An export without rows has a header")
        if self._inside:
            self._refuse_open_quote(self._opened_line)

    def _utf8(self, path: Path) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self._encoding)()
        pending = False  # a character is cut at the end of the last block
        lines = 1
        first = True
        for block in unpacked(path):
            if first and self._plain and block.startswith(_UTF16_MARKS):
                raise self._wrong_encoding("UTF-16, not UTF-8", 1)
            first = False
            if self._plain and not pending and block.isascii():
                yield block
            else:
                text = self._decoded(decoder, block, lines)
                pending = bool(decoder.getstate()[0])
                yield block if self._plain else text.encode()
            lines += block.count(b"\n")
        self._decoded(decoder, b"", lines, final=True)

    def _decoded(self, decoder: codecs.IncrementalDecoder, block: bytes, lines: int, *,
                 final: bool = False) -> str:  # fmt: skip
        try:
            return decoder.decode(block, final)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n")
            found = f"byte 0x{error.object[error.start]:02x} is not {self._encoding}"
            raise self._wrong_encoding(found, line) from None

    def _wrong_encoding(self, found: str, line: int) -> Refused:
        mend = "Export it as UTF-8, or state its encoding in mapping.toml"
        return Refused(f"{self._name} is not in the encoding expected: {found}",
                       where=f"line {line}", mend=mend)  # fmt: skip

    def _check(self, block: bytes) -> None:
        if (at := block.find(b"\0")) >= 0:
            line = self._lines + block[:at].count(b"\n") + 1
            raise Refused(f"{self._name} holds a NUL byte", where=f"line {line}",
                          mend="It is damaged, or no text; export it again")  # fmt: skip
        quotes = self._inside or self._last == _QUOTE or b'"' in block
        blank = block[0] in (_CR, _LF) or b"\n\n" in block or b"\n\r\n" in block
        if not quotes and not blank and block.count(b"\r") == block.count(b"\r\n"):
            ends = block.count(b"\n")
            self._lines, self._records = self._lines + ends, self._records + ends
        else:
            self._check_closely(np.frombuffer(block, np.uint8))
        self._last = block[-1]

    def _check_closely(self, block: NDArray[np.uint8]) -> None:
        before = np.concatenate(([self._last], block[:-1])).astype(np.uint8)
        # a block ends in a carriage return only where another one follows, never a line feed
        after = np.concatenate((block[1:], [_CR])).astype(np.uint8)
        ends = np.flatnonzero((block == _LF) | ((block == _CR) & (after != _LF)))
        quotes = np.flatnonzero(block == _QUOTE)
        self._check_quotes(block, before, ends, quotes)
        inside = (int(self._inside) + np.searchsorted(quotes, ends)) % 2 == 1
        records = self._records + np.cumsum(~inside) + inside
        self._embedded.append(records[inside].astype(np.int64))
        outer, numbers = ends[~inside], records[~inside]
        starts = np.concatenate(([0], outer[:-1] + 1))[: len(outer)]
        length = outer - starts - ((before[outer] == _CR) & (block[outer] == _LF))
        blank = length == 0
        if len(blank) and (self._last not in (_LF, _CR) or self._inside):
            blank[0] = False  # the record began in the block before
        self._blank.append(numbers[blank].astype(np.int64))
        self._lines, self._records = self._lines + len(ends), self._records + len(outer)
        self._inside = (int(self._inside) + len(quotes)) % 2 == 1

    def _check_quotes(self, block: NDArray[np.uint8], before: NDArray[np.uint8], ends: Numbers,
                      quotes: Numbers) -> None:  # fmt: skip
        opens = (int(self._inside) + np.arange(len(quotes))) % 2 == 0
        lines = self._lines + np.searchsorted(ends, quotes) + 1
        opening = quotes[opens]
        stray = np.flatnonzero(~np.isin(before[opening], self._allowed))
        closing, opened = quotes[~opens], lines[opens]
        if self._inside and len(quotes):
            opened = np.concatenate(([self._opened_line], opened))
        follows = closing[closing + 1 < len(block)] + 1
        loose = np.flatnonzero(~np.isin(block[follows], self._allowed))
        if not self._inside and self._last == _QUOTE and block[0] not in self._allowed:
            self._refuse_open_quote(self._opened_line)
        if len(loose) and (not len(stray) or follows[loose[0]] <= opening[stray[0]]):
            self._refuse_open_quote(int(opened[loose[0]]))
        if len(stray):
            raise Refused(f"{self._name} has a quote inside a field that is not quoted",
                          where=f"line {lines[opens][stray[0]]}",
                          mend="Quote the field and double the quote (RFC 4180)")  # fmt: skip
        if len(opening):
            self._opened_line = int(lines[opens][-1])

    def _refuse_open_quote(self, line: int) -> None:
        raise Refused(f"{self._name} has a quote that is not closed",
                      where=f"opened in line {line}",
                      mend="Quote whole fields, double the quotes inside (RFC 4180)")  # fmt: skip


def _with_last(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield every block and whether it is the last."""
    before = next(blocks, b"")
    for block in blocks:
        yield before, False
        before = block
    yield before, True


def _joined(noted: list[Numbers]) -> Numbers:
    """Return all numbers noted so far; they are noted while others read."""
    count = len(noted)
    if count != 1:
        noted[:count] = [np.concatenate([np.zeros(0, np.int64), *noted[:count]])]
    return noted[0]
