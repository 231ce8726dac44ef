// Checks what the first page load costs. The numbers are promises to people on slow phones; see docs/SPEC.md.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const limits = { requests: 5, totalBytes: 45_000, scriptBytes: 35_000 };

const page = new URL('index.html', dist);
if (!existsSync(page)) {
  console.error('There is no dist/index.html. Run `npm run build` first.');
  process.exit(1);
}

/** The size of a file as gzip sends it, in bytes. */
const gzipSize = (path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;

const html = readFileSync(fileURLToPath(page), 'utf8');
const addresses = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** Everything that an entry imports without being asked, so that a missing preload cannot hide a request. */
const withImports = (key, found = new Set()) => {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const file of chunk.css ?? []) found.add(file);
  for (const imported of chunk.imports ?? []) withImports(imported, found);
  return found;
};

const files = new Set(addresses);
for (const [key, chunk] of Object.entries(manifest)) {
  if (chunk.isEntry) for (const file of withImports(key)) files.add(file);
}

/** What nobody needs before they ask for it, by its source. */
const later = ['full-editor.tsx', 'method-picker.tsx', 'linked-plan.tsx', 'set-up.tsx', 'session.tsx'];
const tooEarly = later.filter((source) => {
  const chunk = manifest[`src/screens/${source}`];
  return !chunk?.isDynamicEntry || files.has(chunk.file);
});
if (tooEarly.length > 0) {
  console.error(`These came with the first page: ${tooEarly.join(', ')}`);
  process.exit(1);
}

const rows = [{ path: 'index.html', bytes: gzipSize('index.html') }];
for (const path of files) rows.push({ path, bytes: gzipSize(path) });
const totalBytes = rows.reduce((sum, row) => sum + row.bytes, 0);
const scriptBytes = rows.filter((row) => row.path.endsWith('.js')).reduce((sum, row) => sum + row.bytes, 0);

for (const row of rows) console.log(`${String(row.bytes).padStart(7)} B gzip  ${row.path}`);
const results = [
  ['requests for the first page', rows.length, limits.requests],
  ['bytes of the first page, gzip', totalBytes, limits.totalBytes],
  ['bytes of its JavaScript, gzip', scriptBytes, limits.scriptBytes],
];
let failed = false;
for (const [what, actual, limit] of results) {
  const over = actual > limit;
  failed ||= over;
  console.log(`${over ? 'TOO MUCH' : 'ok'}: ${what}: ${actual} of at most ${limit}`);
}
process.exit(failed ? 1 : 0);
