// Bundles the fans' page, which is the first of the server's pages.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage, pageFolder } from '../bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
await bundlePage({
  from: here,
  to: pageFolder(here),
  name: 'fan',
  banner: '/*! Contains @microsoft/signalr, Copyright (c) .NET Foundation and Contributors, MIT License: see third-party.txt */',
});
