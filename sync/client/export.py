"""The outbox as a file, for a tablet that cannot reach the network again: see docs/outbox-file.md."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sync.client.outbox import Store

FORMAT, VERSION = "wangge-outbox", 1


def write(
    file: Path, manifest: Mapping[str, Any], envelopes: Sequence[bytes], store: Store, photos: Iterable[str]
) -> None:
    """Write an outbox file; it has its name only when it is whole."""
    unfinished = file.with_name(file.name + ".part")
    digests = list(photos)
    counted = {"envelopes": len(envelopes), "photos": len(digests)}
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        told = {"format": FORMAT, "version": VERSION, **manifest, **counted}
        archive.writestr("manifest.json", json.dumps(told, ensure_ascii=False))
        archive.writestr("envelopes.jsonl", b"".join(body + b"\n" for body in envelopes))
        for digest in digests:
            archive.writestr(f"photos/{digest}", store.photo(digest)[0], zipfile.ZIP_STORED)
    unfinished.replace(file)
