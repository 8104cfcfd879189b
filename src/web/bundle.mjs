// What the pages' builds have in common: a folder of static files with index.html, and assets whose names change with what is in them, so that they can be cached for ever.
import { build } from 'esbuild';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Bundles a page from its folder (`src/main.ts`, `src/style.css`, `static/`) into another.
 * @param {{ from: string, to: string, name: string, banner?: string }} page `name`: of its script; `banner`: the comment at the script's beginning.
 */
export async function bundlePage({ from, to, name, banner }) {
  const result = await build({
    absWorkingDir: from,
    entryPoints: { [name]: 'src/main.ts', style: 'src/style.css' },
    entryNames: 'assets/[name]-[hash]',
    outdir: to,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['es2022', 'safari16', 'chrome111', 'firefox121'],
    ...(banner === undefined ? {} : { banner: { js: banner } }),
    logLevel: 'warning',
  });

  const assetEnding = (ending) => {
    const asset = result.outputFiles.find((file) => file.path.endsWith(ending));
    return path.relative(to, asset.path).split(path.sep).join('/');
  };

  await rm(path.join(to, 'assets'), { recursive: true, force: true });
  await mkdir(path.join(to, 'assets'), { recursive: true });
  for (const file of result.outputFiles) await writeFile(file.path, file.contents);
  const page = path.join(from, 'static', 'index.html');
  await cp(path.join(from, 'static'), to, { recursive: true, filter: (file) => file !== page });

  // Last, and in one step: whoever finds the new index.html finds all that it names.
  const html = (await readFile(page, 'utf8')).replace('{{style}}', assetEnding('.css')).replace('{{script}}', assetEnding('.js'));
  await writeFile(path.join(to, 'index.html.new'), html);
  await rename(path.join(to, 'index.html.new'), path.join(to, 'index.html'));
}

/** Where a page goes: a place in the folder that the server's build names, or in the package's own `dist/page`. */
export function pageFolder(from, ...place) {
  const out = process.env.FANHUB_WEB_OUT;
  return out === undefined ? path.join(from, 'dist', 'page') : path.resolve(out, ...place);
}
