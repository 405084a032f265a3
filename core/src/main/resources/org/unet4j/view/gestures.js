/*
 * Mouse, touch and keys on a pane, as changes of the view.
 *
 *   drag             what the tool says: cross-hair, window, pan or zoom
 *   right drag       window: to the right wider, upwards darker
 *   middle or Shift  pan
 *   wheel            slices; with Ctrl, and pinching on a touchpad: zoom about the pointer
 *   two fingers      pan and zoom
 *   double click     this plane alone, or all
 */

const WHEEL_STEP_PIXELS = 40;
const ZOOM_PER_PIXEL = 0.01;
const WINDOW_PIXELS = 600;
/** A finger that lies still moves a little. */
const STILL_PIXELS = 6;

export function listen(pane) {
  const {canvas} = pane;
  const pointers = new Map();
  let tool = null;
  let travelled = 0;
  /** Where a finger came down that may be the first of two, and would else move the cross-hair. */
  let waiting = null;

  canvas.addEventListener('pointerdown', (event) => {
    if (scrollsPage(canvas, event)) {
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({preventScroll: true});
    pointers.set(event.pointerId, place(event));
    tool = toolOf(event, pane.view);
    waiting = null;
    if (tool === 'cursor' && pointers.size === 1) {
      if (event.pointerType === 'touch') {
        waiting = place(event);
      } else {
        moveCursor(pane, place(event));
      }
    }
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!pointers.has(event.pointerId)) {
      return;
    }
    const before = [...pointers.values()];
    pointers.set(event.pointerId, place(event));
    const after = [...pointers.values()];
    if (after.length === 2) {
      pinch(pane, before, after);
    } else if (after.length === 1 && !isStill(waiting, after[0])) {
      waiting = null;
      drag(pane, tool, before[0], after[0]);
    }
  });
  ['pointerup', 'pointercancel', 'lostpointercapture'].forEach((end) =>
    canvas.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      if (waiting && end === 'pointerup') {
        moveCursor(pane, waiting);
      }
      waiting = null;
      // The finger that is left does not jump to where it is.
      tool = pointers.size === 0 ? null : 'pan';
    }));
  canvas.addEventListener('wheel', (event) => {
    if (!hasWheel(canvas)) {
      return;
    }
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? WHEEL_STEP_PIXELS : 1);
    if (event.ctrlKey || event.metaKey) {
      pane.view.zoomBy(Math.exp(-pixels * ZOOM_PER_PIXEL * (Math.abs(pixels) > 40 ? 0.2 : 1)), under(pane, place(event)));
      return;
    }
    // A wheel turns in steps, a touchpad by single pixels, which add up.
    travelled = Math.sign(pixels) === Math.sign(travelled) ? travelled + pixels : pixels;
    const steps = Math.abs(pixels) >= WHEEL_STEP_PIXELS ? Math.sign(pixels) : Math.trunc(travelled / WHEEL_STEP_PIXELS);
    if (steps !== 0) {
      travelled = 0;
      pane.view.moveBy(pane.plane.through, -steps);
    }
  }, {passive: false});
  canvas.addEventListener('dblclick', () => {
    const {view, plane} = pane;
    view.change({layout: view.layout === plane.name ? 'all' : plane.name});
  });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  canvas.addEventListener('keydown', (event) => moveByKey(pane, event));
}

/** Returns whether the wheel is for a canvas: inside another page only once the viewer was clicked, else the page scrolls. */
export function hasWheel(canvas) {
  const root = canvas.closest('.viewer');
  return !root.classList.contains('viewer-embedded') || root.matches(':focus-within');
}

/** Returns whether a finger that comes down may be about to scroll the page that a viewer is in; a tap gives the viewer the focus. */
export function scrollsPage(canvas, event) {
  return event.pointerType === 'touch' && !hasWheel(canvas);
}

function isStill(since, now) {
  return since !== null && Math.hypot(now.x - since.x, now.y - since.y) < STILL_PIXELS;
}

function place(event) {
  return {x: event.offsetX, y: event.offsetY};
}

function toolOf(event, view) {
  if (event.button === 2) {
    return 'window';
  }
  return event.button === 1 || event.shiftKey ? 'pan' : view.tool;
}

/** Returns the voxel coordinates under a place, with a hole for the axis through the plane. */
function under(pane, {x, y}) {
  const projection = pane.projection();
  const anchor = [undefined, undefined, undefined];
  anchor[pane.plane.across] = projection.across(x);
  anchor[pane.plane.up] = projection.up(y);
  return anchor;
}

function moveCursor(pane, at) {
  const anchor = under(pane, at);
  pane.view.moveTo(pane.view.cursor.map((here, axis) => anchor[axis] ?? here));
}

function drag(pane, tool, from, to) {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  if (tool === 'cursor') {
    moveCursor(pane, to);
  } else if (tool === 'window') {
    pane.view.windowBy(dy / WINDOW_PIXELS, dx / WINDOW_PIXELS);
  } else if (tool === 'zoom') {
    pane.view.zoomBy(Math.exp(-dy * ZOOM_PER_PIXEL));
  } else if (tool === 'pan') {
    pan(pane, dx, dy);
  }
}

function pan(pane, dx, dy) {
  const {stepX, stepY} = pane.projection();
  pane.view.panBy(pane.plane.across, -dx / stepX);
  pane.view.panBy(pane.plane.up, -dy / stepY);
}

function pinch(pane, before, after) {
  const middle = ([a, b]) => ({x: (a.x + b.x) / 2, y: (a.y + b.y) / 2});
  const apart = ([a, b]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const from = middle(before);
  const to = middle(after);
  pan(pane, to.x - from.x, to.y - from.y);
  pane.view.zoomBy(apart(after) / apart(before), under(pane, to));
}

/** Arrow keys move the cross-hair in the plane as they point on the screen, page keys through it. */
function moveByKey(pane, event) {
  const {view, plane} = pane;
  const {stepX} = pane.projection();
  const many = event.shiftKey ? 10 : 1;
  const moves = {
    ArrowLeft: [plane.across, -Math.sign(stepX)],
    ArrowRight: [plane.across, Math.sign(stepX)],
    ArrowUp: [plane.up, 1],
    ArrowDown: [plane.up, -1],
    PageUp: [plane.through, 1],
    PageDown: [plane.through, -1],
  };
  if (event.key === 'Escape') {
    pane.canvas.blur();
  }
  const move = moves[event.key];
  if (move && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    view.moveBy(move[0], move[1] * many);
  }
}
