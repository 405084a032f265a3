/*
 * The three planes of a scan whose axes x, y, z run to the patient's right, front and head. Everything that is true of axes
 * is here: which run across and up, which are mirrored, which letter stands where.
 */

/** Axes by number: 0 is x, 1 is y, 2 is z. */
export const PLANES = {
  axial: {name: 'axial', across: 0, up: 1, through: 2},
  coronal: {name: 'coronal', across: 0, up: 2, through: 1},
  sagittal: {name: 'sagittal', across: 1, up: 2, through: 0},
};

const TOWARDS = ['R', 'A', 'S'];
const AWAY = ['L', 'P', 'I'];

/**
 * Returns whether the axis across runs to the left of the screen: right to left as if one looked from the feet (radiological),
 * and always so in the sagittal plane, in which faces look to the left.
 */
export function isMirrored(plane, radiological) {
  return plane.across === 1 || radiological;
}

/** Returns the letters at the plane's edges. */
export function letters(plane, radiological) {
  const mirrored = isMirrored(plane, radiological);
  return {
    left: (mirrored ? TOWARDS : AWAY)[plane.across],
    right: (mirrored ? AWAY : TOWARDS)[plane.across],
    top: TOWARDS[plane.up],
    bottom: AWAY[plane.up],
  };
}

/** Returns a place in mm, [right, front, head], as people say it: "L 12.3  P 4.0  S 88.1". */
export function placeText(mm) {
  return mm.map((value, axis) => `${(value < 0 ? AWAY : TOWARDS)[axis]} ${Math.abs(value).toFixed(1)}`).join('  ');
}

/** Returns where an affine (its upper rows, 12 numbers) takes a voxel, in mm. */
export function toMm(affine, [x, y, z]) {
  return [0, 4, 8].map((row) => affine[row] * x + affine[row + 1] * y + affine[row + 2] * z + affine[row + 3]);
}

/**
 * Returns how a plane lies on a canvas: functions between places on it and voxel coordinates, of which whole numbers are
 * centres of voxels.
 *
 * @param size of the canvas in pixels: {width, height}
 * @param scale pixels a mm
 * @param centre voxel coordinates [x, y, z] in the middle of the canvas
 */
export function projection(plane, study, radiological, size, scale, centre) {
  const {across, up} = plane;
  const sign = isMirrored(plane, radiological) ? -1 : 1;
  const stepX = sign * study.spacing[across] * scale;
  const stepY = -study.spacing[up] * scale;
  const middleX = size.width / 2;
  const middleY = size.height / 2;
  return {
    stepX,
    stepY,
    x: (voxel) => middleX + (voxel - centre[across]) * stepX,
    y: (voxel) => middleY + (voxel - centre[up]) * stepY,
    across: (x) => centre[across] + (x - middleX) / stepX,
    up: (y) => centre[up] + (y - middleY) / stepY,
  };
}
