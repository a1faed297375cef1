// An SVG sprite of the icons that pages name in icons.json:
// <svg class="icon" aria-hidden="true"><use href="/static/icons.svg#check"/></svg>
import { readFile } from "node:fs/promises";

const icons = new URL("../../node_modules/@tabler/icons/icons/outline/", import.meta.url);

async function symbol(name) {
  const svg = await readFile(new URL(`${name}.svg`, icons), "utf8");
  const inside = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const shapes = inside.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

export async function sprite(names) {
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}
