"""The kinds of papers and their fields: one table for drafting, templates, checks and answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Shape = Literal["text", "lines", "cases", "photos"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a paper.

    Attributes:
        shape: `text`; `lines`, a list of texts; `cases`, rows of `CASE_COLUMNS`; `photos`, digests of photos.
        needed: without it the paper is not issued.
    """

    name: str
    label: str
    sample: str
    shape: Shape = "text"
    needed: bool = False


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper: its code, its titles, and its fields in the order in which they are shown.

    Attributes:
        about_cases: it is drafted about cases; the others belong to votes, sites and projects.
    """

    code: str
    title: str
    title_en: str
    fields: tuple[Field, ...]
    about_cases: bool = True

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((one for one in self.fields if one.name == name), None)


# What a paper knows of itself, beside the fields of its kind.
OWN = {
    "title": "文种",
    "number": "文号",
    "from_name": "发文单位",
    "to_name": "主送",
    "copies": "抄送",
    "issued_on": "签发日期",
    "drafted_by": "拟稿",
    "reviewed_by": "审核",
    "countersigned_by": "会签",
    "issued_by": "签发",
    "received_by": "签收人",
    "received_at": "签收时间",
}
CASE_COLUMNS = {
    "position": "序号",
    "number": "案卷号",
    "community": "小区",
    "place": "位置",
    "category": "问题类别",
    "description": "问题描述",
    "found_on": "发现日期",
    "due": "整改时限",
}

_CASES = Field("cases", "案卷清单", "", "cases", needed=True)
_DUE = Field("due", "办理时限", "2026年11月27日17:30前", needed=True)
_DEMAND = Field("demand", "整改要求", "立即清理消防通道，恢复通行。", needed=True)
_CONTACT = Field("contact", "联系人及电话", "王某 0537-0000000")


def _kind(code: str, title: str, title_en: str, *fields: Field) -> PaperKind:
    return PaperKind(code, title, title_en, fields)


def _other(code: str, title: str, title_en: str, *fields: Field) -> PaperKind:
    return PaperKind(code, title, title_en, fields, about_cases=False)


KINDS: Mapping[str, PaperKind] = {
    kind.code: kind
    for kind in (
        _kind("assignment", "交办单", "Assignment", _CASES, _DEMAND, _DUE),
        _kind(
            "reminder",
            "催办单",
            "Reminder",
            _CASES,
            Field("original_number", "原交办文号", "泗河办交〔2026〕3号"),
            Field("time_left", "剩余时限", "1天4小时", needed=True),
            _DUE,
        ),
        _kind(
            "rectification_notice",
            "限期整改通知书",
            "Notice to rectify",
            Field("found_at", "检查时间", "2026年11月20日9时30分", needed=True),
            Field("place", "检查地点", "泗水花园3号楼北侧", needed=True),
            Field("problem", "存在问题", "三辆车停在消防通道旁", needed=True),
            Field("photos", "问题照片", "", "photos"),
            Field("basis", "整改依据", "《泗水县住宅小区物业管理提升工作方案》", needed=True),
            _DEMAND,
            _DUE,
            Field(
                "consequence",
                "逾期后果",
                "逾期不整改或整改不到位的，将上报职能部门依法处理。",
                needed=True,
            ),
            _CONTACT,
            _CASES,
        ),
        _kind(
            "supervision",
            "督办单",
            "Supervision order",
            _CASES,
            Field("original_number", "原交办文号", "泗河办交〔2026〕3号"),
            Field("original_demand", "原交办事项", "立即清理消防通道，恢复通行。", needed=True),
            Field("progress", "进展情况", "2026年11月20日已签收，尚未申请销号。"),
            Field("times", "督办次数", "第1次", needed=True),
            _DUE,
        ),
        _kind(
            "report_letter",
            "上报函",
            "Letter of report",
            Field("matter", "上报事项", "消防通道长期被占用，责任单位拒不整改", needed=True),
            Field("party", "当事方", "某物业服务有限公司", needed=True),
            Field("urged", "督促经过", "2026年11月20日 交办", "lines", needed=True),
            Field("evidence", "拒不整改证据", "2026年11月23日 拒签记录及照片1张", "lines"),
            Field("answer_by", "请于何时前函复", "2026年12月4日", needed=True),
            _CASES,
        ),
        _kind(
            "joint_plan",
            "联合执法方案",
            "Plan of joint enforcement",
            Field("participants", "参加单位", "县综合行政执法局", "lines", needed=True),
            Field("held_on", "行动时间", "2026年12月8日上午9时", needed=True),
            Field("place", "集合地点", "泗河街道办事处", needed=True),
            Field("division_of_work", "任务分工", "街道牵头协调，执法局负责取证。"),
            _CASES,
        ),
        _kind(
            "joint_record",
            "联合执法记录",
            "Record of joint enforcement",
            Field("participants", "参加单位", "县综合行政执法局", "lines", needed=True),
            Field("held_on", "行动时间", "2026年12月8日上午9时", needed=True),
            Field("findings", "检查情况", "现场清理车辆3台。", needed=True),
            Field("results", "各单位处理结果", "县综合行政执法局：责令改正", "lines", needed=True),
            _CASES,
        ),
        _kind(
            "listed_supervision",
            "挂牌督办通知书",
            "Notice of listed supervision",
            Field("matter", "督办事项", "消防通道被占用，联合执法后反弹", needed=True),
            Field("persons", "责任人", "某物业服务有限公司负责人", "lines"),
            _DEMAND,
            _DUE,
            _CASES,
        ),
        _kind(
            "interview_notice",
            "约谈通知书",
            "Summons to a talk",
            Field("matter", "约谈事由", "消防通道被占用，逾期未整改", needed=True),
            Field("meeting_at", "约谈时间", "2026年12月10日15时", needed=True),
            Field("place", "约谈地点", "县城建指挥部会议室", needed=True),
            Field("persons", "被约谈人", "某物业服务有限公司负责人", "lines", needed=True),
            _CONTACT,
            _CASES,
        ),
        _kind(
            "interview_record",
            "约谈记录",
            "Record of a talk",
            Field("matter", "约谈事由", "消防通道被占用，逾期未整改", needed=True),
            Field("meeting_at", "约谈时间", "2026年12月10日15时", needed=True),
            Field("persons", "参加人员", "某物业服务有限公司负责人", "lines", needed=True),
            Field("promises", "整改承诺", "12月15日前完成整改。", needed=True),
            Field("signatures", "签名", "某某（签名）", "lines"),
            _CASES,
        ),
        _kind(
            "closeout_application",
            "销号申请表",
            "Application for close-out",
            _CASES,
            Field("measures", "整改措施", "车辆已清走，加装隔离桩。", needed=True),
            Field("finished_on", "完成日期", "2026年11月24日", needed=True),
            Field("funds", "资金来源", "物业公司"),
            Field("photos_before", "整改前照片", "", "photos"),
            Field("photos_after", "整改后照片", "", "photos"),
            Field("opinion_repairer", "整改单位意见", "已整改，申请销号。"),
            Field("opinion_neighbourhood", "社区意见", "同意。"),
            Field("opinion_checker", "核查人意见", "现场核查合格。"),
            Field("opinion_subdistrict", "街道意见", "同意销号。"),
            Field("closeout_number", "销号编号", "370831-2026-000123-X"),
            Field("published_on", "公示日期", "2026年11月30日"),
        ),
        _other(
            "vote_notice",
            "表决结果公示",
            "Notice of the result of a vote",
            Field("community", "小区", "泗水花园", needed=True),
            Field("subject", "表决事项", "在北门车棚建设电动自行车充电设施", needed=True),
            Field("period", "表决时间", "2026年11月1日至2026年11月15日", needed=True),
            Field("register", "业主总数", "120 人，专有部分面积 10820.50 平方米", needed=True),
            Field("taking_part", "参与表决", "96 人，8650.20 平方米", needed=True),
            Field("counts", "表决情况", "同意：80 人，7210.00 平方米", "lines", needed=True),
            Field("basis", "表决规则", "《中华人民共和国民法典》第二百七十八条", needed=True),
            Field("outcome", "表决结果", "通过", needed=True),
            Field("objections", "异议提出", "公示期内可向社区居民委员会书面提出。", needed=True),
        ),
        _other(
            "meeting_minutes",
            "联席会议纪要",
            "Minutes of a joint meeting",
            Field("held_on", "会议时间", "2026年11月20日", needed=True),
            Field("place", "会议地点", "泗河街道办事处会议室", needed=True),
            Field("chair", "主持人", "张某", needed=True),
            Field("participants", "参加单位及人员", "县自然资源和规划局 李某", "lines", needed=True),
            Field("sites", "议定点位", "泗水花园 北门车棚 20 个端口", "lines", needed=True),
            Field("decisions", "议定事项", "同意上述点位，提交业主表决。", needed=True),
        ),
        _other(
            "fire_opinion",
            "充电设施消防意见",
            "Fire opinion on charging sites",
            Field("reviewed_on", "审查日期", "2026年11月25日", needed=True),
            Field("sites", "审查点位", "泗水花园 北门车棚 20 个端口", "lines", needed=True),
            Field("outcome", "审查结论", "符合要求", needed=True),
            Field("opinion", "意见", "车棚与外墙距离符合要求，须配置灭火器材和监控。", needed=True),
        ),
        _other(
            "power_reply",
            "充电设施供电答复",
            "Reply on power for charging sites",
            Field("replied_on", "答复日期", "2026年11月28日", needed=True),
            Field("sites", "答复点位", "泗水花园 北门车棚 20 个端口", "lines", needed=True),
            Field("outcome", "答复结论", "可以接入", needed=True),
            Field("capacity", "可用容量", "80 kVA"),
            Field("connect_by", "接入期限", "2026年12月20日"),
        ),
        _other(
            "urging_letter",
            "督促函",
            "Letter that urges",
            Field("matter", "督促事项", "某项目充电设施建设滞后", needed=True),
            Field("party", "建设单位", "某房地产开发有限公司", needed=True),
            Field("progress", "目前进度", "应建 40 个，已建 10 个", needed=True),
            Field("demand", "督促要求", "加快充电设施建设，与主体工程同步交付。", needed=True),
            Field("answer_by", "请于何时前函复", "2026年12月4日", needed=True),
            _CONTACT,
        ),
    )
}
CASE_KINDS: Mapping[str, PaperKind] = {code: kind for code, kind in KINDS.items() if kind.about_cases}

# With every served paper; it has no number of its own, it names the paper's.
SERVICE_RETURN = PaperKind(
    "service_return",
    "送达回证",
    "Return of service",
    (
        Field("paper_title", "送达文书", "限期整改通知书"),
        Field("manner", "送达方式", "直接送达"),
        Field("place", "送达地点", "某物业服务有限公司"),
        Field("served_at", "送达时间", "2026年11月20日16时00分"),
        Field("server_1", "送达人一", "张某"),
        Field("server_2", "送达人二", "李某"),
        Field("received", "是否收到", "已签收"),
        Field("receiver", "收件人", "赵某"),
        Field("refused_because", "拒收理由", ""),
        Field("witness", "见证人", "孙某"),
    ),
)
TEMPLATES: Mapping[str, PaperKind] = {**KINDS, SERVICE_RETURN.code: SERVICE_RETURN}
