// How a chart and the frame around it find each other: the chart offers its picture for the PNG export, the frame says
// where its points stand in time.
import type { TimeAxis } from './time-marks.ts';

export const FRAME = Symbol('chart-frame');

/** Makes the picture, as a data address. */
export type MakePicture = () => string | Promise<string>;

/** What a colour of the picture stands for, where the page says so beside it. */
export interface LegendEntry {
  name: string;
  /** As a canvas takes it. */
  color: string;
  /** The value at the end, e.g. "18.2%". */
  figure?: string;
}

export interface FrameContext {
  /** The picture in a sentence or two, for those who do not see it. */
  readonly summary: string;
  /** The points of its charts along time; undefined where their axis is another. */
  readonly time: TimeAxis | undefined;
  /** Offers a picture; the function returned takes the offer back. */
  offer(picture: MakePicture, legend?: () => readonly LegendEntry[]): () => void;
}
