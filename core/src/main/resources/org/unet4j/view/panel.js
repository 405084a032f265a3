/*
 * Everything beside the pictures: what is under the cross-hair, windows, label maps and their classes.
 */

import {DIFFERENCE, css} from './colors.js';
import {placeText, toMm} from './planes.js';
import {fileVoxel, inFileOrder, storedAt, valueAt} from './study.js';
import {presetsOf} from './view.js';

const KEYS = [
  ['Drag', 'move the cross-hair (or what the tool says)'],
  ['Right drag, W', 'window; next preset'],
  ['Wheel, Page ↑ ↓', 'slices'],
  ['Ctrl wheel, + −', 'zoom'],
  ['Shift drag', 'pan'],
  ['Arrows', 'cross-hair; with Shift by ten'],
  ['Double click, 1 2 3 4 0', 'one plane alone; all'],
  ['L, O, [ ]', 'labels; outlines; opacity'],
  ['D', 'difference of two label maps'],
  ['X, N, R', 'cross-hair; left and right; reset'],
  ['Click, Escape', 'inside a page: wheel and keys are the viewer’s; the page’s again'],
];

/** Returns a new element; properties are set as they are called, `on…` ones listen, children are elements or texts. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  Object.entries(properties).forEach(([name, value]) => {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name in node) {
      node[name] = value;
    } else {
      node.setAttribute(name, value);
    }
  });
  node.append(...children);
  return node;
}

/** Returns a row of buttons of which one is pressed; `values` are [value, text, title]. */
export function choice(label, values, choose) {
  const buttons = values.map(([value, text, title = text]) =>
    element('button', {type: 'button', title, onclick: () => choose(value)}, text));
  const group = element('div', {className: 'viewer-choice', role: 'group', 'aria-label': label}, ...buttons);
  group.select = (selected) =>
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(values[i][0] === selected)));
  group.show = (value, isShown) =>
    buttons.filter((_, i) => values[i][0] === value).forEach((button) => {
      button.hidden = !isShown;
    });
  return group;
}

/** Fills `root` with the panel of a view. */
export function buildPanel(root, view) {
  const parts = [readout(view), windowing(view)];
  if (view.study.labels.length > 0) {
    parts.push(labelling(view));
  }
  parts.push(display(view), help());
  root.append(...parts.map((part) => part.node));
  const update = () => parts.forEach((part) => part.update());
  view.onChange(update);
  update();
}

function readout(view) {
  const {study} = view;
  const place = element('b');
  const voxel = element('span');
  const value = element('b');
  const cls = element('span');
  const oblique = study.obliqueDegrees > 0.5
    ? [element('p', {className: 'viewer-note'},
      `Tilted by ${study.obliqueDegrees.toFixed(1)}°: planes are the scan's own, places in mm are true.`)]
    : [];
  const node = element('section', {className: 'viewer-readout'},
    element('h2', {title: study.name}, study.name),
    element('p', {className: 'viewer-note'}, 
      `${inFileOrder(study, study.part.shape).join(' × ')} voxels of ${inFileOrder(study, fileSpacing(study)).map(short).join(' × ')} mm, file ${study.fileOrientation}`),
    ...oblique,
    ...partNotes(study).map((text) => element('p', {className: 'viewer-note'}, text)),
    element('dl', {},
      element('dt', {}, 'mm'), element('dd', {className: 'viewer-place'}, place),
      element('dt', {}, 'voxel'), element('dd', {className: 'viewer-voxel', title: 'x, y, z as the file counts them, from 0'}, voxel),
      element('dt', {}, 'value'), element('dd', {className: 'viewer-value'}, value),
      ...(study.labels.length > 0 ? [element('dt', {}, 'label'), element('dd', {className: 'viewer-label'}, cls)] : [])));
  return {
    node,
    update() {
      place.textContent = placeText(toMm(study.affine, view.cursor));
      voxel.textContent = fileVoxel(study, view.cursor).join(', ');
      value.textContent = valueText(study, view.cursor);
      cls.replaceChildren(...(study.labels.length > 0 ? classesHere(view) : []));
    },
  };
}

function fileSpacing(study) {
  return study.spacing.map((mm, axis) => mm / study.part.step[axis]);
}

/** Says what is not as in the file. */
function partNotes(study) {
  const {part, image, shape} = study;
  const isPart = shape.some((size, axis) => Math.round(size * part.step[axis]) !== part.shape[axis]);
  const isCoarser = part.step.some((step) => step > 1);
  return [
    ...(isPart ? ['Only the part about the labels is here.'] : []),
    ...(isCoarser ? [`Coarser than the file, to keep the page small: voxels of ${inFileOrder(study, study.spacing).map(short).join(' × ')} mm.`] : []),
    ...(image.isRounded ? [`Rounded to 256 greys from ${short(image.least)} to ${short(image.most)}${unit(image)}.`] : []),
  ];
}

function unit(image) {
  return image.unit ? ` ${image.unit}` : '';
}

