// Completes package-lock.json with the optional packages of other platforms.
// A registry that carries only this platform's packages makes npm leave the others out, and `npm ci`
// then refuses the lockfile everywhere. Run after `npm install`; changes nothing when nothing is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
  'aix',
  'netbsd',
  'openbsd',
  'sunos',
];
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'wasm32', 'mips64el'];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = lock.packages;
let added = 0;

for (const [path, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    const version = range.replace(/^[~^]/, '');
    if (packages[nested]?.version || packages[hoisted]?.version === version) continue;
    const place = packages[hoisted]?.version ? nested : hoisted;
    const words = name.split(/[/.-]/);
    const os = OS.filter((word) => words.includes(word));
    const cpu = CPU.filter(
      (word) => words.includes(word) || words.includes(`${word}le`) || words.some((w) => w === `${word}gc`),
    );
    if (words.includes('wasm32')) cpu.splice(0, cpu.length, 'wasm32');
    if (name === 'fsevents') os.push('darwin');
    packages[place] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
    added += 1;
  }
}

const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
process.stdout.write(`${added} packages of other platforms added to package-lock.json\n`);
