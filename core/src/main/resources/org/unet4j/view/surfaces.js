/*
 * The surfaces of labels in space, drawn by three.js, which is loaded when the first one is to be seen. Frames are drawn when
 * something has changed, not all the time.
 */

import {DIFFERENCE, parseHex} from './colors.js';
import {hasWheel, scrollsPage} from './gestures.js';

const FIELD_OF_VIEW = 28;
const TURN_PER_PIXEL = 0.008;
const TURN_PER_KEY = 0.15;
/** A card draws in less; software in more, and then pictures come after the slices, not with them. */
const SLOW_MS = 16;
const PATIENCE_MS = 150;
const FACES = [['R', 0, 1], ['L', 0, -1], ['A', 1, 1], ['P', 1, -1], ['S', 2, 1], ['I', 2, -1]];

export class Surfaces {
  #three = null;
  /** By map and class: the mesh, 'coming', or the error because of which there is none. */
  #meshes = new Map();
  #started = false;
  #letters = [];
  #measured = -1;
  #isSlow = false;
  #timer = 0;
  #ended = false;

  /** `loadThree` returns a promise of three.js; `say` shows a line of text over the picture, or takes it away. */
  constructor(view, canvas, loadThree, say) {
    this.view = view;
    this.canvas = canvas;
    this.loadThree = loadThree;
    this.say = say;
  }

  /** Draws what is new, at once or, where that takes long, once nothing has changed for a moment. */
  drawInTime() {
    clearTimeout(this.#timer);
    if (this.#isSlow) {
      this.#timer = setTimeout(() => this.draw(), PATIENCE_MS);
    } else {
      this.draw();
    }
  }

  /** Draws what is new; loads what is missing. */
  draw() {
    const {width, height} = this.canvas.getBoundingClientRect();
    if (width === 0 || this.view.study.labels.length === 0) {
      return;
    }
    if (!this.#started) {
      this.#started = true;
      this.#start().catch((error) => this.say(`No 3D picture: ${error.message}`));
      return;
    }
    if (this.#three) {
      this.#fit(width, height);
      this.#showMeshes();
      this.#render();
    }
  }

  /** Gives back the card's memory. */
  end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#three?.renderer.dispose();
    this.#three?.renderer.forceContextLoss();
    this.#three = null;
  }

