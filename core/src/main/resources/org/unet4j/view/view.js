/*
 * What is shown and how: one object that everything draws from, and that tells them when it has changed. Changes that come
 * before the next frame are drawn once.
 */

const MOST_ZOOM = 40;
const LEAST_ZOOM = 0.25;

/** Names and values of windows for CT, in HU: level and width. */
const CT_PRESETS = [
  {name: 'Abdomen', level: 40, width: 400},
  {name: 'Lung', level: -600, width: 1500},
  {name: 'Bone', level: 400, width: 1800},
  {name: 'Brain', level: 40, width: 80},
];

/**
 * Returns the windows that suit a scan: those for CT where values are HU, as far as it has such values; its own at the start otherwise;
 * and all its values.
 */
export function presetsOf(image) {
  const full = {name: 'Full', level: (image.least + image.most) / 2, width: image.most - image.least || 1};
  const start = {name: 'Start', level: (image.low + image.high) / 2, width: image.high - image.low};
  const isThere = ({level, width}) => level - width / 2 >= image.least - image.slope && level + width / 2 <= image.most + image.slope;
  return image.unit === 'HU' ? [...CT_PRESETS.filter((preset) => !image.isRounded || isThere(preset)), full] : [start, full];
}

export class View {
  #listeners = [];
  #pending = false;

  constructor(study) {
    this.study = study;
    this.cursor = study.shape.map((size) => Math.floor(size / 2));
    this.centre = study.shape.map((size) => (size - 1) / 2);
    this.zoom = 1;
    this.level = (study.image.low + study.image.high) / 2;
    this.width = study.image.high - study.image.low;
    this.layout = 'all';
    this.tool = 'cursor';
    this.radiological = true;
    this.crosshair = true;
    this.outline = false;
    this.opacity = 0.5;
    this.showLabels = true;
    this.smooth = true;
    /** Number of the label map on show, or 'difference' of maps {@link #first} and {@link #second}. */
    this.layer = 0;
    this.first = 0;
    this.second = 1;
    this.hidden = new Set();
  }

  /** Calls `listener` before each frame in which something is new. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** Returns all that a person can change, for another view of the same study. */
  settings() {
    const {study, ...settings} = this;
    return settings;
  }

  /** Tells nobody anything any more. */
  end() {
    this.#listeners = [];
  }

  /** Sets properties and draws soon. */
  change(properties) {
    Object.assign(this, properties);
    if (!this.#pending) {
      this.#pending = true;
      requestAnimationFrame(() => {
        this.#pending = false;
        this.#listeners.forEach((listener) => listener(this));
      });
    }
  }

  /** Moves the cross-hair to a voxel, or the nearest inside. */
  moveTo(place) {
    const inside = place.map((at, axis) => clamp(Math.round(at), 0, this.study.shape[axis] - 1));
    this.change({cursor: inside});
  }

  /** Moves the cross-hair along one axis. */
  moveBy(axis, steps) {
    const place = [...this.cursor];
    place[axis] += steps;
    this.moveTo(place);
  }

  /** Zooms by a factor; `anchor`, [x, y, z] with holes, stays where it is on the screen. */
  zoomBy(factor, anchor = this.centre) {
    const zoom = clamp(this.zoom * factor, LEAST_ZOOM, MOST_ZOOM);
    const kept = this.zoom / zoom;
    const centre = this.centre.map((at, axis) =>
      anchor[axis] === undefined ? at : anchor[axis] + (at - anchor[axis]) * kept);
    this.change({zoom, centre: this.#inside(centre)});
  }

  /** Moves the picture along an axis, by voxels. */
  panBy(axis, voxels) {
    const centre = [...this.centre];
    centre[axis] += voxels;
    this.change({centre: this.#inside(centre)});
  }

  /** Makes the window brighter or darker, wider or narrower; by shares of the scan's range of values. */
  windowBy(levelShare, widthShare) {
    const range = this.#windowRange();
    this.change({level: this.level + levelShare * range, width: Math.max(range / 500, this.width + widthShare * range)});
  }

  #windowRange() {
    const {least, most, unit} = this.study.image;
    return unit === 'HU' ? 2000 : most - least || 1;
  }

  /** Shows everything again, as at the start. */
  reset() {
    const {shape, image} = this.study;
    this.change({
      zoom: 1,
      centre: shape.map((size) => (size - 1) / 2),
      level: (image.low + image.high) / 2,
      width: image.high - image.low,
    });
  }

  /** Returns whether there is a class to see in space, or may be in a label map that is still to come. */
  get has3d() {
    return this.study.labels.some((map) => map.classes.length > 0 || !map.isDecided);
  }

  /** Returns whether differences of two label maps are on show. */
  get isDifference() {
    return this.layer === 'difference';
  }

  /** Returns the number of the label map whose classes are listed. */
  get listed() {
    return this.isDifference ? this.first : this.layer;
  }

  isVisible(cls) {
    return !this.hidden.has(cls);
  }

  /** Shows or hides a class, in every label map. */
  toggleClass(cls) {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(cls)) {
      hidden.add(cls);
    }
    this.change({hidden});
  }

  #inside(centre) {
    return centre.map((at, axis) => clamp(at, -0.5, this.study.shape[axis] - 0.5));
  }
}

/** Returns `value`, or the nearer end. */
export function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}
