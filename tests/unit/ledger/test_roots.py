"""Statements about the whole ledger and the key that signs them."""

from __future__ import annotations

from dataclasses import replace

from server.ledger.roots import NO_HEADS, RootKey, Statement

SECRET = "a secret of at least thirty-two characters"
FIRST = Statement(1, "2026-11-19", "2026-11-20T00:10:00.000000Z", 0, NO_HEADS, 0, 0, None)


def test_a_root_is_genuine_until_one_byte_of_it_changes() -> None:
    root = RootKey(SECRET).sign(FIRST)

    assert root.genuine
    assert root.says == FIRST
    assert not replace(root, statement=root.statement.replace('"cases":0', '"cases":1')).genuine
    assert not replace(root, signature=bytes(64)).genuine
    assert not replace(root, public_key=RootKey(SECRET + "x").public_key).genuine


def test_one_secret_makes_one_key_and_another_another() -> None:
    assert RootKey(SECRET).key_id == RootKey(SECRET).key_id
    assert RootKey(SECRET).key_id != RootKey(SECRET + "x").key_id
