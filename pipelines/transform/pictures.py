"""The pictures of a build: who has delivered what, and how much of the population that covers.

Belongs here: drawing, from rows that SQL has judged, to the bytes of a small PNG. Does not belong here: what a status
means and which is worst (the seed leverans_status and `leveranslage.sql`), and which asset shows a picture (the model's
meta, through `facts.py`). It lies beside dbt because the pictures are facts of tables that dbt has just built.

From approved to missing colours run from light to dark, so that the order survives grey print and colour blindness; a
test measures it. Confirmed empty stands beside, in a blue of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image  # matplotlib writes no palette PNG itself

PALETTE = ("#85b4dc", "#d6e6f4", "#ffd84d", "#e07b00", "#a11919", "#161616")  # best to worst
PAPER, INK, FAINT, BAR = "#ffffff", "#1a1a1a", "#595959", "#2f6fa8"
LINE = "#c8c8c8"
CELL_W, CELL_H, LABEL, GAP, TOP, EDGE, ROWS = 6, 12, 118, 20, 92, 12, 106  # the UI's dialog shows some 1 100 pixels
BAR_W, BAR_H, BAR_TOP, CHART = 8, 150, 96, 300


@dataclass(frozen=True)
class Sender:
    """A municipality's row: its name, its county and each month's place in the palette, 1 best (None: not expected)."""

    name: str
    county: str
    ranks: tuple[int | None, ...]


class _Sheet:
    """A figure measured in pixels from its upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor=PAPER)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)

    def write(self, x: float, y: float, text: str, size: float = 6.8, **look: Any) -> None:
        self.axes.text(x, y, text, fontsize=size, **({"color": INK, "va": "center"} | look))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))

    def line(self, xs: tuple[float, float], ys: tuple[float, float], colour: str = FAINT) -> None:
        self.axes.plot(xs, ys, color=colour, linewidth=0.5, solid_capstyle="butt")

    def cells(self, x: float, y: float, colours: np.ndarray[Any, Any]) -> None:
        """A grid of coloured cells with a hair of paper between them."""
        grid = np.kron(colours, np.ones((CELL_H, CELL_W, 1), dtype=np.uint8))
        grid[CELL_H - 1 :: CELL_H, :] = 255
        grid[:, CELL_W - 1 :: CELL_W] = 255
        extent = (x, x + grid.shape[1], y + grid.shape[0], y)
        self.axes.imshow(grid, extent=extent, interpolation="nearest", aspect="auto", zorder=0)

    def png(self) -> bytes:
        self.axes.set_xlim(0, self.figure.get_figwidth() * 100)
        self.axes.set_ylim(self.figure.get_figheight() * 100, 0)
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        drawn = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        image = Image.fromarray(drawn).convert("RGB")
        sink = BytesIO()
        image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(sink, format="png", optimize=True)
        return sink.getvalue()


def _palette() -> Image.Image:
    """Our own colours and greys for the letters: a third of the bytes, and no rare status melts into another."""
    greys = [(grey, grey, grey) for grey in range(255, -1, -8)]
    colours = [*(_rgb(colour) for colour in (*PALETTE, BAR, LINE, FAINT)), *greys]
    image = Image.new("P", (1, 1))
    image.putpalette([part for colour in colours for part in colour])
    return image


def heat_map(senders: Sequence[Sender], months: Sequence[str], statuses: Sequence[str], title: str) -> bytes:
    """Municipalities by county down, months across, coloured by `statuses` (their names, best first)."""
    panels = _panels(senders)
    width = 2 * EDGE + len(panels) * (LABEL + len(months) * CELL_W + GAP) - GAP
    sheet = _Sheet(max(width, 620), TOP + max(map(len, panels)) * CELL_H + EDGE)
    sheet.write(EDGE, 20, title, size=11, weight="bold")
    _legend(sheet, statuses)
    for nr, panel in enumerate(panels):
        _panel(sheet, EDGE + nr * (LABEL + len(months) * CELL_W + GAP), panel, months)
    return sheet.png()


