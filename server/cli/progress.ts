/** Progress of long work: one line that moves on a terminal, plain lines every few seconds elsewhere. */
export interface Progress {
  readonly done: number;
  /** Of the whole, 0..1. */
  readonly share: number;
}

const WIDTH = 28;
const PLAIN_EVERY_MS = 5_000;

/** `label` names the work, `unit` what is counted. Returns how to report; the last report ends the line. */
export function showProgress(label: string, unit: string, out: NodeJS.WriteStream = process.stderr) {
  const begun = Date.now();
  let last = 0;
  return ({ done, share }: Progress): void => {
    const seconds = Math.max((Date.now() - begun) / 1000, 0.001);
    const rate = done / seconds;
    const left = share > 0 ? Math.ceil(seconds / share - seconds) : 0;
    const numbers = `${count(done)} ${unit}, ${count(rate)}/s`;
    if (out.isTTY) {
      const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
      out.write(
        `\r\u001b[K${label} ${bar} ${Math.floor(share * 100)} %  ${numbers}${share < 1 ? `, ${left} s left` : '\n'}`,
      );
    } else if (share === 1 || Date.now() - last > PLAIN_EVERY_MS) {
      last = Date.now();
      out.write(`${label}: ${Math.floor(share * 100)} %, ${numbers}\n`);
    }
  };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
