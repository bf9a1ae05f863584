"""What of an order may leave the desk: its words without the caller's name, numbers and flat. Pure."""

from __future__ import annotations

import re

_NUMBERS = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[-－ ]?\d{7,8}|\d{17}[0-9Xx])(?!\d)"
)
_WECHAT = re.compile(r"((?:微信|QQ|qq|邮箱)号?(?:是|为|[:：])?\s*)[\w.@-]{5,}")
# "本人张三", "来电人：王女士", "联系人李明": how call takers write a name into the words.
_NAMED = re.compile(
    r"((?:本人|来电人|反映人|诉求人|联系人|市民|业主|居民|投诉人|我叫|姓名)[是为:：（(]?\s*)"
    r"([\u4e00-\u9fff]{1,3}(?:先生|女士|同志)|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤罗毕郝安常于傅卞齐康伍余顾孟黄穆萧尹姚邵汪毛狄臧戴宋庞熊纪舒屈项祝董梁杜阮季贾路娄江颜郭梅林钟徐邱骆高夏蔡田樊胡霍万卢莫房解丁邓洪石崔龚程陆段侯武刘龙叶白翟谭申冉桑聂曾关][\u4e00-\u9fff]{1,2}(?=[,，。；;、\s（(电手反来投称]|$))"
)
HIDDEN = "***"


def covered(words: str, caller: str = "", phone: str = "") -> str:
    """Return words that name nobody: telephone, identity and account numbers and the caller's name go.

    Args:
        caller, phone: as the order tells them; hidden wherever they stand.
    """
    told = words
    for known in (phone.strip(), caller.strip()):
        if len(known) >= 2:
            told = told.replace(known, HIDDEN)
    told = _NUMBERS.sub(HIDDEN, told)
    told = _WECHAT.sub(rf"\1{HIDDEN}", told)
    return _NAMED.sub(rf"\1{HIDDEN}", told)
