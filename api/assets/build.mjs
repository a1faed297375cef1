// Builds api/static from api/assets: one bundle per kind of page, an icon sprite, and manifest.json, which maps
// each file to its digest so that pages can link to `app.js?v=<digest>` and browsers may keep it for ever.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { sprite } from "./sprite.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "static");
const watch = process.argv.includes("--watch");

// forms.js belongs to the forms and may not be there yet; the app bundle then simply lacks it.
const optionalForms = {
  name: "optional-forms",
  setup(build) {
    build.onResolve({ filter: /\/forms\.js$/ }, ({ resolveDir, path: name }) => {
      const file = path.join(resolveDir, name);
      return existsSync(file) ? { path: file } : { path: name, namespace: "absent" };
    });
    build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "" }));
  },
};

const options = {
  entryPoints: ["app", "viewer", "designer"].map((name) => ({ in: path.join(here, name, "index.js"), out: name })),
  outdir: target,
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  loader: { ".svg": "dataurl", ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "empty", ".eot": "empty", ".bpmn": "text" },
  legalComments: "linked",
  logLevel: "warning",
  plugins: [optionalForms],
};

async function writeSprite() {
  const names = JSON.parse(await readFile(path.join(here, "icons.json"), "utf8"));
  await writeFile(path.join(target, "icons.svg"), await sprite(names));
}

async function writeManifest() {
  const files = (await readdir(target)).filter((name) => /\.(js|css|svg)$/.test(name)).sort();
  const digest = async (name) =>
    createHash("sha256").update(await readFile(path.join(target, name))).digest("hex").slice(0, 16);
  const entries = await Promise.all(files.map(async (name) => [name, await digest(name)]));
  await writeFile(path.join(target, "manifest.json"), JSON.stringify(Object.fromEntries(entries), null, 2) + "\n");
}

if (!watch) await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await writeSprite();
if (watch) {
  const manifest = { name: "manifest", setup: (build) => build.onEnd(writeManifest) };
  const context = await esbuild.context({ ...options, plugins: [...options.plugins, manifest] });
  await context.watch();
} else {
  await esbuild.build(options);
  await writeManifest();
}