  async #start() {
    this.say('Finding surfaces…');
    const THREE = await this.loadThree();
    if (this.#ended) {
      return;
    }
    const renderer = new THREE.WebGLRenderer({canvas: this.canvas, antialias: true});
    const scene = new THREE.Scene();
    const camera = new THREE.PerspectiveCamera(FIELD_OF_VIEW, 1, 1, 10000);
    const light = new THREE.DirectionalLight(0xffffff, 2.2);
    const box = this.view.study.sizeMm;
    // Everything turns about the middle of the scan.
    const turntable = new THREE.Group();
    const body = new THREE.Group();
    body.position.set(...box.map((mm, axis) => -mm / 2 + this.view.study.spacing[axis] / 2));
    turntable.add(body);
    scene.add(turntable, new THREE.HemisphereLight(0xdfe8ff, 0x30343a, 1.3), light);
    light.position.set(-0.4, 0.7, 1);
    this.#three = {THREE, renderer, scene, camera, turntable, body, distance: 1, cross: cross(THREE, body)};
    addFrame(THREE, turntable, box);
    this.#letters = FACES.map(([letter]) => this.#letter(letter));
    this.home();
    this.#listen();
    this.draw();
  }

  /** Looks from the front, a little from above and from the patient's left. */
  home() {
    const {THREE, turntable} = this.#three;
    // Scan: x right, y front, z head. Screen: x right, y up, z towards the eye. A patient who faces us has the right on our left.
    const facing = new THREE.Matrix4().makeBasis(
      new THREE.Vector3(-1, 0, 0), new THREE.Vector3(0, 0, 1), new THREE.Vector3(0, 1, 0));
    turntable.quaternion.setFromRotationMatrix(facing);
    this.#turn(-0.45, 0.3);
    this.#three.distance = 1;
  }

  #turn(aboutUp, aboutRight) {
    const {THREE, turntable} = this.#three;
    const turn = new THREE.Quaternion().setFromEuler(new THREE.Euler(aboutRight, aboutUp, 0));
    turntable.quaternion.premultiply(turn);
  }

  #letter(text) {
    const span = document.createElement('span');
    span.className = 'viewer-letter';
    span.textContent = text;
    span.setAttribute('aria-hidden', 'true');
    this.canvas.parentElement.append(span);
    return span;
  }

  #fit(width, height) {
    const {renderer, camera, distance} = this.#three;
    renderer.setPixelRatio(window.devicePixelRatio || 1);
    renderer.setSize(width, height, false);
    const radius = Math.hypot(...this.view.study.sizeMm) / 2;
    const half = Math.tan((FIELD_OF_VIEW * Math.PI) / 360) * Math.min(1, width / height);
    camera.aspect = width / height;
    camera.position.z = (radius / half) * distance;
    camera.far = camera.position.z + 3 * radius;
    camera.near = Math.max(1, camera.position.z - 3 * radius);
    camera.updateProjectionMatrix();
  }

  /** Returns what is to be seen: number of the map, class, colour, opacity. */
  #wanted() {
    const {view} = this;
    if (!view.showLabels) {
      return [];
    }
    const maps = view.isDifference
      ? [[view.first, DIFFERENCE.first], [view.second, DIFFERENCE.second]]
      : [[view.layer, null]];
    return maps.flatMap(([map, hex]) =>
      view.study.labels[map].classes
        .filter((cls) => view.isVisible(cls.id))
        .map((cls) => ({map, cls: cls.id, color: hex ? parseHex(hex) : cls.color, opacity: hex ? 0.6 : 1})));
  }

  #showMeshes() {
    const wanted = this.#wanted();
    this.#meshes.forEach((mesh) => {
      if (mesh.isMesh) {
        mesh.visible = false;
      }
    });
    let missing = 0;
    let failure = '';
    wanted.forEach(({map, cls, color, opacity}) => {
      const key = `${map}/${cls}`;
      const mesh = this.#meshes.get(key);
      if (mesh?.isMesh) {
        mesh.visible = true;
        mesh.material.color.setRGB(...color.map((part) => part / 255), 'srgb');
        mesh.material.opacity = opacity;
        const transparent = opacity < 1;
        if (mesh.material.transparent !== transparent) {
          mesh.material.transparent = transparent;
          mesh.material.needsUpdate = true;
        }
      } else if (mesh instanceof Error) {
        failure = mesh.message;
      } else {
        missing++;
        if (mesh === undefined) {
          this.#meshes.set(key, 'coming');
          this.#load(key, map, cls);
        }
      }
    });
    this.say(failure ? `No surface: ${failure}` : missing > 0 ? 'Finding surfaces…' : '');
  }

  async #load(key, map, cls) {
    try {
      const {THREE, body} = this.#three;
      const bytes = await this.view.study.readSurface(map, cls);
      const vertices = new DataView(bytes).getInt32(0, true);
      const geometry = new THREE.BufferGeometry();
      geometry.setAttribute('position', new THREE.BufferAttribute(new Float32Array(bytes, 4, 3 * vertices), 3));
      geometry.setIndex(new THREE.BufferAttribute(new Uint32Array(bytes, 4 + 12 * vertices), 1));
      geometry.computeVertexNormals();
      const mesh = new THREE.Mesh(geometry, new THREE.MeshStandardMaterial({roughness: 0.55, metalness: 0.05}));
      this.#meshes.set(key, mesh);
      body.add(mesh);
    } catch (error) {
      this.#meshes.set(key, error);
    }
    // A hundred that come one by one are not drawn a hundred times.
    this.drawInTime();
  }

  #render() {
    const {THREE, renderer, scene, camera, turntable, cross: lines} = this.#three;
    const {cursor, study, crosshair} = this.view;
    lines.visible = crosshair;
    setCross(lines, cursor, study);
    turntable.updateMatrixWorld();
    this.#measure(() => renderer.render(scene, camera), renderer.getContext());
    const {width, height} = this.canvas.getBoundingClientRect();
    FACES.forEach(([, axis, side], i) => {
      const face = new THREE.Vector3();
      face.setComponent(axis, (side * study.sizeMm[axis]) / 2 * 1.06);
      const seen = face.applyMatrix4(turntable.matrixWorld).project(camera);
      this.#letters[i].style.transform =
        `translate(${((seen.x + 1) / 2) * width}px, ${((1 - seen.y) / 2) * height}px) translate(-50%, -50%)`;
    });
  }

  /** Measures how long a picture takes whenever there is more in it. */
  #measure(render, gl) {
    render();
    const shown = [...this.#meshes.values()].filter((mesh) => mesh.isMesh).length;
    if (shown !== this.#measured) {
      this.#measured = shown;
      const finish = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      finish();
      const start = performance.now();
      render();
      finish();
      this.#isSlow = performance.now() - start > SLOW_MS;
    }
  }

  #listen() {
    const {canvas} = this;
    const pointers = new Map();
    canvas.addEventListener('pointerdown', (event) => {
      if (scrollsPage(canvas, event)) {
        return;
      }
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({preventScroll: true});
      pointers.set(event.pointerId, event);
    });
    canvas.addEventListener('pointermove', (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) {
        return;
      }
      const apart = spread([...pointers.values()]);
      pointers.set(event.pointerId, event);
      if (pointers.size === 2) {
        this.#approach(apart / spread([...pointers.values()]));
      } else {
        this.#turn((event.clientX - before.clientX) * TURN_PER_PIXEL, (event.clientY - before.clientY) * TURN_PER_PIXEL);
      }
      this.#later();
    });
    ['pointerup', 'pointercancel', 'lostpointercapture'].forEach((end) =>
      canvas.addEventListener(end, (event) => pointers.delete(event.pointerId)));
    canvas.addEventListener('wheel', (event) => {
      if (!hasWheel(canvas)) {
        return;
      }
      event.preventDefault();
      this.#approach(Math.exp(event.deltaY * 0.001));
      this.#later();
    }, {passive: false});
    canvas.addEventListener('dblclick', () => {
      this.view.change({layout: this.view.layout === '3d' ? 'all' : '3d'});
    });
    canvas.addEventListener('keydown', (event) => {
      const turn = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
      if (turn) {
        event.preventDefault();
        this.#turn(turn[0] * TURN_PER_KEY, turn[1] * TURN_PER_KEY);
        this.#later();
      }
    });
  }

  #approach(factor) {
    this.#three.distance = Math.min(2.5, Math.max(0.15, this.#three.distance * factor));
  }

  #later() {
    requestAnimationFrame(() => this.draw());
  }
}

