"""One picture of the ratios: a bar for each reference, readable on light and on dark pages."""

import math
from html import escape

ROW = 22
LEFT = 390
WIDTH = 900
RIGHT = 90
TOP = 54
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f; }
.faint { fill: #57606a; } .line { stroke: #d0d7de; } .one { stroke: #57606a; }
.less { fill: #1a7f37; } .more { fill: #bc4c00; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .faint { fill: #9198a1; } .line { stroke: #3d444d; }
  .one { stroke: #9198a1; } .less { fill: #3fb950; } .more { fill: #f0883e; }
}
"""


def picture(rows):
    """The SVG of rows that have a ratio: (label, ratio), on a logarithmic scale around 1."""
    rows = [(label, ratio) for label, ratio in rows if ratio and ratio > 0]
    if not rows:
        return None
    low = math.floor(min(0, *(math.log10(ratio) for _, ratio in rows)))
    high = math.ceil(max(0, *(math.log10(ratio) for _, ratio in rows)))
    high = max(high, low + 1)
    scale = (WIDTH - LEFT - RIGHT) / (high - low)
    height = TOP + ROW * len(rows) + 12

    def at(ratio):
        return LEFT + (math.log10(ratio) - low) * scale

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Ratios of Goldstar to references">',
        f"<style>{STYLE}</style>",
        text(12, 20, "Goldstar over its reference; left of 1 Goldstar takes less"),
    ]
    for power in range(low, high + 1):
        place = at(10.0**power)
        kind = "one" if power == 0 else "line"
        drawn.append(line(place, TOP - 6, height - 8, kind))
        drawn.append(text(place, TOP - 12, f"{10.0**power:g}", "faint", "middle"))
    for number, (label, ratio) in enumerate(rows):
        drawn += bar(number, label, ratio, at)
    return "\n".join([*drawn, "</svg>", ""])


def bar(number, label, ratio, at):
    top = TOP + number * ROW
    begin, end = sorted([at(1), at(ratio)])
    kind = "less" if ratio <= 1 else "more"
    return [
        text(LEFT - 10, top + 14, label, anchor="end"),
        f'<rect class="{kind}" x="{begin:.1f}" y="{top + 3}" width="{max(1, end - begin):.1f}" '
        f'height="{ROW - 8}" rx="2"/>',
        text(end + 6, top + 14, f"{ratio:.3g}", "faint"),
    ]


def line(place, top, bottom, kind):
    return f'<line class="{kind}" x1="{place:.1f}" x2="{place:.1f}" y1="{top}" y2="{bottom}"/>'


def text(x, y, words, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}"{kind}>{escape(words)}</text>'
