/*
 * The page of `view`: one viewer, of the study that the server has.
 */

import {readStudy} from './study.js';
import {open} from './viewer.js';

async function get(name) {
  const response = await fetch(`./${name}`).catch((error) => {
    throw new Error(`No answer: is unet4j view still running? Its terminal says why not. (${error.message})`);
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response;
}

async function fetchBytes(name, progress) {
  const response = await get(name);
  const bytes = new Uint8Array(Number(response.headers.get('Content-Length')));
  const reader = response.body.getReader();
  let at = 0;
  const next = () => reader.read().catch(() => broken(name));
  for (let part = await next(); !part.done; part = await next()) {
    bytes.set(part.value, at);
    at += part.value.length;
    progress(at / bytes.length);
  }
  return at === bytes.length ? bytes.buffer : broken(name);
}

/** Throws why a transfer ended too early: in the server's words, where it has any. */
async function broken(name) {
  await get(name === 'scan' ? 'study.json' : 'labels.json');
  throw new Error('the connection broke while voxels came; reload the page');
}

// In a page of its own the viewer has every key.
const viewer = await open(document.querySelector('.viewer'), (progress) => readStudy(fetchBytes, progress), document);
if (viewer) {
  document.title = `${viewer.view.study.name} – unet4j view`;
}
