"""What a process remembers stays within its bytes."""

from __future__ import annotations

from server.maps.shelf import BESIDE_BYTES, Shelf


def test_what_was_not_asked_for_longest_is_given_up_first() -> None:
    shelf = Shelf[str](8 * (100 + BESIDE_BYTES))
    for number in range(8):
        shelf.put(f"page {number}", "a page", 100)
    shelf.get("page 0")

    shelf.put("page 8", "a page", 100)

    assert shelf.get("page 1") is None
    assert all(shelf.get(f"page {number}") for number in (0, *range(2, 9)))


def test_what_would_push_much_else_off_is_not_remembered() -> None:
    shelf = Shelf[str](80_000)

    shelf.put("large", "a page", 10_000)

    assert shelf.get("large") is None


def test_a_name_keeps_its_first_value() -> None:
    shelf = Shelf[int](80_000)
    shelf.put("count", 1)
    shelf.put("count", 2)

    assert shelf.get("count") == 1
