"""Every error of the product and the HTTP status it becomes (RFC 9457); no room below this line knows HTTP.

An error class is found here by its slug, its name in kebab case: `StateForbids` → `state-forbids`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class DomainError(Exception):
    """A fact of the domain that stops a use case.

    Attributes:
        detail, detail_zh: what is wrong and how to mend it, for people.
        errors: JSON pointers into the input, each `{pointer, detail, detail_zh}`.
        extra: members added to the problem document.
    """

    retry_after_s: int | None = None

    def __init__(
        self,
        detail: str = "",
        detail_zh: str = "",
        *,
        errors: list[dict[str, str]] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh or detail
        self.errors = errors or []
        self.extra = extra or {}


class InvalidInput(DomainError):
    """The input does not have the shape that was asked for; `errors` name the fields."""


class NotFound(DomainError):
    """Nothing is stored under this id, or the caller may not know of it."""


class NotYours(DomainError):
    """The caller's role or place gives no right to do this."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: the HTTP status and the title in two languages."""

    status: int
    title: str
    title_zh: str


PROBLEMS: Mapping[str, Kind] = {
    "bad-request": Kind(400, "Unreadable request", "请求无法读取"),
    "invalid-input": Kind(422, "Invalid input", "输入有误"),
    "not-found": Kind(404, "Not found", "未找到"),
    "method-not-allowed": Kind(405, "Method not allowed", "不支持的方法"),
    "not-acceptable": Kind(406, "Not acceptable", "无法提供所要的格式"),
    "payload-too-large": Kind(413, "Payload too large", "请求体过大"),
    "unsupported-media-type": Kind(415, "Unsupported media type", "不支持的内容类型"),
    "too-many-requests": Kind(429, "Too many requests", "请求过于频繁"),
    "too-many-at-once": Kind(429, "Too many requests at once", "同时请求过多"),
    "server-busy": Kind(429, "Too many tablets at once", "当前提交的设备过多"),
    "unavailable": Kind(503, "Temporarily unavailable", "暂时不可用"),
    "internal": Kind(500, "Server fault", "服务器故障"),
    # people
    "not-signed-in": Kind(401, "Not signed in", "未登录"),
    "wrong-credentials": Kind(401, "Wrong user name or password", "用户名或密码错误"),
    "token-expired": Kind(401, "Token expired", "令牌已过期"),
    "not-yours": Kind(403, "Not yours to do", "无权操作"),
    "name-unusable": Kind(422, "User name cannot be used", "用户名不可用"),
    "name-taken": Kind(409, "Name already taken", "名称已被使用"),
    "unknown-user": Kind(404, "Unknown user", "未知用户"),
    "unknown-role": Kind(422, "Unknown role", "未知角色"),
    "unknown-unit": Kind(422, "Unknown unit", "未知单位"),
    "unknown-cell": Kind(422, "Unknown grid cell", "未知网格"),
    "cells-required": Kind(422, "Cells must be named", "必须指定网格"),
    "cells-for-workers-only": Kind(422, "Only grid workers walk cells", "只有网格员负责网格"),
    "end-before-start": Kind(422, "Ends before it begins", "结束早于开始"),
    "unit-code-taken": Kind(409, "Unit code taken", "单位代码已被使用"),
    "division-taken": Kind(409, "Another unit answers for the division", "行政区划已有单位负责"),
    "unit-has-open-matters": Kind(409, "The unit still has open matters", "单位尚有未结事项"),
    "unit-closed": Kind(409, "The unit was closed", "单位已停用"),
    "under-itself": Kind(409, "A unit would stand under itself", "单位上下级成环"),
    "nothing-to-assign": Kind(422, "Nothing to assign", "没有可变动的网格"),
    "assignment-change-stands": Kind(409, "The change can no longer be undone", "该次安排不能撤销"),
    "checklist-plan-stands": Kind(409, "The planned version stands in the way", "计划版本冲突"),
    "unit-required": Kind(422, "A unit must be named", "必须指定单位"),
    "role-without-tablet": Kind(422, "A role without a tablet", "该角色不使用平板"),
    "weak-password": Kind(422, "Password too weak", "密码过于简单"),
    "not-standing-in": Kind(403, "Not standing in", "目前不是代班人"),
    "stand-in-not-here": Kind(403, "In one's own name only", "须以本人身份办理"),
    "stand-in-overlaps": Kind(409, "Another stands in then", "该时段已有代班人"),
    "stand-in-ended": Kind(409, "It has ended", "代班已结束"),
    # devices and sync
    "enrolment-code-invalid": Kind(403, "Enrolment code invalid or used", "注册码无效或已使用"),
    "device-mismatch": Kind(403, "Token of another device", "令牌属于另一台设备"),
    "wipe-under-way": Kind(409, "The tablet erases itself already", "平板已开始清除"),
    "wipe-keeps-off": Kind(409, "To be erased: stays switched off", "已要求清除，保持停用"),
    "wipe-withdrawn": Kind(409, "The order to erase was taken back", "清除要求已撤回"),
    "device-revoked": Kind(403, "Device revoked", "设备已停用"),
    "not-a-device": Kind(403, "Only an enrolled device may do this", "只有已注册设备可以操作"),
    "seq-gap": Kind(409, "Sequence numbers have a gap", "序号不连续"),
    "unreadable-envelope": Kind(400, "Unreadable envelope", "批次无法读取"),
    "too-many-mutations": Kind(413, "Too many mutations in one push", "一次提交的条目过多"),
    "outbox-file-unusable": Kind(422, "Outbox file cannot be taken in", "发件箱文件无法导入"),
    "no-such-item": Kind(404, "No such item", "没有这个条目"),
    "several-items": Kind(422, "Several items at this seq", "同一序号有多个条目"),
    "already-decided": Kind(409, "Already decided", "已有决定"),
    "cannot-apply": Kind(409, "Cannot be applied", "无法执行"),
    "cursor-invalid": Kind(400, "Cursor invalid", "游标无效"),
    "receipt-invalid": Kind(422, "Receipt invalid", "回执无效"),
    # photos
    "not-a-picture": Kind(422, "Not a picture", "文件不是图片"),
    "photo-too-large": Kind(413, "Photo too large", "照片过大"),
    "checksum-mismatch": Kind(460, "Checksum mismatch", "校验和不符"),
    "offset-mismatch": Kind(409, "Upload offset does not match", "上传偏移不一致"),
    "upload-gone": Kind(410, "Upload expired or terminated", "上传已过期或终止"),
    "unreadable-header": Kind(400, "Unreadable header", "请求头无法读取"),
    "tus-version-unsupported": Kind(412, "tus version not supported", "不支持的 tus 版本"),
    "photo-missing": Kind(404, "The photo has not arrived yet", "照片尚未到达"),
    "photo-unreadable": Kind(422, "No picture can be made of the photo", "照片无法解码"),
    "storage-full": Kind(507, "Storage full", "存储空间不足"),
    # siting
    "bad-problem": Kind(422, "The problem cannot be used", "选址问题有误"),
    "crs-not-metric": Kind(422, "Not metres", "坐标不是米制"),
    "outside-zone": Kind(422, "Outside the zone of the CRS", "超出坐标系适用范围"),
    "plan-finished": Kind(409, "The plan is finished", "方案已结束"),
    "no-communities": Kind(422, "No communities there", "没有小区"),
    "communities-unknown": Kind(422, "Unknown communities", "未知小区"),
    "unknown-rule-set": Kind(422, "Unknown rule set", "未知规则集"),
    "plan-of-a-file": Kind(409, "The plan knows no places", "方案没有点位资料"),
    "plan-adopted": Kind(409, "The plan is adopted", "方案已采纳"),
    "plan-not-adopted": Kind(409, "The plan is not adopted", "方案未采纳"),
    "nothing-to-adopt": Kind(409, "Nothing to adopt", "没有新增点位"),
    "sites-moved-on": Kind(409, "Sites have moved on", "点位已推进"),
    "work-state-forbids": Kind(409, "The work's state forbids this", "点位当前阶段不允许"),
    "work-moved-on": Kind(409, "The work has moved on", "点位办理已被更新"),
    "project-stands": Kind(409, "The project stands already", "项目已存在"),
    "project-moved-on": Kind(409, "The project has moved on", "项目已被更新"),
    "letter-not-issued": Kind(409, "The letter takes no answer", "督促函不能登记答复"),
    "site-taken": Kind(409, "The site is worked on already", "点位已在办理"),
    "vote-unusable": Kind(422, "The vote cannot be used", "表决不可用"),
    "scenario-finished": Kind(409, "The scenario is finished", "情景已结束"),
    "no-walks": Kind(409, "Not measured along footways", "未按步行路网测算"),
    "takes-longer": Kind(409, "It takes longer than a moment", "需要更长时间"),
    "plan-not-ready": Kind(409, "The plan has no sites yet", "方案尚无结果"),
    # votes
    "vote-state-forbids": Kind(409, "The vote's state forbids this", "表决当前状态不允许"),
    "vote-moved-on": Kind(409, "The vote has moved on", "表决已被更新"),
    "vote-not-now": Kind(409, "Not possible now", "目前不能办理"),
    "no-vote-rule": Kind(422, "No rule is in force", "没有适用的表决规则"),
    "same-clerk": Kind(403, "Another person must enter it", "须由他人录入"),
    # places
    "outside-every-community": Kind(422, "Outside every community", "不在任何小区内"),
    "outside-county": Kind(422, "Outside the county", "不在本县范围内"),
    "swapped-axes": Kind(422, "Longitude and latitude are swapped", "经纬度颠倒"),
    "too-many-cells": Kind(422, "Too many grid cells", "网格过多"),
    "impossible-coordinate": Kind(422, "Impossible coordinate", "坐标不可能存在"),
    "bad-bbox": Kind(422, "Unreadable map window", "地图范围无法读取"),
    "bad-query": Kind(400, "Unreadable query", "查询参数无法读取"),
    "no-such-feature": Kind(404, "No such feature", "没有此要素"),
    "precondition-required": Kind(428, "If-Match required", "须提供 If-Match"),
    "still-referred": Kind(409, "Others belong to it", "仍有其他记录属于它"),
    "precondition-failed": Kind(412, "Changed meanwhile", "期间已被修改"),
    "unknown-layer": Kind(404, "Unknown layer", "未知图层"),
    "no-such-tile": Kind(404, "No such tile", "没有这个瓦片"),
    "unknown-datum": Kind(422, "Unknown datum", "未知坐标系"),
    "unknown-community": Kind(422, "Unknown community", "未知小区"),
    "analysis-layer-stands": Kind(409, "The layer stands already", "图层已存在"),
    "no-points": Kind(422, "No usable points", "没有可用的点位"),
    "no-ground": Kind(422, "No outline of the territory", "辖区没有边界"),
    "constant": Kind(422, "Nothing stands out", "各处相同，无法判断"),
    "too-many-places": Kind(422, "Too many places to compare", "比较的单元过多"),
    "no-metres": Kind(422, "Outside the metric plane", "超出投影坐标系范围"),
    "cannot-be-cut": Kind(422, "The cell cannot be cut so", "无法这样划分网格"),
    "cannot-be-joined": Kind(422, "The cells cannot be joined", "网格无法合并"),
    "not-one-neighbourhood": Kind(422, "Cells of several neighbourhoods", "网格不属于同一社区"),
    "cell-ended": Kind(409, "The cell has ended", "网格已停用"),
    "cell-change-stands": Kind(409, "The change cannot be undone", "网格调整无法撤销"),
    "unreadable-places": Kind(422, "Unreadable file of places", "空间数据文件无法读取"),
    "no-geometry": Kind(422, "No geometry", "没有几何数据"),
    "several-tables": Kind(422, "Several tables in the file", "文件含多个图层"),
    "unknown-reference": Kind(422, "Unknown coordinate system", "未知坐标参考系"),
    "too-many-features": Kind(422, "Too many features", "要素过多"),
    "datum-missing": Kind(422, "Datum missing", "缺少坐标系"),
    "unknown-place-layer": Kind(404, "Unknown layer", "未知图层"),
    "places-faulty": Kind(422, "The file has faults", "文件有误"),
    # checklists
    "unknown-checklist": Kind(404, "Unknown checklist", "未知检查表"),
    "invalid-answers": Kind(422, "Answers cannot be read", "作答无法读取"),
    # ledger
    "state-forbids": Kind(409, "The case's state forbids this", "案卷当前状态不允许"),
    "stale-version": Kind(409, "The case has moved on", "案卷已被更新"),
    "not-now": Kind(409, "Not possible now", "目前不能办理"),
    "nothing-asked": Kind(409, "No such request waits", "没有待审批的申请"),
    "unknown-command": Kind(422, "Unknown command", "未知命令"),
    "evidence-missing": Kind(409, "Evidence is missing", "证据不全"),
    "unknown-rule": Kind(404, "Unknown rule", "未知规则"),
    "rule-stands": Kind(409, "A later value stands", "已有更晚的取值"),
    "same-person": Kind(403, "Another person must do this", "须由他人操作"),
    "unknown-category": Kind(422, "Unknown category or severity", "未知问题类别或等级"),
    "already-there": Kind(409, "Another record stands under this id", "此编号已有记录"),
    "already-stored": Kind(409, "Another inspection stands under this id", "此编号已有检查记录"),
    "already-resolved": Kind(409, "Decided already", "已处理"),
    "edited-meanwhile": Kind(409, "Edited meanwhile", "期间已被修改"),
    "county-missing": Kind(409, "The county is not loaded", "尚未载入县域数据"),
    "demo-places-stand": Kind(409, "Demo places stand already", "已有演示小区"),
    "records-exist": Kind(409, "Records exist", "已有业务记录"),
    "unreadable-paste": Kind(422, "The text cannot be read", "文本无法读取"),
    "unreadable-table": Kind(422, "Unreadable table", "表格无法读取"),
    "columns-missing": Kind(422, "Columns missing", "缺少列"),
    "unknown-column": Kind(422, "Unknown column", "未知列"),
    "table-faulty": Kind(422, "The table has faults", "表格有误"),
    "mapping-faulty": Kind(422, "Unusable mapping", "映射不可用"),
    "unknown-mapping": Kind(404, "Unknown mapping", "未知映射"),
    "unknown-roster": Kind(404, "Unknown roster", "未知名册"),
    "not-made": Kind(503, "The file could not be made", "文件生成失败"),
    "too-many-pictures": Kind(422, "Too many pictures", "图片过多"),
    "complaint-state-forbids": Kind(409, "The complaint's state forbids this", "投诉当前状态不允许"),
    "complaint-moved-on": Kind(409, "The complaint has moved on", "投诉已被更新"),
    "complaint-not-now": Kind(409, "Not possible now", "目前不能办理"),
    "identity-unreadable": Kind(503, "Identity sealed by another key", "身份信息由其他密钥加密"),
    "too-many-reports": Kind(429, "Too many reports", "提交过于频繁"),
    "paper-state-forbids": Kind(409, "The paper's state forbids this", "公文当前状态不允许"),
    "paper-moved-on": Kind(409, "The paper has moved on", "公文已被更新"),
    "fields-missing": Kind(409, "Fields are missing", "公文要素不全"),
    "prefix-missing": Kind(409, "No prefix of numbers is set", "未设置文号前缀"),
    "template-unusable": Kind(422, "Unusable template", "模板不可用"),
    "not-a-scan": Kind(422, "Not a scan", "文件不是扫描件"),
    "order-moved-on": Kind(409, "The order has moved on", "工单已被更新"),
    "order-state-forbids": Kind(409, "The order's state forbids this", "工单当前状态不允许"),
    "channel-unusable": Kind(422, "Channel cannot be used", "通知渠道不可用"),
    "no-demo-places": Kind(409, "No demo places", "没有演示小区"),
}


def slug(error_class: type) -> str:
    """Return the slug of an error class: `StateForbids` → `state-forbids`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", error_class.__name__).lower()


def kind_of(error: BaseException) -> tuple[str, Kind] | None:
    """Return slug and row of an error or of the nearest of its base classes; None when it has no row."""
    for error_class in type(error).__mro__:
        name = slug(error_class)
        if name in PROBLEMS:
            return name, PROBLEMS[name]
    return None


def document(name: str, kind: Kind, error: BaseException | None = None) -> dict[str, Any]:
    """Return the problem document `{type, title, title_zh, status, detail, detail_zh, errors, …}`."""
    body: dict[str, Any] = {
        "type": f"/problems/{name}",
        "title": kind.title,
        "title_zh": kind.title_zh,
        "status": kind.status,
        "detail": getattr(error, "detail", "") or kind.title,
        "detail_zh": getattr(error, "detail_zh", "") or kind.title_zh,
    }
    errors = getattr(error, "errors", None)
    if errors:
        body["errors"] = errors
    body.update(getattr(error, "extra", None) or {})
    return body
