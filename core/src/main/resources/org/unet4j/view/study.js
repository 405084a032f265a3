/*
 * A scan and its label maps in memory, from the server. Axes are x, y, z here: x is fastest.
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
 * Returns the study that a server has, voxels and all.
 *
 * @param progress is told the share that has come, from 0 to 1
 */
export async function fetchStudy(source, progress) {
  const description = await (await get(`${source}/study.json`)).json();
  const total = 1 + description.labels.length;
  const shares = new Array(total).fill(0);
  const report = (part) => (share) => {
    shares[part] = share;
    progress(shares.reduce((sum, one) => sum + one, 0) / total);
  };
  const voxels = await Promise.all([
    fetchBytes(`${source}/scan`, report(0)),
    ...description.labels.map((_, i) => fetchBytes(`${source}/labels/${i}`, report(i + 1))),
  ]);
  return makeStudy(description, voxels, (map, cls) => fetchBytes(`${source}/surface/${map}/${cls}`, () => {}));
}

async function get(url) {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response;
}

async function fetchBytes(url, progress) {
  const response = await get(url);
  const bytes = new Uint8Array(Number(response.headers.get('Content-Length')));
  const reader = response.body.getReader();
  let at = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes.set(part.value, at);
    at += part.value.length;
    progress(at / bytes.length);
  }
  if (at !== bytes.length) {
    throw new Error('the connection broke while voxels came; reload the page');
  }
  return bytes.buffer;
}

function makeStudy(description, voxels, fetchSurface) {
  const shape = [...description.shape].reverse();
  const spacing = [...description.spacing].reverse();
  const array = (type, buffer) => new ARRAYS[type](buffer);
  return {
    name: description.name,
    shape,
    spacing,
    sizeMm: shape.map((size, axis) => size * spacing[axis]),
    strides: [1, shape[0], shape[0] * shape[1]],
    affine: description.affine,
    fileOrientation: description.fileOrientation,
    fileAxes: description.fileAxes,
    obliqueDegrees: description.obliqueDegrees,
    image: {...description.image, voxels: array(description.image.type, voxels[0])},
    labels: description.labels.map((map, i) => ({
      name: map.name,
      voxels: array(map.type, voxels[i + 1]),
      classes: map.classes.map((cls) => ({...cls, color: classColor(cls.id)})),
    })),
    fetchSurface,
  };
}

/** Returns the number of the voxel at [x, y, z] in the arrays. */
export function voxelAt(study, place) {
  return place[0] + study.strides[1] * place[1] + study.strides[2] * place[2];
}

/** Returns one value an axis, [x, y, z], in the order in which the file has the axes. */
export function inFileOrder(study, values) {
  return study.fileAxes.map((axis) => values[Math.abs(axis) - 1]);
}

/** Returns the numbers that the scan's file gives to the voxel at [x, y, z]. */
export function fileVoxel(study, place) {
  const mirrored = place.map((at, axis) => study.shape[axis] - 1 - at);
  return study.fileAxes.map((axis) => (axis > 0 ? place : mirrored)[Math.abs(axis) - 1]);
}

/** Returns the scan's value at [x, y, z], in its unit. */
export function valueAt(study, place) {
  const {voxels, slope, intercept} = study.image;
  return voxels[voxelAt(study, place)] * slope + intercept;
}
