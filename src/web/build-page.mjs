// Called by the server's build (FanHub.Server/Web.targets): installs what is missing and bundles the pages into the folder given.
// Ends with 2 where packages could not be fetched, and with 1 where a page itself is at fault. Silent when all is well.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const lock = path.join(here, '.building');
const waitAtMostMs = 5 * 60_000;

/** Two builds at once (of two configurations, or in two terminals) would install over one another. */
async function takeLock() {
  const giveUpAt = Date.now() + waitAtMostMs;
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(path.join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }

    if (holderIsGone()) rmSync(lock, { recursive: true, force: true });
    else if (Date.now() > giveUpAt) fail(1, `another build of the page seems to hang; if there is none, delete ${lock}`);
    else await pause(100 + Math.random() * 100);
  }
}

function holderIsGone() {
  try {
    const pid = Number(readFileSync(path.join(lock, 'pid'), 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    // Taken a moment ago, and its holder not written down yet.
    return pid === 0 && Date.now() - statSync(lock).mtimeMs > 10_000;
  } catch (error) {
    return error.code === 'ESRCH' || (error.code === 'ENOENT' && ageOf(lock) > 10_000);
  }
}

function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return Infinity;
  }
}

/** npm writes its own copy of the lock file last, so that an installation that was cut short does not count. */
function installed() {
  return ageOf(path.join(here, 'node_modules', '.package-lock.json')) <= ageOf(path.join(here, 'package-lock.json'));
}

function npm(...args) {
  const done = spawnSync('npm', args, { cwd: here, encoding: 'utf8', shell: process.platform === 'win32', env: { ...process.env, FANHUB_WEB_OUT: out } });
  return done.status === 0 ? undefined : `npm ${args.join(' ')}: ${done.error?.message ?? `${done.stdout}\n${done.stderr}`}`;
}

function fail(code, text) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

const out = process.argv[2] === undefined ? fail(1, 'say which folder the page goes to') : path.resolve(process.argv[2]);
await takeLock();
process.on('exit', () => rmSync(lock, { recursive: true, force: true }));
if (!installed()) {
  // No package here needs its installation script, so none is run.
  const problem = npm('ci', '--ignore-scripts', '--no-progress');
  if (problem !== undefined) fail(2, problem);
}

const problem = npm('run', 'build');
if (problem !== undefined) fail(1, problem);
