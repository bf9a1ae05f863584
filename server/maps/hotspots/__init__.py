"""Hot spots: where cases cluster more than chance would let them."""
