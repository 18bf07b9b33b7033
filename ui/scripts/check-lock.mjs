// Checks that package-lock.json is whole and names no download address, so that `npm ci` works anywhere.
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const entries = Object.entries(lock.packages);
const problems = [];

for (const [path, entry] of entries) {
  if (entry.resolved) problems.push(`${path}: has a "resolved" address`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!installed(path, name)) problems.push(`${path}: optional ${name} has no entry of its own`);
  }
}

// A package is found in its user's own node_modules folder or in any folder above it.
function installed(from, name) {
  for (let folder = from; ; folder = parent(folder)) {
    const path = `${folder ? `${folder}/` : ''}node_modules/${name}`;
    if (path in lock.packages) return true;
    if (!folder) return false;
  }
}

function parent(path) {
  const cut = path.lastIndexOf('/node_modules/');
  return cut < 0 ? '' : path.slice(0, cut);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(
    'Delete package-lock.json and node_modules, pin the versions, and run npm install again.',
  );
  process.exit(1);
}
console.log(`package-lock.json is whole: ${entries.length} entries.`);
