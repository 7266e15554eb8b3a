// How a chart and the frame around it find each other: the chart offers its picture for the PNG export.

export const FRAME = Symbol('chart-frame');

export interface FrameContext {
  /** Offers a picture as a data address; the function returned takes the offer back. */
  offer(picture: () => string): () => void;
}
