"""What axe-core, the accessibility checker, finds on a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = ("serious", "critical")
RUN = """async ([rules, drawn]) => {
  const found = await axe.run({ exclude: [drawn] }, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, help, nodes }) =>
    ({ id, impact, help, where: nodes.map((one) =>
      `${one.target.join(" ")}: ${one.html.slice(0, 160)} ${one.any[0]?.message ?? ""}`) }));
}"""
DRAWN = ".djs-container"
"""The diagram editor's own drawing; what it says stands in words beside it."""


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def grave_faults(page: Page) -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA, one line each place."""
    page.evaluate(_source())
    return [
        f"{one['id']}（{one['help']}）{where}"
        for one in page.evaluate(RUN, [RULES, DRAWN])
        if one["impact"] in GRAVE
        for where in one["where"]
    ]
