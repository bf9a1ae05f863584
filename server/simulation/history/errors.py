"""Why a history is not loaded."""

from __future__ import annotations

from server.problems import DomainError


class CountyMissing(DomainError):
    """The county itself is not loaded."""

    def __init__(self) -> None:
        super().__init__(
            "The county is not loaded yet: run `wangge load-county --no-demo` first.",
            "尚未载入县域数据，请先运行 wangge load-county --no-demo。",
        )


class DemoPlacesStand(DomainError):
    """Demo places of another size stand already."""

    def __init__(self) -> None:
        super().__init__(
            "Demo places stand here already: run `wangge demo remove` first.",
            "已有演示小区，请先运行 wangge demo remove。",
        )


class RecordsExist(DomainError):
    """There are inspections or cases: a drawn past must not be mixed with them."""

    def __init__(self) -> None:
        super().__init__(
            "There are inspections or cases here. A history is only drawn where none are;"
            " `wangge demo remove` takes away those of the demo places.",
            "已有巡查记录或案卷，只能在空库中生成演示历史；演示数据可用 wangge demo remove 删除。",
        )
