/*
 * One plane on a canvas: the slice, the labels over it, the cross-hair, letters and a scale.
 */

import {letters, projection} from './planes.js';
import {Greys, classColors, fillClasses, outlines, paintClasses} from './slices.js';

const MARGIN = 1.04;
const GAP_PIXELS = 12;
const RULERS_MM = [1, 2, 5, 10, 20, 50, 100, 200];
const MOST_RULER_SHARE = 0.3;
const LEAST_SIDE = 120;

export class Pane {
  #greys = new Greys();
  #slice;
  #overlay;
  #classes;
  #copy = document.createElement('canvas');
  #drawn = {};

  constructor(view, plane, canvas) {
    this.view = view;
    this.plane = plane;
    this.canvas = canvas;
    this.#slice = new Pixels(sides(view.study, plane));
    this.#overlay = new Pixels(sides(view.study, plane));
    this.size = {width: 0, height: 0};
    this.scale = 1;
    [canvas, this.#copy, this.#slice.canvas, this.#overlay.canvas].forEach((drawn) =>
      drawn.addEventListener('contextrestored', () => this.#drawAnew()));
  }

  /** What a browser took from a canvas (memory of a card that was needed elsewhere) is not there when it gives it back. */
  #drawAnew() {
    this.#drawn = {};
    this.view.change({});
  }

  /** Returns the pixels a mm with which the whole scan fits, before zooming; infinite for a pane that is not on show. */
  fittingScale() {
    const {across, up} = this.plane;
    const {sizeMm} = this.view.study;
    return this.size.width === 0
      ? Infinity
      : Math.min(this.size.width / sizeMm[across], this.size.height / sizeMm[up]) / MARGIN;
  }

  /** Takes the size that the page gives it, in the screen's own pixels. */
  measure() {
    const ratio = window.devicePixelRatio || 1;
    const {width, height} = this.canvas.getBoundingClientRect();
    this.ratio = ratio;
    this.size = {width, height};
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
    if (width > 0 && (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1])) {
      [this.canvas.width, this.canvas.height] = pixels;
    }
  }

  /** Returns how the plane lies on the canvas now, in pixels of style sheets. */
  projection() {
    const {study, radiological, centre, zoom} = this.view;
    return projection(this.plane, study, radiological, this.size, this.scale * zoom, centre);
  }

  /** Draws; `scale` is in pixels a mm before zooming, the same in all panes. */
  draw(scale) {
    this.scale = scale;
    if (this.size.width === 0) {
      return;
    }
    const place = this.projection();
    const frame = this.#frame(place);
    const cross = this.view.crosshair ? this.#crossPlace(place) : null;
    const picture = this.#prepare(frame);
    if (picture === this.#drawn.picture && String(cross) === this.#drawn.cross) {
      return;
    }
    const context = this.canvas.getContext('2d', {alpha: false});
    if (picture === this.#drawn.picture) {
      this.#copyPicture(context, picture, frame);
    } else {
      this.#drawPicture(context, frame);
    }
    this.#drawn.picture = picture;
    this.#drawn.cross = String(cross);
    if (cross) {
      drawCrosshair(context, cross, frame);
    }
    this.#describe();
  }

