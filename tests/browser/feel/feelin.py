"""feelin, or the fork of it that form-js bundles, in a page of the real browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser

ROOT = Path(__file__).parents[3]
FORM_JS = "@bpmn-io/feelin"
"""What form-js 1.23 evaluates its conditions with."""
ENTRY = """
import { evaluate } from '%s';

function plain(value) {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object') return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

window.answers = (texts, data) => texts.map((text) => {
  try {
    return plain(evaluate(text, data).value);
  } catch (error) {
    return { error: String(error) };
  }
});
"""


def answers_of_feelin(
    browser: Browser, texts: list[str], data: Mapping[str, object], folder: Path, *, package: str = FORM_JS
) -> list[object]:
    """The values as plain JSON, one a text; `{"error"}` where feelin refuses a text."""
    source, bundle = folder / "entry.mjs", folder / "bundle.js"
    source.write_text(ENTRY.replace("%s", package))
    command = [
        str(ROOT / "node_modules" / ".bin" / "esbuild"),
        str(source),
        "--bundle",
        f"--outfile={bundle}",
    ]
    environment = {**os.environ, "NODE_PATH": str(ROOT / "node_modules")}
    subprocess.run([*command, "--log-level=error"], check=True, cwd=ROOT, env=environment)
    page = browser.new_page()
    try:
        page.add_script_tag(path=bundle)
        found = page.evaluate("([texts, data]) => window.answers(texts, data)", [texts, dict(data)])
    finally:
        page.close()
    return cast(list[object], found)
