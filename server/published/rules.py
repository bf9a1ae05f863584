"""What a code looks like, and by which name a published photo goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import UUID

# Without letters and digits that a reader takes for one another.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
_CODE = re.compile(rf"[{LETTERS}]{{{LENGTH}}}")
PHOTO_ROLES = ("before", "after")
# How residents are told where a case stands: links of its way, not the office's states.
STEPS: Mapping[str, tuple[str, ...]] = {
    "reported": ("reported", "verifying"),
    "assigned": ("filed", "dispatched"),
    "in_progress": ("in_progress",),
    "suspended": ("suspended",),
    "checking": ("closeout_requested", "checking", "check_passed"),
    "closed": ("closed",),
    "transferred": ("transferred",),
}


def new_code(random_bytes: bytes) -> str:
    """Return a code made of `LENGTH` or more random bytes, of which each gives a letter."""
    return "".join(LETTERS[byte % len(LETTERS)] for byte in random_bytes[:LENGTH])


def read_code(text: str) -> str | None:
    """Return a code as it is kept, however it was typed; None for what cannot be one."""
    typed = text.strip().upper()
    return typed if _CODE.fullmatch(typed) else None


def photo_name(case_id: UUID, digest: bytes) -> str:
    """Return the name under which a photo of a case is published: nobody finds the original by it."""
    return sha256(b"published" + case_id.bytes + digest).hexdigest()[:32]


def by_step(states: Mapping[str, int]) -> Sequence[Mapping[str, object]]:
    """Return how many cases stand in each step, in the order of a case's life, steps without any left out."""
    found = ({"step": step, "cases": sum(states.get(one, 0) for one in of)} for step, of in STEPS.items())
    return [one for one in found if one["cases"]]
