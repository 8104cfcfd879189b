// Bundles the page into static files: index.html, and assets whose names change with what is in them, so that they can be cached for ever.
import { build } from 'esbuild';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.env.FANHUB_WEB_OUT ?? path.join(here, 'dist', 'page'));

const result = await build({
  absWorkingDir: here,
  entryPoints: { fan: 'src/main.ts', style: 'src/style.css' },
  entryNames: 'assets/[name]-[hash]',
  outdir: out,
  bundle: true,
  write: false,
  minify: true,
  format: 'esm',
  target: ['es2022', 'safari16', 'chrome111', 'firefox121'],
  banner: { js: '/*! Contains @microsoft/signalr, Copyright (c) .NET Foundation and Contributors, MIT License: see third-party.txt */' },
  logLevel: 'warning',
});

const assetEnding = (ending) => {
  const asset = result.outputFiles.find((file) => file.path.endsWith(ending));
  return path.relative(out, asset.path).split(path.sep).join('/');
};

await rm(path.join(out, 'assets'), { recursive: true, force: true });
await mkdir(path.join(out, 'assets'), { recursive: true });
for (const file of result.outputFiles) await writeFile(file.path, file.contents);
await cp(path.join(here, 'static', 'icon.svg'), path.join(out, 'icon.svg'));
await cp(path.join(here, 'static', 'third-party.txt'), path.join(out, 'third-party.txt'));

// Last, and in one step: whoever finds the new index.html finds all that it names.
const html = (await readFile(path.join(here, 'static', 'index.html'), 'utf8')).replace('{{style}}', assetEnding('.css')).replace('{{script}}', assetEnding('.js'));
await writeFile(path.join(out, 'index.html.new'), html);
await rename(path.join(out, 'index.html.new'), path.join(out, 'index.html'));
