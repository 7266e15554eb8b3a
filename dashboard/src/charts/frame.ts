// How a chart and the frame around it find each other: the chart offers its picture for the PNG export, the frame says
// where its points stand in time.
import type { TimeAxis } from './time-marks.ts';

export const FRAME = Symbol('chart-frame');

/** Makes the picture, as a data address. */
export type MakePicture = () => string | Promise<string>;

export interface FrameContext {
  /** The points of its charts along time; undefined where their axis is another. */
  readonly time: TimeAxis | undefined;
  /** Offers a picture; the function returned takes the offer back. */
  offer(picture: MakePicture): () => void;
}
