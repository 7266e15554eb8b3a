// A picture as a file of its own: with its title, the sentence that says what is counted, and notes below, drawn
// round it on a canvas twice as fine as the screen. Text is only ever drawn, never markup.
import type { LegendEntry } from './frame.ts';
import type { ChartTheme } from './theme.ts';

export interface PictureWords {
  title: string;
  sentence: string;
  /** What its colours stand for: between the picture and the notes. */
  legend: readonly LegendEntry[];
  /** Below the picture, one after the other: range, time, product. */
  notes: readonly string[];
}

/** Pixels of the file for one of the screen; pictures come as fine. */
const SCALE = 2;
const FEWEST_REM = 30;

/** `picture` is a data address, `SCALE` times as large as on the screen. */
export async function framed(picture: string, words: PictureWords, theme: ChartTheme): Promise<Blob> {
  const image = await decoded(picture);
  const { rem, font } = theme;
  const pad = rem * 1.25;
  const width = Math.max(image.width / SCALE, rem * FEWEST_REM);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no canvas');
  const fonts = {
    title: `600 ${rem * 1.125}px ${font}`,
    sentence: `400 ${rem * 0.8125}px ${font}`,
    note: `400 ${rem * 0.75}px ${font}`,
  };
  context.font = fonts.title;
  const title = wrapped(context, words.title, width);
  context.font = fonts.sentence;
  const sentence = words.sentence ? wrapped(context, words.sentence, width) : [];
  context.font = fonts.note;
  const notes = wrapped(context, words.notes.filter(Boolean).join('   ·   '), width);
  const legend = rowsOf(context, words.legend, width, rem);
  const line = { title: rem * 1.5, sentence: rem * 1.125, note: rem * 1.125 };
  const head = title.length * line.title + sentence.length * line.sentence + rem * 0.75;
  const legendHeight = legend.length ? legend.length * line.note + rem * 0.5 : 0;
  const foot = legendHeight + notes.length * line.note + rem * 0.5;
  canvas.width = Math.ceil((width + 2 * pad) * SCALE);
  canvas.height = Math.ceil((pad + head + image.height / SCALE + foot + pad) * SCALE);
  context.scale(SCALE, SCALE);
  context.fillStyle = theme.card;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'top';
  let y = pad;
  const write = (lines: string[], as: keyof typeof fonts, color: string) => {
    context.font = fonts[as];
    context.fillStyle = color;
    for (const text of lines) {
      context.fillText(text, pad, y);
      y += line[as];
    }
  };
  write(title, 'title', theme.text);
  write(sentence, 'sentence', theme.text2);
  y += rem * 0.75;
  context.drawImage(image, pad, y, image.width / SCALE, image.height / SCALE);
  y += image.height / SCALE + rem * 0.5;
  context.font = fonts.note;
  drawLegend(context, legend, { x: pad, y, lineHeight: line.note }, theme);
  y += legendHeight;
  write(notes, 'note', theme.text3);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))),
      'image/png',
    ),
  );
}

async function decoded(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

interface Placed {
  entry: LegendEntry;
  x: number;
}

/** One after the other, in as many lines as they need. */
function rowsOf(
  context: CanvasRenderingContext2D,
  legend: readonly LegendEntry[],
  width: number,
  rem: number,
): Placed[][] {
  const rows: Placed[][] = [];
  let x = Infinity;
  for (const entry of legend) {
    const room = context.measureText(textOf(entry)).width + rem * 2;
    if (x + room - rem > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ entry, x });
    x += room;
  }
  return rows;
}

const textOf = ({ name, figure }: LegendEntry): string => (figure ? `${name}  ${figure}` : name);

/** In the font that is set. */
function drawLegend(
  context: CanvasRenderingContext2D,
  rows: readonly Placed[][],
  from: { x: number; y: number; lineHeight: number },
  { rem, text2 }: ChartTheme,
): void {
  rows.forEach((row, i) => {
    const y = from.y + i * from.lineHeight;
    for (const { entry, x } of row) {
      context.fillStyle = entry.color;
      context.fillRect(from.x + x, y + rem * 0.125, rem * 0.5, rem * 0.5);
      context.fillStyle = text2;
      context.fillText(textOf(entry), from.x + x + rem * 0.75, y);
    }
  });
}

/** Lines no wider than the room; words of languages without spaces are cut anywhere. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.match(/[\p{Script=Han}\p{P}]|[^\s\p{Script=Han}]+|\s+/gu) ?? []) {
    const longer = line + part;
    if (line && context.measureText(longer.trimEnd()).width > width) {
      lines.push(line.trimEnd());
      line = part.trimStart();
    } else line = longer;
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines;
}