def _panels(senders: Sequence[Sender]) -> list[list[Sender | str]]:
    """Counties as headings over their municipalities, in columns of equal height."""
    lines = [line for county, group in groupby(senders, key=lambda sender: sender.county) for line in (county, *group)]
    height = -(-len(lines) // max(1, -(-len(lines) // ROWS)))
    return [_column(lines[start : start + height]) for start in range(0, len(lines), height)]


def _column(lines: list[Sender | str]) -> list[Sender | str]:
    """A county that goes on from the column before is named again."""
    first = lines[0]
    return [f"{first.county}, forts.", *lines] if isinstance(first, Sender) else lines


def _legend(sheet: _Sheet, statuses: Sequence[str]) -> None:
    x = float(EDGE)
    for colour, text in zip(PALETTE, statuses, strict=True):
        sheet.box(x, 38, 14, 14, colour)
        sheet.write(x + 19, 45.5, text, size=7.6)
        x += 40 + 6.4 * len(text)


def _panel(sheet: _Sheet, x: float, lines: Sequence[Sender | str], months: Sequence[str]) -> None:
    left = x + LABEL
    for start, year in _years(months):
        sheet.write(left + start * CELL_W, TOP - 10, year, size=7.4)
        sheet.line((left + start * CELL_W - 0.5,) * 2, (TOP - 4, TOP + len(lines) * CELL_H))
    colours = np.full((len(lines), len(months), 3), 255, dtype=np.uint8)
    for nr, line in enumerate(lines):
        y = TOP + (nr + 0.5) * CELL_H
        if isinstance(line, Sender):
            colours[nr] = [_rgb(PAPER if rank is None else PALETTE[rank - 1]) for rank in line.ranks]
            sheet.write(left - 5, y, line.name, ha="right")
        else:
            sheet.write(x, y, line, size=7.2, weight="bold")
    sheet.cells(left, TOP, colours)


def _years(months: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where each year begins."""
    for nr, month in enumerate(months):
        if nr == 0 or month[:4] != months[nr - 1][:4]:
            yield nr, month[:4]


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def coverage(shares: dict[str, list[float]], months: Sequence[str], title: str) -> bytes:
    """A column chart for each dataset: the share (0-1) of the population in each month, on a full scale."""
    span = max(len(months) * BAR_W, CHART)
    sheet = _Sheet(max(2 * EDGE + len(shares) * (36 + span + GAP), 620), BAR_TOP + BAR_H + 36)
    sheet.write(EDGE, 20, title, size=11, weight="bold")
    for nr, (dataset, values) in enumerate(shares.items()):
        _chart(sheet, EDGE + 36 + nr * (36 + span + GAP), dataset, values, months)
    return sheet.png()


def _chart(sheet: _Sheet, x: float, dataset: str, values: Sequence[float], months: Sequence[str]) -> None:
    base = BAR_TOP + BAR_H
    worst = min(range(len(values)), key=values.__getitem__)
    sheet.write(x, BAR_TOP - 42, dataset, size=8.2, weight="bold")
    said = f"senast {_percent(values[-1])}, lägst {_percent(values[worst])} ({months[worst]})"
    sheet.write(x, BAR_TOP - 24, said, size=7.8)
    for share in (0, 0.5, 1):
        y = base - share * BAR_H
        sheet.line((x, x + len(months) * BAR_W), (y, y), LINE)
        sheet.write(x - 5, y, f"{share:.0%}".replace("%", " %"), ha="right", color=FAINT)
    for nr, value in enumerate(values):
        sheet.box(x + nr * BAR_W, base - value * BAR_H, BAR_W - 1, value * BAR_H, BAR)
    for start, year in _years(months):
        sheet.line((x + start * BAR_W - 0.5,) * 2, (BAR_TOP, base + 6))
        sheet.write(x + start * BAR_W + 2, base + 12, year, size=7.4)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