/** Returns the value at a place; one that was rounded with no more digits than are known. */
function valueText(study, place) {
  const {image} = study;
  const value = valueAt(study, place);
  if (!image.isRounded) {
    return `${short(value)}${unit(image)}`;
  }
  const digits = Math.max(0, Math.ceil(-Math.log10(image.slope)));
  const grey = storedAt(image, place);
  const about = grey === 0 ? '≤' : grey === 255 ? '≥' : 'about';
  return `${about} ${value.toFixed(digits).replace('-', '−')}${unit(image)}`;
}

function classesHere(view) {
  const maps = view.isDifference ? [view.first, view.second] : [view.layer];
  return maps.flatMap((map, i) => {
    const separator = i > 0 ? [' | '] : [];
    const labels = view.study.labels[map];
    if (labels.note !== '') {
      return [...separator, 'not read'];
    }
    const id = storedAt(labels, view.cursor);
    const cls = labels.classes.find((one) => one.id === id);
    return [...separator, ...(cls ? [swatch(css(cls.color)), cls.name] : ['–'])];
  });
}

function windowing(view) {
  const presets = presetsOf(view.study.image);
  const buttons = choice('Window presets', presets.map((preset) => [preset, preset.name]),
    ({level, width}) => view.change({level, width}));
  const number = (label, property) => {
    const input = element('input', {
      type: 'number', step: 'any', onchange: () => {
        const value = Number(input.value);
        if (Number.isFinite(value) && (property === 'level' || value > 0)) {
          view.change({[property]: value});
        }
      },
    });
    return {input, node: element('label', {}, element('span', {}, label), input)};
  };
  const level = number('Level', 'level');
  const width = number('Width', 'width');
  return {
    node: element('section', {}, element('h3', {}, 'Window'), buttons, element('div', {className: 'viewer-pair'}, level.node, width.node)),
    update() {
      buttons.select(presets.find((preset) => preset.level === view.level && preset.width === view.width));
      level.input.value = rounded(view.level);
      width.input.value = rounded(view.width);
    },
  };
}

function labelling(view) {
  const {labels} = view.study;
  const show = checkbox('Labels', () => view.change({showLabels: show.input.checked}));
  const style = choice('Style', [[false, 'Filled'], [true, 'Outline']], (outline) => view.change({outline}));
  const opacity = element('input', {
    type: 'range', min: 0, max: 1, step: 0.01, 'aria-label': 'Opacity of labels',
    oninput: () => view.change({opacity: Number(opacity.value)}),
  });
  const maps = labels.length > 1 ? [mapChoice(view)] : [];
  const list = element('ul', {className: 'viewer-classes'});
  let listedKey = '';
  return {
    node: element('section', {},
      element('div', {className: 'viewer-line'}, show.node, style),
      element('label', {className: 'viewer-line'}, element('span', {}, 'Opacity'), opacity),
      ...maps.map((map) => map.node), list),
    update() {
      show.input.checked = view.showLabels;
      style.select(view.outline);
      opacity.value = view.opacity;
      maps.forEach((map) => map.update());
      const key = [view.layer, view.first, view.second, ...labels.map((map) => map.note)].join();
      if (key !== listedKey) {
        listedKey = key;
        list.replaceChildren(...rows(view));
      }
      list.querySelectorAll('input').forEach((input) => {
        input.checked = view.isVisible(Number(input.value));
      });
    },
  };
}

function mapChoice(view) {
  const {labels} = view.study;
  const options = () => labels.map((map, i) => element('option', {value: String(i)}, map.name));
  const layer = element('select', {
    'aria-label': 'Label map',
    onchange: () => view.change({layer: layer.value === 'difference' ? 'difference' : Number(layer.value)}),
  }, ...options(), element('option', {value: 'difference'}, 'Difference of two'));
  const pick = (label, property) => element('select', {
    'aria-label': label, onchange: (event) => view.change({[property]: Number(event.target.value)}),
  }, ...options());
  const first = pick('First label map', 'first');
  const second = pick('Second label map', 'second');
  const legend = element('ul', {className: 'viewer-legend'},
    ...[['both', 'both agree'], ['first', 'first only'], ['second', 'second only'], ['other', 'another class']].map(([kind, text]) =>
      element('li', {}, swatch(DIFFERENCE[kind]), text)));
  const pair = element('div', {className: 'viewer-maps'},
    element('label', {}, swatch(DIFFERENCE.first), first), element('label', {}, swatch(DIFFERENCE.second), second), legend);
  return {
    node: element('div', {className: 'viewer-maps'}, layer, pair),
    update() {
      layer.value = String(view.layer);
      first.value = String(view.first);
      second.value = String(view.second);
      pair.hidden = !view.isDifference;
    },
  };
}

/** What is listed: classes, or that they are not there. */
function rows(view) {
  const notes = (view.isDifference ? [view.first, view.second] : [view.layer]).map((map) => view.study.labels[map].note);
  const note = notes.find((text) => text !== '');
  if (note) {
    return [element('li', {className: 'viewer-note'}, note)];
  }
  return view.isDifference ? differenceRows(view) : classRows(view);
}

