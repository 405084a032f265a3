/*
 * Slices of voxels as pixels and outlines, as they stand on the screen: one pixel a voxel, first row at the top. Scaling is
 * the canvas's work.
 */

import {DIFFERENCE, css, parseHex, pixel} from './colors.js';
import {isMirrored} from './planes.js';

const BLACK = 0xff000000;

/** Returns where the pixels of a slice lie in the array of a scan or of a label map. */
function walk({first, strides}, plane, view) {
  const {across, up, through} = plane;
  const {shape} = view.study;
  const mirrored = isMirrored(plane, view.radiological);
  return {
    columns: shape[across],
    rows: shape[up],
    stepX: mirrored ? -strides[across] : strides[across],
    stepY: -strides[up],
    start:
      first +
      view.cursor[through] * strides[through] +
      (shape[up] - 1) * strides[up] +
      (mirrored ? (shape[across] - 1) * strides[across] : 0),
  };
}

/** The greys of stored values, for one window. Integers are looked up. */
export class Greys {
  #table;
  #offset;
  #key;

  /** Fills `target`, 32-bit pixels, with a slice. */
  fill(target, view, plane) {
    const {image} = view.study;
    const {voxels, slope, intercept} = image;
    const gain = (255 / view.width) * slope;
    const shift = ((intercept - view.level) / view.width + 0.5) * 255;
    const way = walk(image, plane, view);
    if (voxels instanceof Float32Array) {
      fillComputed(target, voxels, way, gain, shift);
      return;
    }
    this.#prepare(voxels, gain, shift);
    fillLookedUp(target, voxels, way, this.#table, this.#offset);
  }

  #prepare(voxels, gain, shift) {
    const key = `${gain} ${shift}`;
    if (key === this.#key) {
      return;
    }
    const bits = 8 * voxels.BYTES_PER_ELEMENT;
    const isSigned = voxels instanceof Int16Array || voxels instanceof Int8Array;
    const offset = isSigned ? 1 << (bits - 1) : 0;
    const table = new Uint32Array(1 << bits);
    for (let i = 0; i < table.length; i++) {
      table[i] = grey((i - offset) * gain + shift);
    }
    this.#table = table;
    this.#offset = offset;
    this.#key = key;
  }
}

// Each loop below is compiled for one kind of arrays: one that is given others too takes three times as long.

function fillComputed(target, voxels, {columns, rows, stepX, stepY, start}, gain, shift) {
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let voxel = start + row * stepY;
    for (const end = at + columns; at < end; at++, voxel += stepX) {
      target[at] = grey(voxels[voxel] * gain + shift);
    }
  }
}

function fillLookedUp(target, voxels, {columns, rows, stepX, stepY, start}, table, offset) {
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let voxel = start + row * stepY;
    for (const end = at + columns; at < end; at++, voxel += stepX) {
      target[at] = table[voxels[voxel] + offset];
    }
  }
}

function grey(value) {
  const level = value > 0 ? Math.min(255, value + 0.5) | 0 : 0; // not a number is black
  return (BLACK | (level * 0x010101)) >>> 0;
}

/**
 * Fills `target` with one number a pixel: the class where it is visible, 0 elsewhere; of a difference how the two maps differ: 1 both,
 * 2 the first alone, 3 the second alone, 4 each another class.
 */
export function fillClasses(target, view, plane) {
  const {study} = view;
  const map = study.labels[view.isDifference ? view.first : view.layer];
  const way = walk(map, plane, view);
  const shown = visibleClasses(view);
  fillVisible(target, map.voxels, way, shown);
  if (view.isDifference) {
    compare(target, study.labels[view.second].voxels, way, shown);
  }
}

function fillVisible(target, voxels, {columns, rows, stepX, stepY, start}, shown) {
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let voxel = start + row * stepY;
    for (const end = at + columns; at < end; at++, voxel += stepX) {
      target[at] = shown[voxels[voxel]];
    }
  }
}

