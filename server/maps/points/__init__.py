"""Analysis layers: foreign sets of points, any city's, on which heat and hot spots can be run."""