function classRows(view) {
  const {classes} = view.study.labels[view.layer];
  return classes.length === 0
    ? [element('li', {className: 'viewer-note'}, 'nothing but background')]
    : classes.map((cls) => classRow(view, view.layer, cls, css(cls.color), `${amount(cls.ml)} ml`));
}

/** Every class of either map, with its Dice between the two. */
function differenceRows(view) {
  const [first, second] = [view.study.labels[view.first], view.study.labels[view.second]];
  const dice = diceByClass(first.voxels, second.voxels);
  const classes = new Map([...second.classes, ...first.classes].map((cls) => [cls.id, cls]));
  return [...classes.values()].sort((a, b) => a.id - b.id).map((cls) => {
    const inFirst = first.classes.some((one) => one.id === cls.id);
    return classRow(view, inFirst ? view.first : view.second, cls, css(cls.color), `Dice ${dice(cls.id).toFixed(3)}`);
  });
}

function classRow(view, map, cls, color, text) {
  const input = element('input', {type: 'checkbox', value: String(cls.id), onchange: () => view.toggleClass(cls.id)});
  return element('li', {},
    element('label', {title: cls.name}, input, swatch(color), element('span', {}, cls.name)),
    element('small', {}, text),
    element('button', {
      type: 'button', className: 'viewer-go', title: `Go to ${cls.name}`, 'aria-label': `Go to ${cls.name}`,
      onclick: () => view.moveTo(heart(view.study, map, cls.id)),
    }, '◎'));
}

/** Returns a function from a class to 2|A ∩ B| / (|A| + |B|). */
function diceByClass(first, second) {
  const sizes = new Float64Array(65536);
  const common = new Float64Array(65536);
  for (let i = 0; i < first.length; i++) {
    const a = first[i];
    const b = second[i];
    if (a !== 0 || b !== 0) {
      sizes[a]++;
      sizes[b]++;
      if (a === b) {
        common[a]++;
      }
    }
  }
  return (cls) => (2 * common[cls]) / sizes[cls];
}

/** Returns the voxel of a class that is nearest to its middle in the slice that has most of it. */
export function heart(study, map, cls) {
  const {voxels} = study.labels[map];
  const [columns, rows, slices] = study.shape;
  const perSlice = columns * rows;
  let best = {count: 0};
  for (let z = 0; z < slices; z++) {
    let [count, sumX, sumY] = [0, 0, 0];
    for (let i = z * perSlice; i < (z + 1) * perSlice; i++) {
      if (voxels[i] === cls) {
        count++;
        sumX += (i - z * perSlice) % columns;
        sumY += Math.floor((i - z * perSlice) / columns);
      }
    }
    if (count > best.count) {
      best = {count, z, x: sumX / count, y: sumY / count};
    }
  }
  let nearest = {distance: Infinity, place: [best.x, best.y, best.z]};
  for (let i = best.z * perSlice; i < (best.z + 1) * perSlice; i++) {
    if (voxels[i] === cls) {
      const x = (i - best.z * perSlice) % columns;
      const y = Math.floor((i - best.z * perSlice) / columns);
      const distance = Math.hypot(x - best.x, y - best.y);
      if (distance < nearest.distance) {
        nearest = {distance, place: [x, y, best.z]};
      }
    }
  }
  return nearest.place;
}

function display(view) {
  const side = choice('Left and right', [
    [true, 'Radiological', "The patient's right on the left of the screen, as if seen from the feet"],
    [false, 'Neurological', "The patient's right on the right of the screen, as if seen from behind"],
  ], (radiological) => view.change({radiological}));
  const crosshair = checkbox('Cross-hair', () => view.change({crosshair: crosshair.input.checked}));
  const smooth = checkbox('Smooth', () => view.change({smooth: smooth.input.checked}));
  const reset = element('button', {type: 'button', className: 'viewer-plain', onclick: () => view.reset()}, 'Reset view');
  return {
    node: element('section', {}, element('h3', {}, 'Display'), side,
      element('div', {className: 'viewer-line'}, crosshair.node, smooth.node, reset)),
    update() {
      side.select(view.radiological);
      crosshair.input.checked = view.crosshair;
      smooth.input.checked = view.smooth;
    },
  };
}

function help() {
  return {
    node: element('details', {className: 'viewer-help'}, element('summary', {}, 'Mouse and keys'),
      element('dl', {}, ...KEYS.flatMap(([key, does]) => [element('dt', {}, key), element('dd', {}, does)])),
      element('p', {className: 'viewer-note'}, 'For research. Not a medical device.')),
    update() {},
  };
}

function checkbox(text, change) {
  const input = element('input', {type: 'checkbox', onchange: change});
  return {input, node: element('label', {className: 'viewer-check'}, input, text)};
}

function swatch(color) {
  const node = element('i', {className: 'viewer-swatch', 'aria-hidden': 'true'});
  node.style.background = color;
  return node;
}

/** Returns a number with as many digits as a person reads. */
function rounded(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

function short(value) {
  return String(rounded(value)).replace('-', '−');
}

function amount(ml) {
  return ml >= 100 ? ml.toFixed(0) : ml >= 1 ? ml.toFixed(1) : ml.toPrecision(2);
}