  /** Cuts what is to be seen; returns a text that differs where anything but the cross-hair does. */
  #prepare(frame) {
    this.#prepareSlice();
    this.#prepareLabels();
    const {slice, labels} = this.#drawn;
    return JSON.stringify([slice, labels?.key, this.view.opacity, this.view.smooth, frame, this.size, this.ratio]);
  }

  /** Draws what was drawn before, without its cross-hair: that alone moves in the planes that are not turned. */
  #copyPicture(context, picture, frame) {
    if (this.#drawn.copy !== picture) {
      this.#drawn.copy = picture;
      fit(this.#copy, this.canvas.width, this.canvas.height);
      this.#drawPicture(this.#copy.getContext('2d', {alpha: false}), frame);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#copy, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  /** Draws all but the cross-hair. */
  #drawPicture(context, frame) {
    const {view} = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.size.width, this.size.height);
    context.imageSmoothingEnabled = view.smooth;
    // Bilinear, but for a picture much smaller than the slice, which would flicker.
    context.imageSmoothingQuality = frame.width < this.#slice.canvas.width / 2 ? 'high' : 'low';
    context.drawImage(this.#slice.canvas, frame.left, frame.top, frame.width, frame.height);
    if (this.#drawn.labels) {
      this.#drawLabels(context, frame);
    }
    if (Math.min(this.size.width, this.size.height) >= LEAST_SIDE) {
      this.#drawLetters(context);
      this.#drawRuler(context);
    }
  }

  /** Returns the rectangle of all voxels on the canvas. */
  #frame(place) {
    const {across, up} = this.plane;
    const {shape} = this.view.study;
    const x = [place.x(-0.5), place.x(shape[across] - 0.5)];
    const y = [place.y(-0.5), place.y(shape[up] - 0.5)];
    return {left: Math.min(...x), top: Math.min(...y), width: Math.abs(x[1] - x[0]), height: Math.abs(y[1] - y[0])};
  }

  #prepareSlice() {
    const {view, plane} = this;
    const key = [view.cursor[plane.through], view.level, view.width, view.radiological].join();
    if (this.#drawn.slice === key) {
      return;
    }
    this.#drawn.slice = key;
    this.#slice.fill((pixels) => this.#greys.fill(pixels, view, plane));
  }

  #prepareLabels() {
    const {view, plane} = this;
    if (!view.showLabels || view.study.labels.length === 0) {
      this.#drawn.labels = null;
      return;
    }
    const key = [
      view.cursor[plane.through], view.radiological, view.layer, view.first, view.second, view.outline, ...view.hidden,
      ...view.study.labels.map((map) => map.note),
    ].join();
    if (this.#drawn.labels?.key === key) {
      return;
    }
    const {columns, rows} = sides(view.study, plane);
    const classes = (this.#classes ??= new Uint16Array(columns * rows));
    fillClasses(classes, view, plane);
    const colors = classColors(view);
    if (!view.outline) {
      this.#overlay.fill((pixels) => paintClasses(pixels, classes, colors));
    }
    this.#drawn.labels = {key, columns, rows, lines: view.outline ? outlines(classes, columns, rows, colors) : []};
  }

  #drawLabels(context, frame) {
    const {columns, rows, lines} = this.#drawn.labels;
    context.globalAlpha = this.view.opacity;
    if (!this.view.outline) {
      context.imageSmoothingEnabled = false;
      context.drawImage(this.#overlay.canvas, frame.left, frame.top, frame.width, frame.height);
    }
    context.lineWidth = 1.6;
    context.lineCap = 'round';
    context.globalAlpha = Math.min(1, 0.35 + this.view.opacity * 1.3);
    const toScreen = new DOMMatrix([frame.width / columns, 0, 0, frame.height / rows, frame.left, frame.top]);
    lines.forEach(([color, path]) => {
      const placed = new Path2D();
      placed.addPath(path, toScreen);
      context.strokeStyle = color;
      context.stroke(placed);
    });
    context.globalAlpha = 1;
  }

  /** Returns where the cross-hair is, x and y, in the middle of a pixel. */
  #crossPlace(place) {
    const {across, up} = this.plane;
    return [Math.round(place.x(this.view.cursor[across])) + 0.5, Math.round(place.y(this.view.cursor[up])) + 0.5];
  }

  #drawLetters(context) {
    const {left, right, top, bottom} = letters(this.plane, this.view.radiological);
    const {width, height} = this.size;
    context.font = '600 13px system-ui, sans-serif';
    context.textBaseline = 'middle';
    const text = (letter, x, y, align) => {
      context.textAlign = align;
      shadowed(context, letter, x, y);
    };
    text(left, 10, height / 2, 'left');
    text(right, width - 10, height / 2, 'right');
    text(top, width / 2, 15, 'center');
    text(bottom, width / 2, height - 14, 'center');
  }

  #drawRuler(context) {
    const pixelsPerMm = this.scale * this.view.zoom;
    const fitting = RULERS_MM.filter((mm) => mm * pixelsPerMm <= MOST_RULER_SHARE * this.size.width);
    const mm = fitting.length > 0 ? fitting[fitting.length - 1] : RULERS_MM[0];
    const length = mm * pixelsPerMm;
    const [right, y] = [this.size.width - 12, this.size.height - 12];
    context.beginPath();
    line(context, right - length, y, right, y);
    line(context, right - length, y - 4, right - length, y);
    line(context, right, y - 4, right, y);
    context.strokeStyle = 'rgb(0 0 0 / 0.6)';
    context.lineWidth = 3.5;
    context.stroke();
    context.strokeStyle = '#e8ecef';
    context.lineWidth = 1.5;
    context.stroke();
    context.font = '500 11.5px system-ui, sans-serif';
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    shadowed(context, mm >= 10 ? `${mm / 10} cm` : `${mm} mm`, right, y - 5);
  }

  #describe() {
    const {name, through} = this.plane;
    const count = this.view.study.shape[through];
    this.canvas.setAttribute('aria-label', `${name} plane, slice ${this.view.cursor[through] + 1} of ${count}`);
  }
}

function sides(study, plane) {
  return {columns: study.shape[plane.across], rows: study.shape[plane.up]};
}

/** A canvas of one pixel a voxel. */
class Pixels {
  #context;
  #image;
  #pixels;

  constructor({columns, rows}) {
    this.canvas = document.createElement('canvas');
    fit(this.canvas, columns, rows);
    this.#context = this.canvas.getContext('2d');
    this.#image = this.#context.createImageData(columns, rows);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  fill(paint) {
    paint(this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }
}

/** Makes a canvas this large. */
function fit(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    [canvas.width, canvas.height] = [width, height];
  }
}

function drawCrosshair(context, [x, y], frame) {
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  context.beginPath();
  line(context, x, frame.top, x, y - GAP_PIXELS);
  line(context, x, y + GAP_PIXELS, x, bottom);
  line(context, frame.left, y, x - GAP_PIXELS, y);
  line(context, x + GAP_PIXELS, y, right, y);
  context.strokeStyle = 'rgb(0 0 0 / 0.55)';
  context.lineWidth = 3;
  context.stroke();
  context.strokeStyle = '#7fe08a';
  context.lineWidth = 1;
  context.stroke();
}

function line(context, x0, y0, x1, y1) {
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
}

function shadowed(context, text, x, y) {
  context.lineWidth = 3;
  context.strokeStyle = 'rgb(0 0 0 / 0.65)';
  context.lineJoin = 'round';
  context.strokeText(text, x, y);
  context.fillStyle = '#e8ecef';
  context.fillText(text, x, y);
}
