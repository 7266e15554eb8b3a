// The journey map being edited: its history for undo and redo, and a copy in this browser that survives a reload.
import { remember, remembered } from '../../../state/storage.ts';
import { checkDraft, isSame } from './map-draft.ts';
import type { DraftMap } from './map-draft.ts';

const KEPT = 'journeyMap.draft';
const MOST_STEPS = 200;
/** Changes of one field within this time are one step back. */
const TOGETHER_MS = 1200;

export class Draft {
  /** The map that held when the editing began. */
  #base = $state.raw<DraftMap>() as DraftMap;
  #map = $state.raw<DraftMap>() as DraftMap;
  #version = $state(0);
  #past = $state.raw<readonly DraftMap[]>([]);
  #future = $state.raw<readonly DraftMap[]>([]);
  #last = { mark: '', at: 0 };
  /** True where it was found in this browser. */
  readonly wasKept: boolean;

  constructor(base: DraftMap, version: number) {
    const kept = readKept();
    this.#base = base;
    this.#map = kept?.map ?? base;
    this.#version = kept?.version ?? version;
    this.wasKept = kept !== null && !isSame(kept.map, base);
    if (kept && !this.wasKept) this.#version = version;
  }

  get map(): DraftMap {
    return this.#map;
  }

  get base(): DraftMap {
    return this.#base;
  }

  /** The version that is edited. */
  get version(): number {
    return this.#version;
  }

  get isChanged(): boolean {
    return !isSame(this.#map, this.#base);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** `mark` names the field that is typed into. */
  set(map: DraftMap, mark = ''): void {
    if (isSame(map, this.#map)) return;
    const now = performance.now();
    const isSameField = mark !== '' && mark === this.#last.mark && now - this.#last.at < TOGETHER_MS;
    if (!isSameField) this.#past = [...this.#past.slice(1 - MOST_STEPS), this.#map];
    this.#last = { mark, at: now };
    this.#future = [];
    this.#show(map);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#map, ...this.#future];
    this.#last = { mark: '', at: 0 };
    this.#show(before);
  }

  redo(): void {
    const [next, ...rest] = this.#future;
    if (!next) return;
    this.#future = rest;
    this.#past = [...this.#past, this.#map];
    this.#last = { mark: '', at: 0 };
    this.#show(next);
  }

  /** Goes on from another version that holds now; what was changed stays. */
  rebase(base: DraftMap, version: number): void {
    this.#base = base;
    this.#version = version;
    this.#keep();
  }

  /** Begins anew from a map that holds now. */
  begin(base: DraftMap, version: number): void {
    this.#past = [];
    this.#future = [];
    this.#map = base;
    this.rebase(base, version);
  }

  /** Back to what holds; can be undone. */
  discard(): void {
    this.set(this.#base);
  }

  #show(map: DraftMap): void {
    this.#map = map;
    this.#keep();
  }

  #keep(): void {
    const text = JSON.stringify({ version: this.#version, map: this.#map });
    remember(KEPT, this.isChanged ? text : null);
  }
}

function readKept(): { readonly version: number; readonly map: DraftMap } | null {
  try {
    const kept = JSON.parse(remembered(KEPT) ?? 'null') as { version?: unknown; map?: unknown } | null;
    const map = checkDraft(kept?.map);
    return map && typeof kept?.version === 'number' ? { version: kept.version, map } : null;
  } catch {
    return null;
  }
}
