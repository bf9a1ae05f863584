"""The JSON of sign-in, people and units."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from server.paging import DEFAULT_LIMIT, MOST


def plain(**kwargs: Any) -> fields.String:
    """Return a text field that refuses NUL and lone surrogates, which PostgreSQL cannot store."""
    no_nul = validate.ContainsNoneOf("\0", error="no NUL character / 不得含有空字符")
    return fields.String(validate=[no_nul, _check_encodes, *kwargs.pop("validate", ())], **kwargs)


def _check_encodes(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise ValidationError("no half characters / 不得含有不完整字符") from fault


def said(value: str) -> None:
    """Refuse a text of nothing but blanks (a function: a pattern beside a length confuses readers)."""
    if not value.strip():
        raise ValidationError("must not be empty / 不能为空")


class PageQuery(Schema):
    """What every list takes."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    cursor = plain(load_default=None, metadata={"description": "`next` of the page before"})
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MOST))
    text = plain(load_default=None, validate=[validate.Length(max=200)])


class UnitQuery(PageQuery):
    """Filters of the list of units."""

    kind = plain(load_default=None)


class UnitSchema(Schema):
    """A unit."""

    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    kind = fields.String()
    division_code = fields.String(allow_none=True)
    origin = fields.String()
    closed_on = fields.Date(
        allow_none=True, metadata={"description": "the first day on which it no longer works"}
    )


class UserQuery(PageQuery):
    """Filters of the list of people."""

    unit = plain(load_default=None)
    role = plain(load_default=None)
    active = fields.Boolean(load_default=None)


class UserSchema(Schema):
    """A person; no password, no hash."""

    user_id = fields.UUID()
    username = fields.String()
    display_name = fields.String()
    role = fields.String()
    active = fields.Boolean()
    origin = fields.String()
    created_at = fields.AwareDateTime(format="iso")
    unit = fields.Nested(UnitSchema)


class UnitPage(Schema):
    """A page of units."""

    items = fields.List(fields.Nested(UnitSchema))
    next = fields.String(allow_none=True)


class UserPage(Schema):
    """A page of people."""

    items = fields.List(fields.Nested(UserSchema))
    next = fields.String(allow_none=True)


class LoginSchema(Schema):
    """User name and password."""

    username = plain(required=True, validate=[validate.Length(1, 200)])
    password = plain(required=True, validate=[validate.Length(1, 1024)])


class RefreshSchema(Schema):
    """A refresh token."""

    refresh_token = plain(required=True, validate=[validate.Length(1, 1024)])


class TokensSchema(Schema):
    """Tokens; `expires_in` in seconds."""

    access_token = fields.String()
    refresh_token = fields.String()
    expires_in = fields.Integer()


class SignedInSchema(TokensSchema):
    """Tokens and whose they are."""

    user = fields.Nested(UserSchema)


class MeSchema(UserSchema):
    """The caller, and what they may do: action → reach. `has_work` is false for a role without tasks yet."""

    device_id = fields.UUID(allow_none=True)
    rights = fields.Dict(keys=fields.String(), values=fields.String())
    has_work = fields.Boolean()


class PasswordSchema(Schema):
    """A new password."""

    password = plain(required=True, validate=[validate.Length(1, 1024)])


class ActiveSchema(Schema):
    """Whether a person may sign in."""

    active = fields.Boolean(required=True)


class RoleActionSchema(Schema):
    """Who may do one thing: role → how far (county, subdistrict, neighbourhood, unit, cells, own)."""

    action = fields.String()
    reach = fields.Dict(keys=fields.String(), values=fields.String())


class RoleTableSchema(Schema):
    """Every action with the roles that may do it."""

    roles = fields.List(fields.String())
    actions = fields.List(fields.Nested(RoleActionSchema))
