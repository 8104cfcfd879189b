// Bundles the editors' page, which the server has at /console.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage, pageFolder } from '../bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
await bundlePage({ from: here, to: pageFolder(here, 'console'), name: 'console' });
