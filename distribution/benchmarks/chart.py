"""Bars as SVG, without a library."""

from xml.sax.saxutils import escape

ROW, LEFT, WIDE, RIGHT = 26, 270, 400, 90


def bars(title, values):
    """A horizontal bar for each name; Kiln's are coloured."""
    height = 40 + ROW * len(values)
    most = max(values.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDE + RIGHT}" height="{height}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="8" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    for i, (name, value) in enumerate(values.items()):
        y = 34 + ROW * i
        colour = "#c2410c" if name.startswith("Kiln") else "#94a3b8"
        width = WIDE * value / most
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{ROW - 8}" fill="{colour}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{y + 14}">{value:,.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
