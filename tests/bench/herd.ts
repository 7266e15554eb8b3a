/**
 * Many browsers at once as one process can play them: connections that are open already, prepared calls, answers
 * read to their end and compared, but only the first of equal ones unpacked. So the time is the server's, not the
 * client's. Knows no product.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Question } from './server.ts';

/** Open connections to one server, each for one call at a time. */
export class Herd {
  private constructor(private readonly connections: readonly Connection[]) {}

  static async open(url: string, connections: number): Promise<Herd> {
    const { hostname, port } = new URL(url);
    const opened: Connection[] = [];
    for (let i = 0; i < connections; i += 1) {
      const socket = connect(Number(port), hostname).setNoDelay();
      await once(socket, 'connect');
      opened.push(new Connection(socket));
    }
    return new Herd(opened);
  }

  /** Each question asked `times` times at once; throws unless all are answered, and equal questions equally. */
  async ask(questions: readonly Question[], times: number): Promise<void> {
    const free = [...this.connections];
    const calls = questions.map(callOf);
    // Page by page, as browsers come.
    const pages = Array.from({ length: times }, () => calls.map((call) => take(free).post(call)));
    const answers = await Promise.all(pages.map((page) => Promise.all(page)));
    const [first = [], ...others] = answers;
    for (const { status, body } of first) check(status, body);
    for (const page of others) {
      if (!page.every(({ body }, i) => first[i]?.body.equals(body)))
        throw new Error('Equal questions were answered differently.');
    }
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }
}

function take(free: Connection[]): Connection {
  const connection = free.pop();
  if (!connection) throw new Error('too few connections');
  return connection;
}

function callOf({ document, variables }: Question): Buffer {
  const body = Buffer.from(JSON.stringify({ query: document, variables }));
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

interface Reply {
  readonly status: string;
  /** As it came: compressed. */
  readonly body: Buffer;
}

function check(status: string, body: Buffer): void {
  const text = (body[0] === 0x1f ? gunzipSync(body) : body).toString();
  const { errors } = JSON.parse(text) as { errors?: readonly { message: string }[] };
  if (!status.includes(' 200 ') || errors) throw new Error(`${status} ${text.slice(0, 500)}`);
}

class Connection {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Of the whole reply, once its head is there. */
  #due = Infinity;
  #headBytes = 0;
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#reject(error));
    socket.on('close', () => this.#reject(new Error('The server closed the connection.')));
  }

  post(call: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.socket.write(call);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#due === Infinity) this.#readHead();
    if (this.#bytes < this.#due) return;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    this.#due = Infinity;
    const status = whole.toString('latin1', 0, whole.indexOf('\r\n'));
    this.#resolve({ status, body: whole.subarray(this.#headBytes) });
  }

  #readHead(): void {
    const text = Buffer.concat(this.#chunks).toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
    if (length === undefined) return this.#reject(new Error('An answer does not say its length.'));
    this.#headBytes = end + 4;
    this.#due = this.#headBytes + Number(length);
  }
}
