"""Papers that customers send: what they are is told by what they hold, and what they tell of a
camera or a place is taken out before they are kept.
"""

from __future__ import annotations

import struct

from tideover.casework.cases.asking import LARGEST_BYTES

PDF, JPEG, PNG = "pdf", "jpeg", "png"
_PNG = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB"}
_ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA",
           b"/RichMedia", b"/XFA")  # fmt: skip


class NotAPaper(ValueError):
    """What was sent is none of what we take; its first word names the text that says so."""


def paper(content: bytes) -> tuple[str, bytes]:
    """Return what a paper is and what of it is kept.

    Raises:
        NotAPaper: It is empty, too large, something else, or a document that could act.
    """
    if not content:
        raise NotAPaper("empty")
    if len(content) > LARGEST_BYTES:
        raise NotAPaper("large")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        if any(word in content for word in _ACTIVE):
            raise NotAPaper("active")
        return PDF, content
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG, _jpeg(content)
    if content.startswith(_PNG):
        return PNG, _png(content)
    raise NotAPaper("kind")


def _jpeg(content: bytes) -> bytes:
    """Return a JPEG without its application segments: EXIF has the place it was taken at."""
    kept, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if size < 2 or at + 2 + size > len(content):
            raise NotAPaper("broken")
        end = len(content) if marker == 0xDA else at + 2 + size  # the picture itself comes last
        if marker == 0xDA:
            return bytes(kept + _to_its_end(content[at:end]))
        if not 0xE1 <= marker <= 0xEF and marker != 0xFE:
            kept += content[at:end]
        at = end
    raise NotAPaper("broken")


def _to_its_end(scan: bytes) -> bytes:
    """Return the picture up to its end: what is hung on behind is not kept."""
    end = scan.rfind(b"\xff\xd9")
    if end < 0:
        raise NotAPaper("broken")
    return scan[: end + 2]


def _png(content: bytes) -> bytes:
    """Return a PNG with the chunks that draw it, and no others."""
    kept, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + size
        if end > len(content):
            break
        if kind in _KEPT_CHUNKS:
            kept += content[at:end]
        if kind == b"IEND":
            return bytes(kept)
        at = end
    raise NotAPaper("broken")
