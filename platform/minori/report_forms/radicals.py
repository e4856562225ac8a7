"""Kangxi and CJK radicals that PDFs leave in texts (⽬⽉⽇), as the ordinary letters they stand for. Pure.

Unicode's EquivalentUnifiedIdeograph for U+2E80–2FDF with Japanese forms; NFKC would be wrong: it leaves ⻑,
turns ⼾ into 戶, and rewrites ①（）％.
"""

import unicodedata

# What the compatibility decomposition lacks (the supplement, U+2E80–2EFF) or gives in a form not used in Japan.
_SUPPLEMENT = {
    "⺁": "厂", "⺄": "乙", "⺅": "亻", "⺇": "几", "⺉": "刂", "⺊": "卜", "⺋": "㔾", "⺎": "兀",
    "⺐": "尢", "⺒": "巳", "⺓": "幺", "⺔": "彑", "⺖": "忄", "⺘": "扌", "⺙": "攵", "⺛": "旡",
    "⺜": "日", "⺝": "月", "⺞": "歺", "⺟": "母", "⺠": "民", "⺡": "氵", "⺢": "氺", "⺣": "灬", "⺤": "爫",
    "⺥": "爫", "⺦": "丬", "⺨": "犭", "⺩": "王", "⺫": "罒", "⺬": "示", "⺭": "礻", "⺮": "竹", "⺰": "纟",
    "⺱": "罓", "⺲": "罒", "⺳": "网", "⺹": "耂", "⺻": "聿", "⺼": "月", "⺽": "臼", "⺾": "艹", "⺿": "艹",
    "⻀": "艹", "⻁": "虎", "⻂": "衤", "⻃": "覀", "⻄": "西", "⻅": "見", "⻆": "角", "⻈": "讠", "⻉": "貝",
    "⻊": "足", "⻋": "車", "⻌": "辶", "⻍": "辶", "⻎": "辶", "⻏": "阝", "⻐": "钅", "⻑": "長", "⻒": "長",
    "⻓": "長", "⻔": "門", "⻖": "阝", "⻗": "雨", "⻘": "青", "⻙": "韋", "⻚": "頁", "⻛": "風", "⻜": "飛",
    "⻝": "食", "⻟": "食", "⻠": "食", "⻢": "馬", "⻣": "骨", "⻤": "鬼", "⻥": "魚", "⻦": "鳥", "⻨": "麦",
    "⻩": "黄", "⻪": "黽", "⻫": "斉", "⻬": "斉", "⻭": "歯", "⻮": "歯", "⻯": "竜", "⻰": "竜", "⻱": "亀",
    "⻲": "亀", "⻳": "亀", "⼾": "戸", "⿊": "黒",
}  # fmt: skip
_LETTERS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in range(0x2F00, 0x2FD6)
    if unicodedata.normalize("NFKC", chr(code)) != chr(code)
} | {ord(radical): letter for radical, letter in _SUPPLEMENT.items()}


def without_radicals(text: str) -> str:
    """The text with radicals as ordinary letters; nothing else changes."""
    return text.translate(_LETTERS)
