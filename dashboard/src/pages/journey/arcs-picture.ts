// The arcs as a picture file: drawn on a canvas from the same layout, with the page's own type and colours.
import type { ChartTheme } from '../../charts/theme.ts';
import type { Arc, Layout, Picture } from './arcs.ts';

export interface PictureWords {
  /** Of a stage: its name, its colour, and its loops ("" without). */
  stage: (key: string) => { name: string; color: string; loops: string };
  /** The figure at an arc; "" where none stands. */
  figure: (arc: Arc) => string;
}

const PIXEL_RATIO = 2;

/** A PNG as a data address. */
export function pictureOf(picture: Picture, layout: Layout, theme: ChartTheme, words: PictureWords): string {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width * PIXEL_RATIO;
  canvas.height = picture.height * PIXEL_RATIO;
  const context = canvas.getContext('2d');
  if (!context) return '';
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.fillStyle = theme.card;
  context.fillRect(0, 0, picture.width, picture.height);
  drawArcs(context, picture.arcs, theme);
  const [wide, high] = layout.isDown ? [layout.depth, layout.box] : [layout.box, layout.depth];
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { key, x, y } of picture.places) {
    const { name, color, loops } = words.stage(key);
    context.fillStyle = theme.card;
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x - wide / 2, y - high / 2, wide, high, 6);
    context.fill();
    context.stroke();
    write(
      context,
      name,
      x,
      loops ? y - theme.fontSize * 0.75 : y,
      theme.text,
      `600 ${theme.fontSize}px ${theme.font}`,
      wide - 8,
    );
    if (loops)
      write(
        context,
        `↻ ${loops}`,
        x,
        y + theme.fontSize * 0.75,
        theme.text2,
        `${theme.fontSize}px ${theme.font}`,
        wide - 8,
      );
  }
  for (const arc of picture.arcs) {
    const figure = words.figure(arc);
    if (figure)
      write(context, figure, arc.apex.x, arc.apex.y, theme.text, `${theme.fontSize}px ${theme.font}`);
  }
  return canvas.toDataURL('image/png');
}

function drawArcs(context: CanvasRenderingContext2D, arcs: readonly Arc[], theme: ChartTheme): void {
  for (const arc of arcs) {
    context.globalAlpha = 0.35;
    context.strokeStyle = arc.isBack ? theme.text3 : theme.accent;
    context.lineWidth = arc.width;
    context.stroke(new Path2D(arc.path));
  }
  context.globalAlpha = 1;
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  color: string,
  font: string,
  most?: number,
): void {
  context.font = font;
  context.fillStyle = color;
  context.fillText(text, x, y, most);
}