/** Makes of each class of one map, in `target`, how the other differs there. */
function compare(target, voxels, {columns, rows, stepX, stepY, start}, shown) {
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let voxel = start + row * stepY;
    for (const end = at + columns; at < end; at++, voxel += stepX) {
      const other = shown[voxels[voxel]];
      if (other !== 0 || target[at] !== 0) {
        target[at] = difference(target[at], other);
      }
    }
  }
}

function difference(one, other) {
  if (one === other) {
    return 1;
  }
  return other === 0 ? 2 : one === 0 ? 3 : 4;
}

/** Returns a table from a class to itself, or to 0 if it is hidden. */
function visibleClasses(view) {
  const wide = view.study.labels.some((map) => map.voxels instanceof Uint16Array);
  const table = new Uint16Array(wide ? 65536 : 256);
  for (let cls = 1; cls < table.length; cls++) {
    table[cls] = view.isVisible(cls) ? cls : 0;
  }
  return table;
}

/** Returns the colour of each number that {@link fillClasses} gives, as [red, green, blue], by number. */
export function classColors(view) {
  if (view.isDifference) {
    return new Map([DIFFERENCE.both, DIFFERENCE.first, DIFFERENCE.second, DIFFERENCE.other].map((hex, i) => [i + 1, parseHex(hex)]));
  }
  return new Map(view.study.labels[view.layer].classes.map((cls) => [cls.id, cls.color]));
}

/** Fills `target`, 32-bit pixels, with the colours of classes; 0 is clear. */
export function paintClasses(target, classes, colors) {
  const table = new Uint32Array(1 + Math.max(0, ...colors.keys()));
  colors.forEach((color, id) => {
    table[id] = pixel(color);
  });
  for (let i = 0; i < target.length; i++) {
    target[i] = table[classes[i]];
  }
}

/**
 * Returns the borders of each class along the edges of its pixels: [colour for style sheets, Path2D in pixels of the slice].
 */
export function outlines(classes, columns, rows, colors) {
  const paths = new Map();
  const path = (cls) => {
    if (!paths.has(cls)) {
      paths.set(cls, new Path2D());
    }
    return paths.get(cls);
  };
  const line = (cls, x0, y0, x1, y1) => {
    if (cls !== 0) {
      path(cls).moveTo(x0, y0);
      path(cls).lineTo(x1, y1);
    }
  };
  const box = boxOf(classes, columns, rows);
  const first = box.top * columns + box.left;
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  runs(classes, first, columns, height, 1, width, (cls, row, from, to) =>
    line(cls, box.left + from, box.top + row, box.left + to, box.top + row));
  runs(classes, first, 1, width, columns, height, (cls, column, from, to) =>
    line(cls, box.left + column, box.top + from, box.left + column, box.top + to));
  return [...paths].filter(([cls]) => colors.has(cls)).map(([cls, found]) => [css(colors.get(cls)), found]);
}

/** Returns the rectangle of pixels that are not 0; one of no size where all are. */
function boxOf(classes, columns, rows) {
  const box = {left: columns, right: 0, top: rows, bottom: 0};
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (classes[row * columns + column] !== 0) {
        box.left = Math.min(box.left, column);
        box.right = Math.max(box.right, column + 1);
        box.top = Math.min(box.top, row);
        box.bottom = row + 1;
      }
    }
  }
  return box.right === 0 ? {left: 0, right: 0, top: 0, bottom: 0} : box;
}

/**
 * Tells `draw` the edges between neighbouring lines of pixels, outside of which all are 0: class, line, from and to. A run of the same
 * two neighbours is one edge for each.
 */
function runs(classes, first, lineStep, lines, step, length, draw) {
  for (let i = 0; i <= lines; i++) {
    const here = first + i * lineStep;
    let from = 0;
    let one = 0;
    let other = 0;
    for (let j = 0; j <= length; j++) {
      const a = j < length && i > 0 ? classes[here - lineStep + j * step] : 0;
      const b = j < length && i < lines ? classes[here + j * step] : 0;
      if (a !== one || b !== other) {
        if (one !== other) {
          draw(one, i, from, j);
          draw(other, i, from, j);
        }
        from = j;
        one = a;
        other = b;
      }
    }
  }
}
