"""What people write beside the deeds of a case, and what residents tell."""

from __future__ import annotations

from dataclasses import dataclass

DEMANDS = (
    "请立即到场处置并反馈",
    "请按时限整改，上传整改后照片",
    "请限期整改，做好居民解释工作",
    "请现场核实后整改",
)
DONE = ("已整改完毕", "已清理并恢复原状", "已劝离并张贴提示", "已维修，功能恢复正常", "已补齐并公示")
PAYERS = ("物业企业", "物业企业", "专项维修资金", "责任人", "专营单位")
CHECKED = ("现场核查合格", "已恢复原状", "整改到位")
REASONS = ("问题仍然存在", "整改不彻底，仍有残留", "照片与现场不符", "只清理了一部分")
NOTES = ("居民再次反映，请加快办理", "已与物业经理电话沟通", "现场已设置警示", "业主委员会已知悉")
REFUSALS = ("物业以费用未落实为由拒绝整改", "当事人拒不配合", "责任单位口头拒绝，拒签整改通知")
FINDINGS = ("巡查发现", "现场可见", "居民反映后到场确认", "上次整改后再次出现", "位置见照片")


@dataclass(frozen=True, slots=True)
class Call:
    """What a resident tells, and the category that the desk takes it for."""

    category: str
    words: str


CALLS = (
    Call("private_wiring_charging", "有人从四楼窗户拉电线给电动车充电，夜里一直插着"),
    Call("fire_lane_blocked", "消防通道停满了车，消防车根本进不来"),
    Call("lift_stopped", "电梯停了三天没有人来修，老人上下楼困难"),
    Call("green_vegetable_plot", "楼后绿地被人种上了菜，还施粪肥，味道很大"),
    Call("small_ad_not_cleared", "楼道里到处是小广告，物业一直不清理"),
    Call("dog_unlawful", "有人遛狗不牵绳，大型犬在小区里乱跑"),
    Call("common_part_damaged", "单元门禁坏了半个多月，谁都能进来"),
)
