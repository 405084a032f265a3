/*
 * A scan and its label maps in memory. Axes are x, y, z here. The scan's voxels lie as in its file, with strides along these axes; in
 * label maps x is fastest.
 */

import {classColor} from './colors.js';

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float32: Float32Array,
};

/**
 * Returns a study as soon as the scan is there. Label maps come afterwards: until then each is empty and has a note that says so, and
 * for good where it could not be read.
 *
 * @param read returns a promise of the bytes that have a name: study.json, scan, labels.json (where study.json does not
 *     know the label maps yet), labels/0, surface/0/3; tells how large a share of
 *     them has come
 * @param progress is told the share of the scan, from 0 to 1
 */
export async function readStudy(read, progress) {
  const scan = read('scan', progress);
  scan.catch(() => {}); // what went wrong is wrong with the description too
  const description = parse(await read('study.json', () => {}));
  const study = makeStudy(description, await scan, (map, cls) => read(`surface/${map}/${cls}`, () => {}));
  const isRead = description.labels.every((map) => map.type !== '');
  const layers = isRead ? Promise.resolve(description.labels) : read('labels.json', () => {}).then(parse);
  study.coming = study.labels.map((map, i) => readLabels(read, i, map, layers));
  return study;
}

function parse(bytes) {
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function readLabels(read, number, map, layers) {
  try {
    const {type, classes} = (await layers)[number];
    map.classes = coloured(classes);
    map.isDecided = true;
    map.voxels = new ARRAYS[type](await read(`labels/${number}`, () => {}));
    map.note = '';
  } catch (error) {
    map.classes = [];
    map.isDecided = true;
    map.note = error.message;
  }
}

function makeStudy(description, scan, readSurface) {
  const shape = [...description.shape].reverse();
  const spacing = [...description.spacing].reverse();
  return {
    name: description.name,
    shape,
    spacing,
    sizeMm: shape.map((size, axis) => size * spacing[axis]),
    affine: description.affine,
    fileOrientation: description.fileOrientation,
    fileAxes: description.fileAxes,
    obliqueDegrees: description.obliqueDegrees,
    part: {
      shape: [...description.part.shape].reverse(),
      start: [...description.part.start].reverse(),
      step: [...description.part.step].reverse(),
    },
    image: {
      ...description.image,
      strides: [...description.image.strides].reverse(),
      voxels: new ARRAYS[description.image.type](scan),
    },
    labels: description.labels.map((map) => ({
      first: 0,
      strides: [1, shape[0], shape[0] * shape[1]],
      name: map.name,
      note: 'Reading…',
      // Whether its classes are known, or it is known that they never will be.
      isDecided: map.type !== '',
      // Memory that nobody has touched costs nothing.
      voxels: new Uint8Array(shape[0] * shape[1] * shape[2]),
      classes: coloured(map.classes),
    })),
    readSurface,
  };
}

function coloured(classes) {
  return classes.map((cls) => ({...cls, color: classColor(cls.id)}));
}

/** Returns what is stored of a scan or of a label map at [x, y, z]. */
export function storedAt({voxels, first, strides}, place) {
  return voxels[first + strides[0] * place[0] + strides[1] * place[1] + strides[2] * place[2]];
}

/** Returns one value an axis, [x, y, z], in the order in which the file has the axes. */
export function inFileOrder(study, values) {
  return study.fileAxes.map((axis) => values[Math.abs(axis) - 1]);
}

/** Returns the numbers that the scan's file gives to the voxel at [x, y, z]; of a coarser one, to the voxel in its middle. */
export function fileVoxel(study, place) {
  const {shape, start, step} = study.part;
  const whole = place.map((at, axis) => start[axis] + Math.floor((at + 0.5) * step[axis]));
  const mirrored = whole.map((at, axis) => shape[axis] - 1 - at);
  return study.fileAxes.map((axis) => (axis > 0 ? whole : mirrored)[Math.abs(axis) - 1]);
}

/** Returns the scan's value at [x, y, z], in its unit. */
export function valueAt(study, place) {
  return storedAt(study.image, place) * study.image.slope + study.image.intercept;
}
