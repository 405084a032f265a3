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
    const {columns, rows, stepX, stepY, start} = walk(image, plane, view);
    const gain = (255 / view.width) * slope;
    const shift = ((intercept - view.level) / view.width + 0.5) * 255;
    const isFloat = voxels instanceof Float32Array;
    if (!isFloat) {
      this.#prepare(voxels, gain, shift);
    }
    const table = this.#table;
    const offset = this.#offset;
    let at = 0;
    for (let row = 0; row < rows; row++) {
      let voxel = start + row * stepY;
      for (let column = 0; column < columns; column++, voxel += stepX) {
        target[at++] = isFloat ? grey(voxels[voxel] * gain + shift) : table[voxels[voxel] + offset];
      }
    }
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
  const {columns, rows, stepX, stepY, start} = walk(map, plane, view);
  const first = map.voxels;
  const second = view.isDifference ? study.labels[view.second].voxels : null;
  const shown = visibleClasses(view);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let voxel = start + row * stepY;
    for (let column = 0; column < columns; column++, voxel += stepX) {
      const one = shown[first[voxel]];
      target[at++] = second === null ? one : difference(one, shown[second[voxel]]);
    }
  }
}

function difference(one, other) {
  if (one === other) {
    return one === 0 ? 0 : 1;
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
  const table = new Uint32Array(65536);
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
  // Between rows, then between columns: a run of the same two neighbours is one line.
  const scan = (lines, length, at, draw) => {
    for (let i = 0; i <= lines; i++) {
      let from = 0;
      let one = 0;
      let other = 0;
      for (let j = 0; j <= length; j++) {
        const a = j < length && i > 0 ? classes[at(i - 1, j)] : 0;
        const b = j < length && i < lines ? classes[at(i, j)] : 0;
        if (a !== one || b !== other) {
          if (one !== other) {
            draw(one, from, j, i);
            draw(other, from, j, i);
          }
          from = j;
          one = a;
          other = b;
        }
      }
    }
  };
  scan(rows, columns, (row, column) => row * columns + column, (cls, from, to, row) => line(cls, from, row, to, row));
  scan(columns, rows, (column, row) => row * columns + column, (cls, from, to, column) => line(cls, column, from, column, to));
  return [...paths].filter(([cls]) => colors.has(cls)).map(([cls, found]) => [css(colors.get(cls)), found]);
}
