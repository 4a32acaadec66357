"""A bundle of letters: PDFs, a manifest, checksums; the same letters give the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Sequence

from tideover.casework.outreach.channels.contract import Outgoing

MANIFEST, CHECKSUMS = "manifest.csv", "SHA256SUMS"
_HEAD = ("key", "file", "bytes", "sha256", "language")
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def letter_in(message: Outgoing) -> bytes | None:
    """Return the PDF of a message, or nothing."""
    pdfs = [content for content in message.attached.values() if content.startswith(b"%PDF")]
    return pdfs[0] if len(pdfs) == 1 else None


def bundle_name(messages: Sequence[Outgoing]) -> str:
    """Return the name of a bundle: of these letters always the same."""
    keys = "\n".join(sorted(message.key for message in messages))
    return f"letters-{hashlib.sha256(keys.encode()).hexdigest()[:20]}.zip"


def bundled(messages: Sequence[Outgoing]) -> bytes:
    """Return a zip of letters with their manifest; who they are for stands in the PDFs alone."""
    files: dict[str, bytes] = {}
    manifest = io.StringIO(newline="")
    writer = csv.writer(manifest, lineterminator="\n")
    writer.writerow(_HEAD)
    for message in sorted(messages, key=lambda one: one.key):
        content = letter_in(message) or b""
        name = f"{message.key}.pdf"
        files[name] = content
        digest = hashlib.sha256(content).hexdigest()
        writer.writerow([message.key, name, len(content), digest, message.language])
    files[MANIFEST] = manifest.getvalue().encode()
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    files[CHECKSUMS] = "".join(sums).encode()
    return _zipped(files)


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content,
                             compress_type=zipfile.ZIP_DEFLATED)  # fmt: skip
    return out.getvalue()
