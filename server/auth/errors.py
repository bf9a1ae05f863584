"""What can be wrong with a sign-in, a token or a new person."""

from __future__ import annotations

from collections.abc import Iterable

from server.problems import DomainError


def _told(pointer: str, detail: str, detail_zh: str) -> list[dict[str, str]]:
    return [{"pointer": pointer, "detail": detail, "detail_zh": detail_zh}]


class NotSignedIn(DomainError):
    """The call carries no token, or one that this server did not sign or no longer honours."""

    def __init__(self) -> None:
        super().__init__(
            "Sign in first: send `Authorization: Bearer <access_token>`.",
            "请先登录：请求须带有 `Authorization: Bearer <access_token>`。",
        )


class TokenExpired(DomainError):
    """The token was good and is too old, or was replaced by a newer one."""

    def __init__(self) -> None:
        super().__init__(
            "The token is too old or was replaced; refresh it or sign in again.",
            "令牌已过期或已被更换，请刷新令牌或重新登录。",
        )


class WrongCredentials(DomainError):
    """User name and password do not belong together, or the person is no longer active."""

    def __init__(self) -> None:
        super().__init__(
            "User name or password is wrong, or the account is switched off.",
            "用户名或密码错误，或账号已停用。",
        )


class NotADevice(DomainError):
    """The token belongs to a person at a desk; only an enrolled tablet may do this."""

    def __init__(self) -> None:
        super().__init__(
            "Enrol this device first: POST /sync/v1/devices.", "请先注册本设备：POST /sync/v1/devices。"
        )


class DeviceRevoked(DomainError):
    """The office has switched this tablet off; it may still hand in its work."""

    def __init__(self) -> None:
        super().__init__(
            "This device was switched off by the office. It may still push; nothing else.",
            "本设备已被停用，只能上交已有的工作成果。",
        )


class NameTaken(DomainError):
    """Somebody else has this user name."""

    def __init__(self, username: str) -> None:
        detail, zh = (
            f"The user name {username} is taken; choose another.",
            f"用户名 {username} 已被使用，请另选。",
        )
        super().__init__(detail, zh, errors=_told("/username", detail, zh))


class NameUnusable(DomainError):
    """A user name with signs that are not allowed, or of a wrong length."""

    def __init__(self) -> None:
        detail = "A user name has 1 to 64 letters, digits, Chinese characters or the signs . _ @ -"
        zh = "用户名须为 1 至 64 个字母、数字、汉字或 . _ @ - 符号。"
        super().__init__(detail, zh, errors=_told("/username", detail, zh))


class WeakPassword(DomainError):
    """A password that is too short, too long, or the user name itself."""

    def __init__(self, shortest: int, longest: int) -> None:
        detail = f"A password has {shortest} to {longest} characters and is not the user name."
        zh = f"密码须为 {shortest} 至 {longest} 个字符，且不得与用户名相同。"
        super().__init__(detail, zh, errors=_told("/password", detail, zh))


class UnknownRole(DomainError):
    """A role that does not exist."""

    def __init__(self, role: str, known: Iterable[str]) -> None:
        listed = ", ".join(sorted(known))
        detail, zh = (
            f"There is no role {role[:40]!r}. Roles: {listed}.",
            f"没有角色 {role[:40]!r}。可用角色：{listed}。",
        )
        super().__init__(detail, zh, errors=_told("/role", detail, zh))


class UnknownUnit(DomainError):
    """A unit that is not registered, or was closed."""

    def __init__(self, code: str) -> None:
        detail = f"There is no unit {code[:64]!r} at work. GET /api/v1/units lists them."
        zh = f"没有在用单位 {code[:64]!r}。单位清单见 GET /api/v1/units。"
        super().__init__(detail, zh, errors=_told("/unit", detail, zh))


class UnitRequired(DomainError):
    """A person of this role belongs to a unit that has to be named."""

    def __init__(self, role: str) -> None:
        detail = f"Name the unit that this {role} belongs to (--unit CODE)."
        zh = f"请指定该 {role} 所属的单位（--unit CODE）。"
        super().__init__(detail, zh, errors=_told("/unit", detail, zh))


class UnknownUser(DomainError):
    """A user name that nobody has."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"There is no user {username[:64]!r}. `wangge user list` names them.",
            f"没有用户 {username[:64]!r}。可用 `wangge user list` 查看。",
        )


class RoleWithoutTablet(DomainError):
    """A role that neither pulls nor pushes; its tablet would be refused at the first sync."""

    def __init__(self, role: str, role_zh: str) -> None:
        detail = f"A {role} works without a tablet: choose a person of the field, or change the role first."
        zh = f"{role_zh}不使用平板，请选择外业人员或先更改其角色。"
        super().__init__(detail, zh, errors=_told("/username", detail, zh))


class EnrolmentCodeInvalid(DomainError):
    """An enrolment code that is unknown, too old, or was used by another device."""

    def __init__(self) -> None:
        super().__init__(
            "This enrolment code is unknown, too old or used; ask the office for a new one.",
            "注册码无效、已过期或已被使用，请向办公室索取新的注册码。",
        )
