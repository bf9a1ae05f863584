"""The front-end project by its own tools: strict types and the tests of its logic."""

import pytest

from server.local import front_end


@pytest.mark.parametrize("script", ["check", "test"])
def test_the_front_end_passes_its_own(built: None, script: str) -> None:
    front_end.run(script)
