/*
 * Puts a viewer together: reads a study, builds panes and panel, draws when something has changed.
 */

import {listen} from './gestures.js';
import {Pane} from './pane.js';
import {buildPanel, choice, element} from './panel.js';
import {PLANES} from './planes.js';
import {Surfaces} from './surfaces.js';
import {View, clamp, presetsOf} from './view.js';

const NARROW_PIXELS = 720;
const TOOLS = [
  ['cursor', '+ Point', 'Drag moves the cross-hair'],
  ['window', '◐ Window', 'Drag changes brightness and contrast'],
  ['pan', '✥ Pan', 'Drag moves the picture'],
  ['zoom', '⊕ Zoom', 'Drag up or down zooms'],
];
const LAYOUTS = [
  ['all', 'All'],
  ['axial', 'Axial'],
  ['coronal', 'Coronal'],
  ['sagittal', 'Sagittal'],
  ['3d', '3D'],
];

/**
 * Fills `root` with a viewer of `study`; returns its view and a function that ends it.
 *
 * @param keys the element whose keys are the viewer's
 * @param settings what View.settings had when it was open before
 */
function showStudy(root, study, keys, settings) {
  const view = new View(study);
  const mayHave3d = view.has3d;
  const figures = Object.values(PLANES).map((plane) => {
    const canvas = element('canvas', {tabIndex: 0, role: 'img'});
    return {layout: plane.name, plane, canvas, node: element('figure', {className: 'viewer-pane', 'data-layout': plane.name}, canvas)};
  });
  const space = element('canvas', {tabIndex: 0, role: 'img', ariaLabel: 'Surfaces of the labels in space; arrow keys turn them'});
  const message = element('p', {className: 'viewer-message', role: 'status'});
  const spaceNode = element('figure', {className: 'viewer-pane', 'data-layout': '3d'}, space, message);
  const nodes = [...figures.map((figure) => figure.node), ...(mayHave3d ? [spaceNode] : [])];
  const panes = figures.map(({plane, canvas}) => new Pane(view, plane, canvas));
  const surfaces = new Surfaces(view, space, () => import('./three.module.min.js'), (text) => {
    message.textContent = view.has3d ? text : '';
  });
  const layouts = choice('Layout', LAYOUTS.filter(([layout]) => mayHave3d || layout !== '3d'), (layout) => view.change({layout}));
  const tools = choice('Tool', TOOLS, (tool) => view.change({tool}));
  const stage = element('div', {className: 'viewer-stage'}, ...nodes);
  const panel = element('aside', {className: 'viewer-panel', ariaLabel: 'Settings'});
  root.replaceChildren(element('div', {className: 'viewer-bar'}, layouts, tools), stage, panel);
  root.classList.toggle('viewer-narrow', root.clientWidth < NARROW_PIXELS);
  view.layout = root.clientWidth < NARROW_PIXELS ? 'axial' : 'all';
  Object.assign(view, settings);

  const draw = () => {
    const {has3d} = view;
    root.classList.toggle('viewer-with-3d', has3d);
    spaceNode.hidden = !has3d;
    layouts.show('3d', has3d);
    view.layout = view.layout === '3d' && !has3d ? 'all' : view.layout;
    layouts.select(view.layout);
    tools.select(view.tool);
    stage.dataset.layout = view.layout;
    stage.dataset.tool = view.tool;
    panes.forEach((pane) => pane.measure());
    const scale = Math.min(...panes.map((pane) => pane.fittingScale()));
    panes.forEach((pane) => pane.draw(scale));
    if (has3d) {
      surfaces.drawInTime();
    } else {
      message.textContent = '';
    }
    if (stage.contains(document.activeElement) && document.activeElement.clientWidth === 0) {
      stage.querySelector(`[data-layout="${view.layout}"] canvas`).focus();
    }
  };
  buildPanel(panel, view);
  panes.forEach(listen);
  const ended = new AbortController();
  keys.addEventListener('keydown', (event) => command(view, event), {signal: ended.signal});
  const sizes = new ResizeObserver(() => {
    root.classList.toggle('viewer-narrow', root.clientWidth < NARROW_PIXELS);
    view.change({});
  });
  sizes.observe(root);
  sizes.observe(stage);
  view.onChange(draw);
  draw();
  study.coming.forEach((labels) => labels.then(() => view.change({})));
  return {
    view,
    close() {
      ended.abort();
      sizes.disconnect();
      view.end();
      surfaces.end();
    },
  };
}

/** Keys that mean the same in every pane. */
function command(view, event) {
  if (event.target.matches('input:not([type=checkbox], [type=range]), select') || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const commands = {
    '+': () => view.zoomBy(1.25),
    '=': () => view.zoomBy(1.25),
    '-': () => view.zoomBy(0.8),
    r: () => view.reset(),
    x: () => view.change({crosshair: !view.crosshair}),
    n: () => view.change({radiological: !view.radiological}),
    l: () => view.change({showLabels: !view.showLabels}),
    o: () => view.change({outline: !view.outline}),
    '[': () => view.change({opacity: clamp(view.opacity - 0.1, 0, 1)}),
    ']': () => view.change({opacity: clamp(view.opacity + 0.1, 0, 1)}),
    d: () => toggleDifference(view),
    w: () => nextPreset(view),
    0: () => view.change({layout: 'all'}),
    1: () => view.change({layout: 'axial'}),
    2: () => view.change({layout: 'coronal'}),
    3: () => view.change({layout: 'sagittal'}),
    4: () => view.has3d && view.change({layout: '3d'}),
  };
  const found = commands[event.key.toLowerCase()];
  if (found) {
    event.preventDefault();
    found();
  }
}

function toggleDifference(view) {
  if (view.study.labels.length > 1) {
    view.change({layer: view.isDifference ? view.first : 'difference'});
  }
}

function nextPreset(view) {
  const presets = presetsOf(view.study.image);
  const now = presets.findIndex((preset) => preset.level === view.level && preset.width === view.width);
  const {level, width} = presets[(now + 1) % presets.length];
  view.change({level, width});
}

/**
 * Shows in `root` how far a study is read, and then the study, or what went wrong.
 *
 * @param read returns a promise of the study; is given a function to tell the share that has come
 * @param keys the element whose keys are the viewer's
 * @param settings what View.settings had when it was open before
 * @returns a promise of its view and a function that ends it; of nothing where reading failed
 */
export async function open(root, read, keys, settings = {}) {
  const bar = element('progress', {max: 1, value: 0});
  const words = element('p', {role: 'status'}, 'Reading the scan…');
  root.replaceChildren(element('div', {className: 'viewer-loading'}, words, bar));
  try {
    const study = await read((share) => {
      bar.value = share;
    });
    const viewer = showStudy(root, study, keys, settings);
    root.view = viewer.view;
    return viewer;
  } catch (error) {
    bar.remove();
    words.textContent = error.message;
    words.className = 'viewer-error';
    return null;
  }
}
