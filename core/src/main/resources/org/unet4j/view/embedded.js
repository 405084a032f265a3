/*
 * Viewers inside another page. Each <div class="viewer-case"> has its data beside the viewer. One is opened once it is looked at, and
 * one after the other; what is more than a screen away is closed again, so that the memory of a long page stays that of two or
 * three viewers. What a person has set is kept.
 */

import {element} from './panel.js';
import {readStudy} from './study.js';
import {open} from './viewer.js';

const SEEN_SHARE = 0.2;
const NEAR = '100% 0px';
/** Who scrolls past does not look. */
const PAUSE_MS = 150;
/** Nor has gone away who looks at something else for a moment, or prints. */
const PATIENCE_MS = 1500;

let queue = Promise.resolve();

class Case {
  #node;
  #root;
  #inflate;
  #timer = 0;
  #farewell = 0;
  #viewer = null;
  #wanted = false;
  #settings = {};

  constructor(node, inflate) {
    this.#node = node;
    this.#root = node.querySelector('.viewer');
    this.#inflate = inflate;
    this.#wait();
  }

  #wait() {
    const title = this.#root.getAttribute('aria-label');
    const button = element('button', {type: 'button', className: 'viewer-plain', onclick: () => this.open()}, `Look at ${title}`);
    this.#root.replaceChildren(element('div', {className: 'viewer-loading'}, button));
  }

  /** Closes it in a while, if it still is far away then. */
  near(isNear) {
    clearTimeout(this.#farewell);
    if (!isNear) {
      this.#farewell = setTimeout(() => this.close(), PATIENCE_MS);
    }
  }

  /** Opens it in a moment, if it still is on the screen then. */
  see(isSeen) {
    clearTimeout(this.#timer);
    if (isSeen) {
      this.#timer = setTimeout(() => this.open(), PAUSE_MS);
    }
  }

  open() {
    if (this.#wanted) {
      return;
    }
    this.#wanted = true;
    queue = queue.then(async () => {
      if (this.#wanted && !this.#viewer) {
        this.#viewer = await open(this.#root, (progress) => readStudy((name) => this.#read(name), progress), this.#root, this.#settings);
      }
      this.#closeUnwanted();
    });
  }

  close() {
    this.#wanted = false;
    this.#closeUnwanted();
  }

  #closeUnwanted() {
    if (!this.#wanted && this.#viewer) {
      this.#settings = this.#viewer.view.settings();
      this.#viewer.close();
      this.#viewer = null;
      this.#wait();
    }
  }

  async #read(name) {
    const data = this.#node.querySelector(`script[data-name="${name}"]`);
    if (!data) {
      throw new Error('it was left out, to keep the page small');
    }
    return name.endsWith('.json')
      ? new TextEncoder().encode(data.textContent)
      : this.#inflate(data.textContent).arrayBuffer();
  }
}

/** Lets every viewer of the page open itself. `inflate` returns the Response of bytes that were gzipped, in base64. */
export function startAll(inflate) {
  const cases = new Map([...document.querySelectorAll('.viewer-case')].map((node) => [node, new Case(node, inflate)]));
  const seen = new IntersectionObserver((entries) => entries.forEach(({target, intersectionRatio}) =>
    cases.get(target).see(intersectionRatio >= SEEN_SHARE)), {threshold: SEEN_SHARE});
  const near = new IntersectionObserver((entries) => entries.forEach(({target, isIntersecting}) =>
    cases.get(target).near(isIntersecting)), {rootMargin: NEAR});
  cases.forEach((_, node) => {
    seen.observe(node);
    near.observe(node);
  });
}
