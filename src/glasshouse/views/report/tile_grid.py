"""A map of 31 equal tiles: every province counts the same, and no border is drawn.

The layout is our own: columns run west to east, lines north to south, neighbours are kept where a grid allows.
"""

from __future__ import annotations

TILES: dict[str, tuple[str, int, int]] = {  # province: (label, column, line)
    "Heilongjiang": ("HL", 7, 0),
    "Inner Mongolia": ("IM", 5, 1),
    "Jilin": ("JL", 7, 1),
    "Xinjiang": ("XJ", 0, 2),
    "Gansu": ("GS", 2, 2),
    "Ningxia": ("NX", 3, 2),
    "Shanxi": ("SX", 4, 2),
    "Beijing": ("BJ", 5, 2),
    "Tianjin": ("TJ", 6, 2),
    "Liaoning": ("LN", 7, 2),
    "Tibet": ("XZ", 0, 3),
    "Qinghai": ("QH", 1, 3),
    "Shaanxi": ("SN", 3, 3),
    "Henan": ("HA", 4, 3),
    "Hebei": ("HE", 5, 3),
    "Shandong": ("SD", 6, 3),
    "Sichuan": ("SC", 2, 4),
    "Chongqing": ("CQ", 3, 4),
    "Hubei": ("HB", 4, 4),
    "Anhui": ("AH", 5, 4),
    "Jiangsu": ("JS", 6, 4),
    "Shanghai": ("SH", 7, 4),
    "Yunnan": ("YN", 2, 5),
    "Guizhou": ("GZ", 3, 5),
    "Hunan": ("HN", 4, 5),
    "Jiangxi": ("JX", 5, 5),
    "Zhejiang": ("ZJ", 6, 5),
    "Guangxi": ("GX", 4, 6),
    "Guangdong": ("GD", 5, 6),
    "Fujian": ("FJ", 6, 6),
    "Hainan": ("HI", 5, 7),
}
