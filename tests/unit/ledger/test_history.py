"""The hash chain: canonical text, links, and the words beside it."""

from __future__ import annotations

import json
from hashlib import sha256

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from server.ledger import history
from server.ledger.history import SYSTEM, Author
from tests.unit.ledger.casting import NOW, an_id

AUTHOR = Author(an_id("worker"), "sihe_subdistrict")
NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
VALUES = st.one_of(TEXTS, st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), st.none(), st.lists(TEXTS))


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.dictionaries(NAMES, TEXTS, max_size=3))
def test_the_text_is_rfc_8785_and_the_hash_its_sha256(
    facts: dict[str, object], words: dict[str, str]
) -> None:
    written = history.write(
        history.begin(an_id("case")),
        "case.report",
        "reported",
        author=AUTHOR,
        at=NOW,
        salt=b"s" * 16,
        facts=facts,
        words=words,
    )

    text = written.row["canonical"]
    assert text.encode() == rfc8785.dumps(json.loads(text))
    assert written.row["entry_hash"] == sha256(text.encode()).digest()


def test_each_entry_carries_the_hash_of_the_one_before() -> None:
    head = history.begin(an_id("case"))
    for command, to in (("case.report", "reported"), ("case.file", "filed"), ("case.note", "filed")):
        written = history.write(head, command, to, author=AUTHOR, at=NOW, salt=b"s" * 16)
        assert written.row["prev_hash"] == head.digest
        assert written.row["from_state"] == head.state
        assert written.head.seq == head.seq + 1
        head = written.head


def test_versions_rise_only_where_somebody_decided() -> None:
    head = history.begin(an_id("case"))
    versions = []
    for command in ("case.report", "case.raise_level", "case.join", "case.note"):
        head = history.write(head, command, "reported", author=SYSTEM, at=NOW, salt=b"").head
        versions.append(head.version)

    assert versions == [1, 1, 1, 2]


def test_words_stand_beside_the_text_and_the_text_holds_their_salted_digest() -> None:
    words = {"description": "王某的车"}

    written = history.write(
        history.begin(an_id("case")),
        "case.report",
        "reported",
        author=AUTHOR,
        at=NOW,
        salt=b"s" * 16,
        words=words,
    )

    assert "王某" not in written.row["canonical"]
    assert history.digest_of_words(b"s" * 16, words) in written.row["canonical"]
    assert history.digest_of_words(b"t" * 16, words) not in written.row["canonical"]
    assert written.private is not None
    assert written.private["words"] == words
