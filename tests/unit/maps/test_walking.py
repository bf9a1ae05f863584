"""Pages of a layer that is held whole: together they are the layer, each feature once, in its order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.maps.ogc.walking import whole_layer

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1).map(lambda told: f'{{"told":"{told}"}}'))


@given(TEXTS, st.integers(1, 7))
def test_all_pages_together_are_the_layer(texts: list[str], limit: int) -> None:
    written = [told.encode() for told in texts]
    keys = [f"key {number}" for number in range(len(texts))]
    layer = whole_layer(keys, [len(told) for told in written], b",".join(written))

    pages, after, first = [], None, True
    while first or after is not None:
        page = layer.page(after, limit)
        assert page is not None
        pages.append(page)
        after, first = page.last_key, False

    assert b",".join(page.features for page in pages) == b",".join(written)
    assert [page.shown for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert sum(page.shown for page in pages) == len(texts)


def test_a_page_after_a_feature_that_is_not_there_is_not_told() -> None:
    assert whole_layer(["a"], [2], b"{}").page("b", 10) is None


def test_a_page_after_the_last_feature_is_empty() -> None:
    page = whole_layer(["a"], [2], b"{}").page("a", 10)

    assert page is not None
    assert (page.features, page.shown, page.last_key) == (b"", 0, None)
