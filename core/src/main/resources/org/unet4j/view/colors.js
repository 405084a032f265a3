/*
 * Colours of classes, on grey images: the first six are those of the report's pictures, which colour-blind people tell apart;
 * later ones go round the circle by the golden angle, in three shades, so that neighbouring numbers differ.
 */

const FIRST = ['#ffb000', '#4cc3ff', '#ff6f91', '#4de0a8', '#f0e442', '#c79bff'];
const GOLDEN_DEGREES = 137.508;
const SHADES = [62, 74, 52];

/** Agreement and the ways to differ: told apart by colour-blind people too, and by how bright they are. */
export const DIFFERENCE = {both: '#9aa0a6', first: '#ff9d2e', second: '#4cc3ff', other: '#f06bd0'};

/** Returns the colour of a class as [red, green, blue], 0 to 255. */
export function classColor(id) {
  const hex = FIRST[id - 1];
  return hex ? parseHex(hex) : hslToRgb((id * GOLDEN_DEGREES) % 360, 78, SHADES[id % SHADES.length]);
}

/** Returns [red, green, blue] of '#rrggbb'. */
export function parseHex(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** Returns a colour for style sheets. */
export function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/** Returns a colour as one opaque pixel of an ImageData seen as 32-bit numbers. */
export function pixel([red, green, blue]) {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

function hslToRgb(hue, saturation, lightness) {
  const light = lightness / 100;
  const reach = (saturation / 100) * Math.min(light, 1 - light);
  return [0, 8, 4].map((shift) => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}
