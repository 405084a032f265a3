// Starts every viewer of a page. `files`, from the line above, holds each module gzipped in base64. A module may import others
// from addresses only, and a page that is a file has none that a browser lets it import from; so each becomes a blob, those that it
// imports first, and their names in it the blobs' addresses.
const addresses = new Map();

function inflate(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = letters.charCodeAt(i);
  }
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
}

function address(name) {
  if (!addresses.has(name)) {
    addresses.set(name, make(name));
  }
  return addresses.get(name);
}

async function make(name) {
  let code = await inflate(files[name]).text();
  const imported = new Set([...code.matchAll(/(?:from|import\()\s*["']\.\/([\w.]+)["']/g)].map((found) => found[1]));
  for (const other of imported) {
    code = code.replaceAll(new RegExp(`(["'])\\./${other.replaceAll('.', '\\.')}\\1`, 'g'), JSON.stringify(await address(other)));
  }
  return URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
}

const {startAll} = await import(await address('embedded.js'));
startAll(inflate);