function spread(events) {
  return events.length < 2 ? 1 : Math.max(1, Math.hypot(events[0].clientX - events[1].clientX, events[0].clientY - events[1].clientY));
}

function addFrame(THREE, parent, sizeMm) {
  const edges = new THREE.EdgesGeometry(new THREE.BoxGeometry(...sizeMm));
  parent.add(new THREE.LineSegments(edges, new THREE.LineBasicMaterial({color: 0x4a535c})));
}

function cross(THREE, parent) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.BufferAttribute(new Float32Array(18), 3));
  const lines = new THREE.LineSegments(geometry, new THREE.LineBasicMaterial({color: 0x7fe08a}));
  lines.frustumCulled = false;
  parent.add(lines);
  return lines;
}

/** Whole voxel coordinates are centres of voxels: lines run from half a voxel before the first to half a voxel behind the last. */
function setCross(lines, cursor, {shape, spacing}) {
  const at = cursor.map((voxel, axis) => voxel * spacing[axis]);
  const {array} = lines.geometry.attributes.position;
  for (let axis = 0; axis < 3; axis++) {
    for (let end = 0; end < 2; end++) {
      array.set(at, 6 * axis + 3 * end);
      array[6 * axis + 3 * end + axis] = (end * shape[axis] - 0.5) * spacing[axis];
    }
  }
  lines.geometry.attributes.position.needsUpdate = true;
}
